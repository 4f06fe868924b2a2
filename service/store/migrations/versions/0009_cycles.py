"""Plans that are evaluated one by one, and the cycles in which they are carried out."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("application", sa.Column("copied_at", MOMENT, nullable=True))
    op.create_table(
        "evaluation",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("sheets", sa.Integer(), nullable=True),
        sa.Column("score", sa.String(length=20), nullable=True),
        sa.Column("exact", sa.String(length=80), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_evaluation_application_id_application")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_evaluation_round_id_round")),
        sa.PrimaryKeyConstraint("application_id", "number", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_round_id"), "evaluation", ["round_id"])
    op.create_table(
        "cycle",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("approval_number", sa.String(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("milestone", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_cycle_application_id_application")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_cycle_round_id_round")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_cycle")),
    )
    op.create_index(op.f("ix_cycle_round_id"), "cycle", ["round_id"])
    op.create_table(
        "cycle_target",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("first", sa.String(length=40), nullable=False),
        sa.Column("second", sa.String(length=40), nullable=False),
        sa.Column("third", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["cycle.application_id"], name=op.f("fk_cycle_target_application_id_cycle")
        ),
        sa.PrimaryKeyConstraint("application_id", "version", "position", name=op.f("pk_cycle_target")),
    )
    op.create_table(
        "cycle_assessment",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("targets", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.String(length=20), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["cycle.application_id"],
            name=op.f("fk_cycle_assessment_application_id_cycle"),
        ),
        sa.PrimaryKeyConstraint("application_id", "stage", name=op.f("pk_cycle_assessment")),
    )
    op.create_table(
        "cycle_result",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=40), nullable=False),
        sa.Column("actual", sa.String(length=40), nullable=False),
        sa.Column("exact", sa.String(length=120), nullable=False),
        sa.Column("rate", sa.String(length=20), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id", "stage"],
            ["cycle_assessment.application_id", "cycle_assessment.stage"],
            name=op.f("fk_cycle_result_application_id_cycle_assessment"),
        ),
        sa.PrimaryKeyConstraint("application_id", "stage", "position", "year", name=op.f("pk_cycle_result")),
    )
    op.create_table(
        "rectification",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("order_number", sa.String(length=120), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("adjusts", sa.Boolean(), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["cycle.application_id"], name=op.f("fk_rectification_application_id_cycle")
        ),
        sa.PrimaryKeyConstraint("application_id", "stage", name=op.f("pk_rectification")),
    )
    op.create_table(
        "adjustment",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["cycle.application_id"], name=op.f("fk_adjustment_application_id_cycle")
        ),
        sa.PrimaryKeyConstraint("application_id", "stage", name=op.f("pk_adjustment")),
    )
