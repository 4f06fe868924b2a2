"""Targets of a year, points of each stage, and the list made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target_year",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_target_year_division_code_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_year")),
    )
    op.create_index(op.f("ix_target_year_edition_id"), "target_year", ["edition_id"])
    op.create_index(op.f("ix_target_year_instance_id"), "target_year", ["instance_id"])
    op.create_index(op.f("ix_target_year_programme_year"), "target_year", ["programme", "year"], unique=True)
    op.create_table(
        "decomposition",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("target_year_id", sa.String(length=32), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("filing_number", sa.String(length=120), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by", sa.String(length=36), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_decomposition_division_code_division")
        ),
        sa.ForeignKeyConstraint(
            ["target_year_id"], ["target_year.id"], name=op.f("fk_decomposition_target_year_id_target_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decomposition")),
    )
    op.create_index(op.f("ix_decomposition_division_code"), "decomposition", ["division_code"])
    op.create_index(op.f("ix_decomposition_instance_id"), "decomposition", ["instance_id"])
    op.create_index(
        op.f("ix_decomposition_target_year_id_division_code"),
        "decomposition",
        ["target_year_id", "division_code"],
        unique=True,
    )
    op.create_table(
        "target",
        sa.Column("target_year_id", sa.String(length=32), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("figure", sa.String(length=40), nullable=False),
        sa.Column("bound", sa.String(length=20), nullable=True),
        sa.Column("office", sa.String(length=40), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_target_division_code_division")
        ),
        sa.ForeignKeyConstraint(
            ["target_year_id"], ["target_year.id"], name=op.f("fk_target_target_year_id_target_year")
        ),
        sa.PrimaryKeyConstraint("target_year_id", "division_code", "indicator", name=op.f("pk_target")),
    )
    op.create_table(
        "standing",
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("pool", sa.String(length=32), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("points", sa.String(length=80), nullable=False),
        sa.Column("completion", sa.String(length=80), nullable=False),
        sa.Column("excess_points", sa.String(length=80), nullable=False),
        sa.Column("excess", sa.String(length=80), nullable=False),
        sa.Column("mechanism", sa.String(length=80), nullable=False),
        sa.Column("exact", sa.String(length=80), nullable=False),
        sa.Column("total", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("winner", sa.Boolean(), nullable=False),
        sa.Column("vote_order", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_standing_application_id_application")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_standing_round_id_round")),
        sa.PrimaryKeyConstraint("stage", "application_id", name=op.f("pk_standing")),
    )
    op.create_index(op.f("ix_standing_pool_stage_rank"), "standing", ["pool", "stage", "rank"])
    op.create_index(op.f("ix_standing_round_id"), "standing", ["round_id"])
    op.create_table(
        "proposal",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiver", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_proposal")),
    )
