"""Timers that instances wait for, projected: what is due is known without loading an instance."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class Timer(Base):
    """A timer event that waits. The row goes when it fires or is no longer waited for."""

    __tablename__ = "timer"

    task_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    run_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    """When a worker takes it up: `due_at`, and later after a failure."""
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    """Why the last attempt failed."""
