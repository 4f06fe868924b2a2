"""The project's one source of time: a clock that is handed in, never `datetime.now()`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Deadlines are dates in this zone and end at its 24:00; instants are kept in UTC."""


class Clock(Protocol):
    """Whatever tells the time: aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved: a year's round runs in seconds beside live ones."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Move forward to `instant`; an earlier one raises ValueError, for no log may run backwards."""
        instant = _utc(instant)
        if instant < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()}, after {instant.isoformat()}")
        self._now = instant

    def advance(self, step: timedelta) -> None:
        self.advance_to(self._now + step)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant.isoformat()}")
    return instant.astimezone(UTC)
