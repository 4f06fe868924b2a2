"""Overrides of what holds “原则上”; whether a condition that was checked does."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("eligibility_finding", sa.Column("hard", sa.Boolean(), nullable=True))
    op.create_table(
        "eligibility_override",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("condition", sa.String(length=80), nullable=False),
        sa.Column("article", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver", sa.String(length=80), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("overridden_by", sa.String(length=32), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_eligibility_override_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["form_submission.id"],
            name=op.f("fk_eligibility_override_submission_id_form_submission"),
        ),
        sa.ForeignKeyConstraint(
            ["overridden_by"], ["person.id"], name=op.f("fk_eligibility_override_overridden_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_override")),
    )
    op.create_index(
        op.f("ix_eligibility_override_application_id"), "eligibility_override", ["application_id"]
    )
    op.create_index(
        op.f("ix_eligibility_override_submission_id_condition"),
        "eligibility_override",
        ["submission_id", "condition"],
        unique=True,
    )
