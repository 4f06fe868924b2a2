"""How long sign-in stays shut after failures, and filing after filings.

Sign-in by account and address, by account, and by address; what the public files by address alone.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime

FORGET_AFTER = timedelta(days=1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


class Scope(NamedTuple):
    """A name under which failures are counted, and how many are free."""

    key: str
    free: int


class SignInThrottle(Base):
    """Attempts counted under one key; the key is a digest, so that no login and no address is kept."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


def scopes(login: str, address: str) -> list[Scope]:
    """What one attempt counts under.

    A stranger who guesses at one account from one address is stopped early; the wider two stop one who
    changes addresses or accounts. They are generous: few wrong guesses must not shut a whole office out.
    """
    account = login.strip().lower()
    return [
        Scope(_key("both", account, address), 5),
        Scope(_key("account", account), 50),
        Scope(_key("address", address), 100),
    ]


def blocked_for(session: Session, login: str, address: str, now: datetime) -> timedelta | None:
    """How long sign-in stays shut for this account from this address; None when it is open."""
    return _wait(session, scopes(login, address), now)


def filing_blocked_for(session: Session, address: str, now: datetime) -> timedelta | None:
    """How long nothing more is taken from this address; None when it is open."""
    return _wait(session, [_filing(address)], now)


def _wait(session: Session, counted: list[Scope], now: datetime) -> timedelta | None:
    keys = [scope.key for scope in counted]
    until = session.scalars(
        select(SignInThrottle.blocked_until).where(
            SignInThrottle.key.in_(keys), SignInThrottle.blocked_until > now
        )
    ).all()
    return max((moment - now for moment in until if moment is not None), default=None)


def record_failure(session: Session, login: str, address: str, now: datetime) -> None:
    """Count a failure; past the free ones every further failure doubles the wait."""
    _count(session, scopes(login, address), now)


def record_filing(session: Session, address: str, now: datetime) -> None:
    """Count what somebody tried to file, whatever became of it."""
    _count(session, [_filing(address)], now)


def _filing(address: str) -> Scope:
    """Generous, for a whole office may have one address."""
    return Scope(_key("filing", address), 20)


def _count(session: Session, counted: list[Scope], now: datetime) -> None:
    counted = sorted(counted)  # All take the rows in one order, so that no two wait for one another.
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = [{"key": scope.key, "failures": 0, "failed_at": now} for scope in counted]
    session.execute(dialect.insert(SignInThrottle).on_conflict_do_nothing(), fresh)
    for scope in counted:
        row = session.get_one(SignInThrottle, scope.key, with_for_update=True, populate_existing=True)
        row.failures = 1 if now - row.failed_at > FORGET_AFTER else row.failures + 1
        row.failed_at = now
        if row.failures >= scope.free:
            doublings = min(row.failures - scope.free, 10)
            row.blocked_until = now + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def forget(session: Session, login: str, address: str) -> None:
    """A right password clears what was counted for this account from this address, not the wider counts."""
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == scopes(login, address)[0].key))


def sweep(session: Session, now: datetime) -> int:
    """Remove counts that are old and shut nobody out; how many they were."""
    old = delete(SignInThrottle).where(SignInThrottle.failed_at < now - FORGET_AFTER)
    return len(session.scalars(old.returning(SignInThrottle.key)).all())


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
