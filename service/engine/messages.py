"""Messages between instances: rows, expanded to one delivery a receiver, with an inbox for early ones."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from service.engine.data import storable_mapping
from service.engine.errors import NotFound
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

_RECEIVER = select(_DELIVERIES.c.instance_id).where(_DELIVERIES.c.id == bindparam("this"))
_PENDING = (
    select(
        _MESSAGES.c.id.label("message_id"),
        _MESSAGES.c.name,
        _MESSAGES.c.correlation,
        _MESSAGES.c.payload,
        _DELIVERIES.c.created_at.label("since"),
    )
    .join(_DELIVERIES, _DELIVERIES.c.message_id == _MESSAGES.c.id)
    .where(_DELIVERIES.c.id == bindparam("this"), _DELIVERIES.c.status == DeliveryStatus.PENDING)
)
_TICK_OFF = (
    update(_DELIVERIES)
    .where(_DELIVERIES.c.id == bindparam("this"))
    .values(status=DeliveryStatus.DELIVERED, delivered_at=bindparam("now"), error=None)
)
_PUT_BACK = delete(_DELIVERIES).where(_DELIVERIES.c.id == bindparam("this"))
_WAITING = select(_SUBSCRIPTIONS.c.task_id).where(
    _SUBSCRIPTIONS.c.instance_id == bindparam("of"),
    _SUBSCRIPTIONS.c.name == bindparam("called"),
    _SUBSCRIPTIONS.c.correlation == bindparam("asked"),
)
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


class Pending(NamedTuple):
    """A message on its way to an instance, which it reached at `since`."""

    message_id: str
    name: str
    correlation: str
    payload: dict[str, Any]
    since: datetime


def receiver(connection: Connection, delivery_id: str) -> str:
    """The instance that a delivery is for; NotFound."""
    found = connection.execute(_RECEIVER, {"this": delivery_id}).scalar_one_or_none()
    if found is None:
        raise NotFound(f"消息投递 {delivery_id}")
    return cast(str, found)


def pending(connection: Connection, delivery_id: str) -> Pending | None:
    """What is to be delivered; None once that has been done."""
    row = connection.execute(_PENDING, {"this": delivery_id}).one_or_none()
    return Pending(*row) if row is not None else None


def waiting_tasks(connection: Connection, instance_id: str, message: Pending) -> list[str]:
    """The tasks of an instance that were waiting for a message when the instance was last saved."""
    values = {"of": instance_id, "called": message.name, "asked": message.correlation}
    return list(connection.execute(_WAITING, values).scalars())


def tick_off(connection: Connection, delivery_id: str, now: datetime) -> None:
    """Note that a message has been handed over."""
    connection.execute(_TICK_OFF, {"this": delivery_id, "now": now})


def put_back(connection: Connection, delivery_id: str) -> None:
    """Leave a message in the inbox of an instance that does not wait for it now."""
    connection.execute(_PUT_BACK, {"this": delivery_id})


def _join(connection: Connection, pairs: Sequence[tuple[str, str] | Any], now: datetime) -> int:
    """Insert the deliveries; one that another transaction has just inserted is left to it."""
    if not pairs:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    inserted = connection.execute(
        dialect.insert(_DELIVERIES).on_conflict_do_nothing(index_elements=["message_id", "instance_id"]),
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
        execution_options={"preserve_rowcount": True},
    )
    return inserted.rowcount
