"""People with a login, and what becomes of their memberships.

An `actor_id` is the administrator who does it, and must be one; None is the command line.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import offices
from service.domain.errors import Conflict, Invalid, NotFound, Problem
from service.domain.memberships import ADMIN as ADMIN
from service.domain.memberships import AUDITOR as AUDITOR
from service.domain.memberships import EXPERT as EXPERT
from service.domain.memberships import OFFICIAL as OFFICIAL
from service.domain.memberships import ROLES as ROLES
from service.domain.memberships import Membership as Membership
from service.domain.memberships import require_admin
from service.domain.offices import Office
from service.engine import history
from service.store.database import Base, UTCDateTime, new_id

_WORKING = {OFFICIAL, EXPERT}
_WATCHING = {ADMIN, AUDITOR}


class Person(Base):
    """Somebody who can sign in; the hash is written and checked by service.auth."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Described(NamedTuple):
    """A membership as people read it; `office` is empty for roles without one."""

    id: str
    role: str
    office: str
    since: datetime
    until: datetime | None


class PersonMissing(NotFound):
    """没有找到这位人员。"""


class MembershipMissing(NotFound):
    """没有找到这项任职，它可能已经结束。"""


class PersonInvalid(Invalid):
    """人员信息有 {count} 处需要改正。"""


class LoginTaken(Conflict):
    """登录名“{login}”已有人使用，请换一个。"""


class MembershipInvalid(Invalid):
    """任职信息有 {count} 处需要改正。"""


class RolesIncompatible(Conflict):
    """{name}现任{present}，不能兼任{role}：管理、审计人员不得经办业务，请先结束原任职或另设账号。"""


class LastAdministrator(Conflict):
    """{name}是唯一不设期限的系统管理员，不能{act}，否则没有人能再管理系统。请先让另一人担任系统管理员。"""


def create(
    session: Session,
    *,
    login: str,
    name: str,
    now: datetime,
    password_hash: str | None = None,
    actor_id: str | None = None,
) -> Person:
    """A new person; the login is 2–64 of a–z, 0–9 and `._-`, unlike every other."""
    require_admin(session, actor_id, now)
    problems = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,63}", login):
        problems.append(
            Problem("/login", "登录名应为 2 至 64 个小写字母、数字、点、下划线或连字符，以字母或数字开头。")
        )
    if not 1 <= len(name.strip()) <= 80:
        problems.append(Problem("/name", "姓名应为 1 至 80 个字。"))
    if problems:
        raise PersonInvalid(problems)
    if by_login(session, login) is not None:
        raise LoginTaken(login=login)
    person = Person(id=new_id(), login=login, name=name.strip(), password_hash=password_hash, created_at=now)
    session.add(person)
    session.flush()
    history.record(
        session, history.SYSTEM, "person_created", now, actor_id=actor_id, data={"person": person.id}
    )
    return person


def join(
    session: Session,
    person_id: str,
    role: str,
    *,
    now: datetime,
    office_id: str | None = None,
    until: datetime | None = None,
    actor_id: str | None = None,
) -> Membership:
    """Give a role from now on; an official needs an office. The same again gives the standing one.

    Raises RolesIncompatible where a person would both work on cases and administer or audit them.
    """
    require_admin(session, actor_id, now)
    person = get(session, person_id)
    problems = []
    if role not in ROLES:
        problems.append(Problem("/role", f"角色应为 {'、'.join(ROLES)} 之一。"))
    if (role == OFFICIAL) != (office_id is not None):
        problems.append(Problem("/office_id", "经办人员须指定单位，其他角色不属于单位。"))
    if until is not None and until <= now:
        problems.append(Problem("/until", "任职的结束时间应晚于现在。"))
    if problems:
        raise MembershipInvalid(problems)
    if office_id is not None:
        offices.get(session, office_id)
    present = memberships(session, person_id, now)
    for membership in present:
        if (membership.role, membership.office_id) == (role, office_id):
            return membership
        if {membership.role, role} & _WORKING and {membership.role, role} & _WATCHING:
            raise RolesIncompatible(name=person.name, present=ROLES[membership.role], role=ROLES[role])
    membership = Membership(
        id=new_id(), person_id=person_id, office_id=office_id, role=role, since=now, until=until
    )
    session.add(membership)
    session.flush()
    data = {"membership": membership.id, "person": person_id, "role": role, "office": office_id}
    history.record(session, history.SYSTEM, "membership_begun", now, actor_id=actor_id, data=data)
    return membership


