"""Offices: one kind of department at one division, the unit that user tasks are given to."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, new_id

INDUSTRY = "industry"
GOVERNMENT = "government"
STATISTICS = "statistics"
STATE_COUNCIL = "state_council"


class Office(Base):
    """A department, e.g. kind `industry` at 330100: 杭州市工业和信息化主管部门."""

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("division_code", "kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))


def ensure(session: Session, kind: str, division_code: str, *, actor_id: str | None = None) -> Office:
    """The office, founded under its usual name where there is none yet."""
    ...
