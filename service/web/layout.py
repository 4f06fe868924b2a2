"""What surrounds every page: the main navigation, and the demo's time."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask import request, url_for

from service.auth.demo import demo_clock
from service.auth.requests import current_actor_or_none, db
from service.domain import organisers, rounds
from service.domain.access import Actor
from service.domain.divisions import NATION
from service.domain.people import ADMIN, AUDITOR, EXPERT, OFFICIAL


class Item(NamedTuple):
    """An entry of the main navigation."""

    title: str
    url: str
    current: bool


_ALL = frozenset((OFFICIAL, EXPERT, ADMIN, AUDITOR))
_ITEMS = (
    ("待办", "user_tasks.todo", frozenset((OFFICIAL, EXPERT))),
    ("已办", "user_tasks.done", frozenset((OFFICIAL, EXPERT))),
    ("申报", "applications.index", frozenset((OFFICIAL, EXPERT, AUDITOR))),
    ("轮次", "rounds.index", _ALL),
    ("异议", "objections.index", frozenset((OFFICIAL, AUDITOR))),
    ("办法", "editions.index", _ALL),
    ("人员", "people.index", frozenset((ADMIN, AUDITOR))),
    ("系统记录", "histories.system", frozenset((ADMIN, AUDITOR))),
    ("管理", "operations.index", frozenset((ADMIN, AUDITOR))),
)


def navigation() -> Iterator[Item]:
    """What the reader can go to."""
    actor = current_actor_or_none()
    for title, endpoint, roles in _ITEMS:
        if actor is not None and actor.roles & roles:
            yield Item(title, url_for(endpoint), request.endpoint == endpoint)
    if actor is not None and _organises(actor):
        yield Item("限制", url_for("sanctions.index"), request.endpoint == "sanctions.index")
    yield Item("公示", url_for("notices.index"), request.endpoint == "notices.index")
    yield Item("台账", url_for("ledger.index"), request.endpoint == "ledger.index")
    if actor is not None and ADMIN in actor.roles and demo_clock() is not None:
        yield Item("演示时间", url_for("demo_clocks.show"), request.endpoint == "demo_clocks.show")


def _organises(actor: Actor) -> bool:
    """Whether the actor's office runs rounds: the ministry does, of the provinces those that have any."""
    own = {code for code in organisers.divisions_of(actor) if code.endswith("0000")}
    return NATION in own or bool(own and rounds.organised(db(), own))


def demo_time() -> datetime | None:
    """The time to show where it is not the real one."""
    clock = demo_clock()
    return clock.now() if clock is not None else None
