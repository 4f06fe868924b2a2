"""History: append-only events, hash-chained per instance; `verify` finds what was changed or taken out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, JSONText, UTCDateTime

SYSTEM = "system"
"""The chain of what belongs to no instance: deployments, rights, sanctions; and the starts of instances."""
START_HASH = "0" * 64


class HistoryEvent(Base):
    """A past-tense event. `data` holds ids and salted digests, never personal data."""

    __tablename__ = "history_event"
    __table_args__ = (Index(None, "chain", "seq", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    chain: Mapped[str] = mapped_column(String(32))
    """The instance's id, or 'system'."""
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    type: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[str | None] = mapped_column(String(36))
    element_id: Mapped[str | None] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(JSONText)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class HistoryChain(Base):
    """The head of the system chain; an instance holds its own."""

    __tablename__ = "history_chain"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class Broken(NamedTuple):
    """A place where a chain does not hold; `reason` is a Chinese sentence."""

    chain: str
    seq: int
    reason: str


def record(
    session: Session,
    chain: str,
    type: str,
    now: datetime,
    *,
    actor_id: str | None = None,
    element_id: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append an event to an instance's chain or to SYSTEM; its head is locked until the transaction ends."""
    raise NotImplementedError


def of_chain(session: Session, chain: str) -> Sequence[HistoryEvent]:
    """The events of a chain, oldest first."""
    raise NotImplementedError


def verify(session: Session) -> list[Broken]:
    """Every place where a row was changed, removed (at the tail too) or inserted."""
    raise NotImplementedError
