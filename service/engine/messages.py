"""Messages between instances: rows, expanded to one delivery a receiver, with an inbox for early ones."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, JSONText, UTCDateTime


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"


class Message(Base):
    """A message that was thrown, by an instance or by the host. It stays, for those who come later."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "name", "correlation"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    correlation: Mapped[str] = mapped_column(String(400))
    """Canonical JSON of the correlation properties: {"round_id":"…","track":"main"}."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSONText)
    source_instance_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Subscription(Base):
    """A task that waits for a message of this name and correlation."""

    __tablename__ = "subscription"
    __table_args__ = (Index(None, "name", "correlation"),)

    task_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    correlation: Mapped[str] = mapped_column(String(400))


class Delivery(Base):
    """One message for one instance: delivered at most once, in a transaction of its own."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_pending", "status", "run_at"),
        Index(None, "message_id", "instance_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    status: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When a worker takes it up: at once, and later after a failure."""
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
