"""People with a login, and their memberships: which role, in which office, since and until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime, new_id

OFFICIAL = "official"  # acts for an office
EXPERT = "expert"  # acts only on what is assigned to the person: the review committee
ADMIN = "admin"  # keeps people, divisions, holidays and editions; completes nothing of the officials
AUDITOR = "auditor"  # reads everything, changes nothing
ROLES = (OFFICIAL, EXPERT, ADMIN, AUDITOR)


class Person(Base):
    """Somebody who can sign in; the hash is written and checked by service.auth."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Membership(Base):
    """A role of a person; `office_id` stands for officials, the other roles have none. `until` is exclusive."""

    __tablename__ = "membership"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)


def create(
    session: Session,
    *,
    login: str,
    name: str,
    now: datetime,
    password_hash: str | None = None,
    actor_id: str | None = None,
) -> Person: ...


def join(
    session: Session,
    person_id: str,
    role: str,
    *,
    now: datetime,
    office_id: str | None = None,
    until: datetime | None = None,
    actor_id: str | None = None,
) -> Membership: ...


def leave(session: Session, membership_id: str, *, now: datetime, actor_id: str | None = None) -> None: ...


def deactivate(session: Session, person_id: str, *, now: datetime, actor_id: str | None = None) -> None: ...


def by_login(session: Session, login: str) -> Person | None: ...