def leave(session: Session, membership_id: str, *, now: datetime, actor_id: str | None = None) -> None:
    """End a membership now; MembershipMissing when it has ended already, LastAdministrator."""
    require_admin(session, actor_id, now)
    membership = session.get(Membership, membership_id)
    if membership is None or (membership.until is not None and membership.until <= now):
        raise MembershipMissing
    if membership.role == ADMIN:
        _keep_one(session, membership.person_id, now, "结束任职")
    membership.until = now
    session.flush()
    data = {"membership": membership_id, "person": membership.person_id}
    history.record(session, history.SYSTEM, "membership_ended", now, actor_id=actor_id, data=data)


def deactivate(session: Session, person_id: str, *, now: datetime, actor_id: str | None = None) -> None:
    """The person can no longer sign in; memberships and what was done stay on record. LastAdministrator."""
    _set_active(session, person_id, False, "person_deactivated", now, actor_id)


def activate(session: Session, person_id: str, *, now: datetime, actor_id: str | None = None) -> None:
    _set_active(session, person_id, True, "person_activated", now, actor_id)


def _set_active(
    session: Session, person_id: str, active: bool, event: str, now: datetime, actor_id: str | None
) -> None:
    require_admin(session, actor_id, now)
    person = get(session, person_id)
    if person.active != active:
        if not active:
            _keep_one(session, person_id, now, "停用账号")
        person.active = active
        session.flush()
        history.record(session, history.SYSTEM, event, now, actor_id=actor_id, data={"person": person_id})


def _keep_one(session: Session, person_id: str, now: datetime, act: str) -> None:
    """LastAdministrator where nobody else would be one who can sign in and whose time has no end.

    All who ever were one are held first, in one order, so that two who remove each other come one by one.
    """
    ever = select(Membership.id).where(Membership.role == ADMIN).order_by(Membership.id)
    session.execute(ever.with_for_update(key_share=True)).all()
    standing = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == ADMIN, Membership.since <= now, Membership.until.is_(None), Person.active)
    )
    if {*session.scalars(standing)} == {person_id}:
        raise LastAdministrator(name=get(session, person_id).name, act=act)


def get(session: Session, person_id: str) -> Person:
    if (person := session.get(Person, person_id)) is None:
        raise PersonMissing
    return person


def by_login(session: Session, login: str) -> Person | None:
    return session.scalar(select(Person).where(Person.login == login))


def memberships(session: Session, person_id: str, now: datetime) -> list[Membership]:
    """Those that stand now, in the order of their beginning."""
    current = or_(Membership.until.is_(None), Membership.until > now)
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.person_id == person_id, Membership.since <= now, current)
            .order_by(Membership.since, Membership.id)
        )
    )


def described(session: Session, person_id: str, now: datetime) -> list[Described]:
    """The memberships that stand now, in words."""
    current = or_(Membership.until.is_(None), Membership.until > now)
    found = session.execute(
        select(Membership, Office.name)
        .outerjoin(Office, Office.id == Membership.office_id)
        .where(Membership.person_id == person_id, Membership.since <= now, current)
        .order_by(Membership.since, Membership.id)
    )
    return [Described(m.id, ROLES[m.role], office or "", m.since, m.until) for m, office in found]


def names(session: Session, person_ids: Collection[str | None]) -> dict[str, str]:
    """The names of many people in one statement."""
    wanted = {person_id for person_id in person_ids if person_id}
    if not wanted:
        return {}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all())
