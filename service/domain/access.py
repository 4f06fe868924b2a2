"""Who may do what: role × office × division. What somebody may see of others' cases is in `visibility`."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from service.domain.errors import Forbidden
from service.domain.memberships import EXPERT, OFFICIAL, ROLES, Membership
from service.domain.offices import Office
from service.domain.people import Person, PersonMissing


class ActorMembership(NamedTuple):
    """`office` is the office's kind; both texts are empty for roles without an office."""

    office: str
    division: str
    role: str


@dataclass(frozen=True)
class Actor:
    """A signed-in person with the memberships of this moment."""

    person_id: str
    name: str
    memberships: tuple[ActorMembership, ...] = ()
    as_of: datetime | None = None
    """The moment whose memberships these are; None where they were not read from the register."""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(membership.role for membership in self.memberships)

    def offices(self) -> tuple[tuple[str, str], ...]:
        """(kind, division code) of the offices that the actor acts for."""
        return tuple((m.office, m.division) for m in self.memberships if m.role == OFFICIAL)


class Assigned(Protocol):
    """To whom a user task is given, as the engine's UserTask says it."""

    @property
    def office(self) -> str | None: ...
    @property
    def division(self) -> str | None: ...
    @property
    def assignee_id(self) -> str | None: ...


class RoleNeeded(Forbidden):
    """这项操作只能由{roles}进行。"""


class OfficeNeeded(Forbidden):
    """这项操作只能由本单位的经办人员进行。"""


_CURRENT = and_(
    Membership.person_id == Person.id,
    Membership.since <= bindparam("now"),
    or_(Membership.until.is_(None), Membership.until > bindparam("now")),
)
_STANDING = (
    select(Person.name, Membership.role, Office.kind, Office.division_code)
    .select_from(Person)
    .outerjoin(Membership, _CURRENT)
    .outerjoin(Office, Office.id == Membership.office_id)
    .where(Person.id == bindparam("person_id"), Person.active)
    .order_by(Membership.since, Membership.id)
)


def actor(session: Session, person_id: str, now: datetime) -> Actor:
    """The person with the memberships of now, in one statement; PersonMissing when unknown or inactive."""
    found = session.connection().execute(_STANDING, {"person_id": person_id, "now": now}).all()
    if not found:
        raise PersonMissing
    memberships = (ActorMembership(kind or "", code or "", role) for _, role, kind, code in found if role)
    return Actor(person_id, found[0].name, tuple(memberships), now)


def may_complete(actor: Actor, user_task: Assigned) -> bool:
    """An assigned user task is its assignee's alone; any other belongs to the officials of its office.

    Administrators and auditors complete nothing: neither role gives a right here.
    """
    if user_task.assignee_id is not None:
        return user_task.assignee_id == actor.person_id and bool(actor.roles & {OFFICIAL, EXPERT})
    return (user_task.office, user_task.division) in actor.offices()


def require_role(actor: Actor, *roles: str) -> None:
    """RoleNeeded unless the actor has one of the roles."""
    if not actor.roles & set(roles):
        raise RoleNeeded(roles="、".join(ROLES[role] for role in roles))


def require_office(actor: Actor, kind: str, division: str) -> None:
    """OfficeNeeded unless the actor is an official of that office."""
    if (kind, division) not in actor.offices():
        raise OfficeNeeded
