"""Messages between instances: rows, expanded to one delivery a receiver, with an inbox for early ones."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Connection, ForeignKey, Index, Row, String, Table, bindparam, exists, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from service.engine.data import storable_mapping
from service.store.database import Base, JSONText, UTCDateTime, new_id


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
        Index("ix_delivery_status_run_at", "status", "run_at"),
        Index(None, "message_id", "instance_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    status: Mapped[str] = mapped_column(String(12))
    run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When a worker takes it up: at once, and later after a failure."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    """Why the last attempt failed."""


_MESSAGES = cast(Table, Message.__table__)
_SUBSCRIPTIONS = cast(Table, Subscription.__table__)
_DELIVERIES = cast(Table, Delivery.__table__)

_UNMATCHED = (
    select(_MESSAGES.c.id, _SUBSCRIPTIONS.c.instance_id)
    .join(
        _SUBSCRIPTIONS,
        (_SUBSCRIPTIONS.c.name == _MESSAGES.c.name)
        & (_SUBSCRIPTIONS.c.correlation == _MESSAGES.c.correlation),
    )
    .where(
        ~exists().where(
            _DELIVERIES.c.message_id == _MESSAGES.c.id,
            _DELIVERIES.c.instance_id == _SUBSCRIPTIONS.c.instance_id,
        )
    )
    .distinct()
)
"""Messages and the instances that wait for them, as far as no delivery joins them yet."""
_RECEIVERS = _UNMATCHED.where(_MESSAGES.c.id == bindparam("message_id"))
_INBOX = _UNMATCHED.where(_SUBSCRIPTIONS.c.instance_id == bindparam("instance_id"))


def canonical(correlation: Mapping[str, Any]) -> str:
    """A correlation as text that is the same whenever the correlation is the same."""
    kept = storable_mapping(correlation)
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def throw(
    connection: Connection,
    name: str,
    correlation: Mapping[str, Any],
    payload: Mapping[str, Any],
    source_instance_id: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Write a message. Its payload holds the correlation too, where the receiver's file reads it."""
    row = {
        "id": new_id(),
        "name": name,
        "correlation": canonical(correlation),
        "payload": storable_mapping({**payload, **correlation}),
        "source_instance_id": source_instance_id,
        "created_at": now,
    }
    connection.execute(insert(_MESSAGES), row)
    return row


def expand(connection: Connection, message_id: str, now: datetime) -> int:
    """Give everyone who waits for this message a delivery; returns how many."""
    return _join(connection, connection.execute(_RECEIVERS, {"message_id": message_id}).all(), now)


def search_inbox(connection: Connection, instance_id: str, now: datetime) -> int:
    """Give an instance the messages that it waits for and that came earlier; returns how many."""
    return _join(connection, connection.execute(_INBOX, {"instance_id": instance_id}).all(), now)


def reconcile(connection: Connection, now: datetime) -> int:
    """Match all messages with all who wait; returns how many deliveries were missing.

    On PostgreSQL a message and a subscription that are written at the same moment do not see one another.
    """
    return _join(connection, connection.execute(_UNMATCHED).all(), now)


def _join(connection: Connection, pairs: Sequence[Row[tuple[str, str]]], now: datetime) -> int:
    if pairs:
        connection.execute(
            insert(_DELIVERIES),
            [
                {
                    "id": new_id(),
                    "message_id": message_id,
                    "instance_id": instance_id,
                    "status": DeliveryStatus.PENDING,
                    "run_at": now,
                    "created_at": now,
                    "failures": 0,
                }
                for message_id, instance_id in pairs
            ],
        )
    return len(pairs)
