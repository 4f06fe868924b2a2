"""User tasks: what waits for a person, projected from the instances so that lists need load none of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, cast

from sqlalchemy import Connection, ForeignKey, Index, String, Table, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine import instances
from service.engine.errors import NotFound, UserTaskLapsed, UserTaskWithdrawn
from service.engine.instances import Instance
from service.store.database import Base, JSONText, UTCDateTime, snapshot


class UserTaskStatus(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    """The process went on without it: a deadline passed, or the instance was cancelled."""


class UserTask(Base):
    """A user task of an instance. Only the engine writes it."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index(None, "status", "office", "division"),
        Index(None, "status", "assignee_id"),
        Index(None, "completed_by", "completed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The hex of the engine's own task id."""
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[str | None] = mapped_column(String(40))
    division: Mapped[str | None] = mapped_column(String(12))
    assignee_id: Mapped[str | None] = mapped_column(String(36))
    claimed_by: Mapped[str | None] = mapped_column(String(36))
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_from: Mapped[str | None] = mapped_column(String(36))
    """Whose claim an administrator has ended, until somebody claims it again."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    form_keys: Mapped[list[str]] = mapped_column(JSONText)
    decisions: Mapped[dict[str, str]] = mapped_column(JSONText)
    """Value → Chinese label, in the order of the drawing."""
    status: Mapped[str] = mapped_column(String(12))
    completed_by: Mapped[str | None] = mapped_column(String(36))
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was completed or withdrawn."""
    decision: Mapped[str | None] = mapped_column(String(60))
    opinion_id: Mapped[str | None] = mapped_column(String(36))


class Held(NamedTuple):
    """A user task and its instance, as they are while the transaction that locked them writes to neither."""

    instance: Instance
    user_task: UserTask


_INSTANCES = cast(Table, Instance.__table__)
_USER_TASKS = cast(Table, UserTask.__table__)
_COLUMNS = [column.name for column in _USER_TASKS.c]
# The instance comes first, so PostgreSQL locks it first: who waits for it holds no lock of a user task.
_LOCK = (
    select(*_INSTANCES.c, *_USER_TASKS.c)
    .select_from(_INSTANCES.join(_USER_TASKS, _USER_TASKS.c.instance_id == _INSTANCES.c.id))
    .where(_USER_TASKS.c.id == bindparam("this"))
    .with_for_update(key_share=True)
)


def get(session: Session, user_task_id: str) -> UserTask:
    """The user task; NotFound."""
    found = session.get(UserTask, user_task_id)
    if found is None:
        raise NotFound(f"任务 {user_task_id}")
    return found


def of_instance(session: Session, instance_id: str) -> Sequence[UserTask]:
    """All user tasks that an instance has had, oldest first."""
    query = select(UserTask).where(UserTask.instance_id == instance_id)
    return session.scalars(query.order_by(UserTask.created_at, UserTask.id)).all()


def open_of(session: Session, business_key: str) -> Sequence[UserTask]:
    """What is to be done at the moment for one business object."""
    query = select(UserTask).where(
        UserTask.business_key == business_key, UserTask.status == UserTaskStatus.OPEN
    )
    return session.scalars(query.order_by(UserTask.created_at, UserTask.id)).all()


def withdrawn(user_task: UserTask) -> UserTaskWithdrawn:
    """What is said of a withdrawn one: that its deadline passed, or that the process went on without it."""
    when = user_task.completed_at
    lapsed = user_task.due_at is not None and when is not None and when >= user_task.due_at
    return (UserTaskLapsed if lapsed else UserTaskWithdrawn)(user_task.name, when)


def lock(connection: Connection, user_task_id: str) -> Held:
    """Snapshots of a user task and its instance, once both rows are locked; NotFound."""
    row = connection.execute(_LOCK, {"this": user_task_id}).one_or_none()
    if row is None:
        raise NotFound(f"任务 {user_task_id}")
    values, width = tuple(row), len(instances.COLUMNS)
    return Held(
        snapshot(Instance, instances.COLUMNS, values[:width]),
        snapshot(UserTask, _COLUMNS, values[width:]),
    )
