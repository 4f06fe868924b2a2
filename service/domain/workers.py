"""Workers: which processes run what is due, and when each of them last did."""

from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime

NOTE_EVERY = timedelta(seconds=30)
"""How often a worker notes its steps: each is a write, and a tick that finds nothing to do should be none."""
LATE_AFTER = timedelta(minutes=3)
FORGET_AFTER = timedelta(days=1)


class WorkerNote(Base):
    """One worker's note of itself, by real time."""

    __tablename__ = "worker_note"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    """Machine and process."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stepped_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[int]
    """How many jobs it has done since it started."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why the last step failed, if it did."""


def note(session: Session, worker: WorkerNote) -> None:
    """Write down what the worker says of itself."""
    session.merge(worker)


def listed(session: Session) -> list[WorkerNote]:
    """The workers, the latest step first."""
    return list(session.scalars(select(WorkerNote).order_by(WorkerNote.stepped_at.desc(), WorkerNote.id)))


def sweep(session: Session, now: datetime) -> int:
    """Remove the notes of workers that ended long ago; how many they were."""
    old = delete(WorkerNote).where(WorkerNote.stepped_at < now - FORGET_AFTER)
    return len(session.scalars(old.returning(WorkerNote.id)).all())
