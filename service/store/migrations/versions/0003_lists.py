"""Indexes for the lists of applications of a round, of notices and of objections."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_application_round_id"), "application", ["round_id"])
    op.create_index(op.f("ix_notice_published_at"), "notice", ["published_at"])
    op.create_index(op.f("ix_objection_filed_at"), "objection", ["filed_at"])
