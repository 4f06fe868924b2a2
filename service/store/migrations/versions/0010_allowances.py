"""Why, and by whose leave, a unit recommends more than holds in principle."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recommendation", sa.Column("excess_reason", sa.Text(), nullable=True))
    op.add_column("recommendation", sa.Column("excess_approver", sa.String(length=80), nullable=True))
    op.add_column("recommendation", sa.Column("excess_number", sa.String(length=80), nullable=True))
    op.add_column("recommendation", sa.Column("excess_approved_on", sa.Date(), nullable=True))
