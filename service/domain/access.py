"""Who may do what: role × office × division. What somebody may see of others' cases is in `visibility`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain.errors import Forbidden
from service.engine.user_tasks import UserTask


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

    @property
    def roles(self) -> frozenset[str]: ...

    def offices(self) -> list[tuple[str, str]]:
        """(kind, division code) of the offices that the actor acts for."""
        ...


class NotYours(Forbidden):
    """这项任务不由您办理：它属于{owner}。"""


class RoleNeeded(Forbidden):
    """这项操作需要“{role}”的身份。"""


def actor(session: Session, person_id: str, now: datetime) -> Actor:
    """The person with today's memberships, in one statement; NotFound when unknown or inactive."""
    ...


def may_complete(actor: Actor, user_task: UserTask) -> bool: ...


def require_role(actor: Actor, *roles: str) -> None: ...


def require_office(actor: Actor, kind: str, division: str) -> None: ...
