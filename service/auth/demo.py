"""Moving the demo's time on, for pages and API."""

from datetime import timedelta

from service.auth.requests import app
from service.domain import demo_clocks
from service.domain.demo_clocks import DemoClock
from service.domain.errors import NotFound


class NoDemo(NotFound):
    """这里不是演示环境，系统时间不能改动。"""


def demo_clock() -> DemoClock | None:
    """The demo's clock, if this is a demo."""
    clock = app().clock
    return clock if isinstance(clock, DemoClock) else None


def require_demo() -> DemoClock:
    """The demo's clock; NoDemo elsewhere."""
    clock = demo_clock()
    if clock is None:
        raise NoDemo
    return clock


def advance(step: timedelta) -> None:
    """Move on, in a transaction of its own: what has become due runs after it, by the new time."""
    clock = require_demo()
    with app().database.write() as session:
        demo_clocks.advance(session, step)
    clock.reread()
