"""Process instances: one run of a definition. Its state is a blob; what is asked of it has columns."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import (
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from service.engine.errors import NotFound
from service.store.database import Base, JSONText, UTCDateTime, snapshot


class InstanceStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Instance(Base):
    """A process instance. Only the engine writes it; `version` counts the commands that moved it."""

    __tablename__ = "process_instance"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_elements: Mapped[list[str]] = mapped_column(JSONText)
    """The end events of the process itself that were reached."""
    history_seq: Mapped[int]
    history_hash: Mapped[str] = mapped_column(String(64))
    """The head of the instance's history chain: a removed tail shows."""
    state: Mapped[bytes] = deferred(mapped_column(LargeBinary))


_INSTANCES = cast(Table, Instance.__table__)
COLUMNS = [column.name for column in _INSTANCES.c]
_MOVED = ("version", "status", "ended_at", "end_elements", "history_seq", "history_hash", "state")
_NOTED = ("status", "history_seq", "history_hash")
_THIS = _INSTANCES.c.id == bindparam("this")
# FOR NO KEY UPDATE: others may insert rows that refer to it, as a message to a locked instance does.
_LOCK = select(_INSTANCES).where(_THIS).with_for_update(key_share=True)
_INSERT = insert(_INSTANCES)
_MOVE = (
    update(_INSTANCES)
    .where(_THIS, _INSTANCES.c.history_seq == bindparam("seen"))
    .values({name: bindparam(name) for name in _MOVED})
)
_NOTE = update(_INSTANCES).where(_THIS).values({name: bindparam(name) for name in _NOTED})


def get(session: Session, instance_id: str) -> Instance:
    """The instance; NotFound."""
    found = session.get(Instance, instance_id)
    if found is None:
        raise NotFound(f"流程实例 {instance_id}")
    return found


def with_business_key(session: Session, business_key: str) -> Sequence[Instance]:
    """The instances of one business object, oldest first."""
    query = select(Instance).where(Instance.business_key == business_key)
    return session.scalars(query.order_by(Instance.started_at, Instance.id)).all()


# For the engine's commands, which write rows past the ORM.


def lock(connection: Connection, instance_id: str) -> Instance:
    """A snapshot of the row, once it is locked until the transaction ends; NotFound."""
    row = connection.execute(_LOCK, {"this": instance_id}).one_or_none()
    if row is None:
        raise NotFound(f"流程实例 {instance_id}")
    return snapshot(Instance, COLUMNS, row)


def add(connection: Connection, instance: Instance) -> None:
    """Write a new row."""
    connection.execute(_INSERT, {name: getattr(instance, name) for name in COLUMNS})


def move(connection: Connection, instance: Instance, seen: int) -> None:
    """Write what a command changes that moves the instance, whose history had `seen` events before."""
    values = {name: getattr(instance, name) for name in _MOVED}
    if connection.execute(_MOVE, {"this": instance.id, "seen": seen, **values}).rowcount != 1:
        raise RuntimeError(f"instance {instance.id} was written to while a command held it")


def note(connection: Connection, instance: Instance) -> None:
    """Write what any command changes: status, and the head of the history."""
    values = {name: getattr(instance, name) for name in _NOTED}
    connection.execute(_NOTE, {"this": instance.id, **values})
