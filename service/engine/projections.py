"""What an instance waits for, as rows: the difference between before and after a command, without a query."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from service.engine.instances import Instance
from service.engine.messages import Delivery, DeliveryStatus, Subscription, canonical
from service.engine.services import Assignment
from service.engine.timers import Timer
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.engine.workflows import correlation_of

if TYPE_CHECKING:
    from service.engine.definitions import Element

Row = dict[str, Any]

_USER_TASKS = cast(Table, UserTask.__table__)
_TIMERS = cast(Table, Timer.__table__)
_SUBSCRIPTIONS = cast(Table, Subscription.__table__)
_DELIVERIES = cast(Table, Delivery.__table__)

_INSERT_USER_TASKS = insert(_USER_TASKS)
_INSERT_TIMERS = insert(_TIMERS)
_INSERT_SUBSCRIPTIONS = insert(_SUBSCRIPTIONS)
_COMPLETE_USER_TASK = (
    update(_USER_TASKS)
    .where(_USER_TASKS.c.id == bindparam("this"))
    .values(
        status=UserTaskStatus.COMPLETED,
        completed_by=bindparam("person_id"),
        completed_at=bindparam("now"),
        decision=bindparam("chosen"),
        opinion_id=bindparam("opinion"),
    )
)
_WITHDRAW_USER_TASKS = (
    update(_USER_TASKS)
    .where(_USER_TASKS.c.id == bindparam("this"))
    .values(status=UserTaskStatus.WITHDRAWN, completed_at=bindparam("now"))
)
_CLAIM_USER_TASK = (
    update(_USER_TASKS)
    .where(_USER_TASKS.c.id == bindparam("this"))
    .values(
        claimed_by=bindparam("person_id"),
        claimed_at=bindparam("now"),
        released_from=bindparam("former"),
    )
)
_DELETE_TIMERS = delete(_TIMERS).where(_TIMERS.c.task_id == bindparam("this"))
_DELETE_SUBSCRIPTIONS = delete(_SUBSCRIPTIONS).where(
    _SUBSCRIPTIONS.c.task_id == bindparam("this"), _SUBSCRIPTIONS.c.name == bindparam("message")
)
_DELETE_PENDING = delete(_DELIVERIES).where(
    _DELIVERIES.c.instance_id == bindparam("ended"), _DELIVERIES.c.status == DeliveryStatus.PENDING
)


def user_task(
    instance: Instance,
    task: Task,
    element: "Element",
    given: Assignment,
    due_at: datetime | None,
    now: datetime,
) -> Row:
    """The row of a user task that has come up."""
    return {
        "id": task.id,
        "instance_id": instance.id,
        "business_key": instance.business_key,
        "element_id": element.id,
        "name": element.name or element.id,
        "office": given.office,
        "division": given.division,
        "assignee_id": given.person_id,
        "created_at": now,
        "due_at": due_at,
        "form_keys": list(element.form_keys if given.form_keys is None else given.form_keys),
        "decisions": dict(element.decisions),
        "status": UserTaskStatus.OPEN,
    }


def timer(instance: Instance, task: Task, due: datetime) -> Row:
    """The row of a timer that is waited for."""
    return {
        "task_id": task.id,
        "instance_id": instance.id,
        "element_id": task.task_spec.bpmn_id,
        "due_at": due,
        "run_at": due,
        "failures": 0,
    }


def subscription(instance: Instance, task: Task, definition: MessageEventDefinition) -> Row:
    """The row of a message that is waited for."""
    return {
        "task_id": task.id,
        "name": definition.name,
        "instance_id": instance.id,
        "element_id": task.task_spec.bpmn_id,
        "correlation": canonical(correlation_of(task, definition)),
    }


def claim(
    connection: Connection,
    user_task_id: str,
    person_id: str | None,
    now: datetime | None,
    former: str | None = None,
) -> None:
    """Reserve a user task for a person, or for nobody, who may be told that it was reserved for `former`."""
    values = {"this": user_task_id, "person_id": person_id, "now": now, "former": former}
    connection.execute(_CLAIM_USER_TASK, values)


def complete(
    connection: Connection,
    user_task_id: str,
    person_id: str,
    decision: str | None,
    opinion_id: str | None,
    now: datetime,
) -> None:
    """Close a user task as its person has completed it."""
    values = {"this": user_task_id, "person_id": person_id, "chosen": decision, "opinion": opinion_id}
    connection.execute(_COMPLETE_USER_TASK, {**values, "now": now})


def withdraw(connection: Connection, user_task_ids: list[str], now: datetime) -> None:
    """Close the user tasks without which the process went on."""
    if user_task_ids:
        connection.execute(_WITHDRAW_USER_TASKS, [{"this": gone, "now": now} for gone in user_task_ids])


def add(connection: Connection, user_tasks: list[Row], timers: list[Row], subscriptions: list[Row]) -> None:
    """Write what the instance has come to wait for."""
    if user_tasks:
        connection.execute(_INSERT_USER_TASKS, user_tasks)
    if timers:
        connection.execute(_INSERT_TIMERS, timers)
    if subscriptions:
        connection.execute(_INSERT_SUBSCRIPTIONS, subscriptions)


def remove(connection: Connection, timers: list[str], subscriptions: list[tuple[str, str]]) -> None:
    """Delete the timers (by task) and subscriptions (by task and message) that are waited for no longer."""
    if timers:
        connection.execute(_DELETE_TIMERS, [{"this": gone} for gone in timers])
    if subscriptions:
        gone_subscriptions = [{"this": task_id, "message": name} for task_id, name in subscriptions]
        connection.execute(_DELETE_SUBSCRIPTIONS, gone_subscriptions)


def drop_pending(connection: Connection, instance_id: str) -> None:
    """Drop what an ended instance has not been handed; the messages themselves stay."""
    connection.execute(_DELETE_PENDING, {"ended": instance_id})
