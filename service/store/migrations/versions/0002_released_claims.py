"""Claims that an administrator ends, reasons for lifting sanctions, and what workers note of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("released_from", sa.String(length=36), nullable=True))
    op.add_column("sanction", sa.Column("lift_reason", sa.Text(), nullable=True))
    op.create_table(
        "claim_release",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_task_id", sa.String(length=32), nullable=False),
        sa.Column("holder_id", sa.String(length=32), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_by", sa.String(length=32), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_claim_release_holder_id_person")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["person.id"], name=op.f("fk_claim_release_released_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_claim_release_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_release")),
    )
    op.create_index(
        op.f("ix_claim_release_user_task_id_holder_id"), "claim_release", ["user_task_id", "holder_id"]
    )
    op.create_table(
        "worker_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stepped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_note")),
    )
