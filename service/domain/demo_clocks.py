"""The demo's clock: real time plus a shift that an admin may enlarge, the same in all processes."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import Clock, SystemClock
from service.domain.errors import Invalid, Problem
from service.store.database import Base, Database

LONGEST_STEP = timedelta(days=400)


class DemoShift(Base):
    """One row: by how many seconds the demo's time is ahead of (or behind) the real time."""

    __tablename__ = "demo_shift"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seconds: Mapped[int] = mapped_column(BigInteger)


class StepRefused(Invalid):
    """演示时间只能向后推进，每次不超过 400 天。"""


class DemoClock:
    """A clock that reads the shift from the database once a second, so that every process follows."""

    def __init__(self, database: Database, real: Clock | None = None) -> None:
        self._database = database
        self._real = real or SystemClock()
        self._shift = timedelta()
        self._read_at: datetime | None = None

    def now(self) -> datetime:
        real = self._real.now()
        if self._read_at is None or not timedelta() <= real - self._read_at < timedelta(seconds=1):
            with self._database.read() as session:
                self._shift = shift(session)
            self._read_at = real
        return real + self._shift

    def reread(self) -> None:
        """Ask the database again: this process has just moved the clock."""
        self._read_at = None


def shift(session: Session) -> timedelta:
    """By how much the demo's time is ahead of the real time."""
    row = session.get(DemoShift, 1)
    return timedelta(seconds=row.seconds if row is not None else 0)


def start_at(session: Session, start: datetime, real_now: datetime) -> None:
    """Let the demo's time be `start` now; only at set-up, for later no time may run backwards."""
    session.merge(DemoShift(id=1, seconds=int((start - real_now).total_seconds())))


def advance(session: Session, step: timedelta) -> None:
    """Move the demo's time forward."""
    if not timedelta() < step <= LONGEST_STEP:
        raise StepRefused([Problem("days", "请填写 1 到 400 之间的天数。")])
    session.merge(DemoShift(id=1, seconds=int((shift(session) + step).total_seconds())))
