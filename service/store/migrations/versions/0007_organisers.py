"""Rounds of provinces, and applications that nobody recommends.

The rounds that stand are the ministry's. What is written here stays as it is when the service goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "round", sa.Column("division_code", sa.String(length=6), nullable=False, server_default="000000")
    )
    op.create_index(op.f("ix_round_division_code"), "round", ["division_code"])
    with op.batch_alter_table("application") as table:
        table.alter_column("recommendation_id", existing_type=sa.String(length=32), nullable=True)
