"""Memberships: which role a person has, in which office, since and until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Forbidden
from service.store.database import Base, UTCDateTime, new_id

OFFICIAL = "official"  # acts for an office
EXPERT = "expert"  # acts only on what is assigned to the person: the review committee
ADMIN = "admin"  # keeps people, divisions, holidays and editions; completes nothing of the officials
AUDITOR = "auditor"  # reads everything, changes nothing
ROLES = {OFFICIAL: "经办人员", EXPERT: "评审专家", ADMIN: "系统管理员", AUDITOR: "审计员"}


class Membership(Base):
    """A role of a person; officials have an office, the other roles none. `until` is exclusive."""

    __tablename__ = "membership"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AdminNeeded(Forbidden):
    """这项操作只能由系统管理员进行。"""


def require_admin(session: Session, person_id: str | None, now: datetime) -> None:
    """AdminNeeded unless the person is an administrator now; None is the command line, which may do all."""
    if person_id is None:
        return
    current = or_(Membership.until.is_(None), Membership.until > now)
    standing = select(Membership.id).where(
        Membership.person_id == person_id, Membership.role == ADMIN, Membership.since <= now, current
    )
    if session.scalar(standing.limit(1)) is None:
        raise AdminNeeded
