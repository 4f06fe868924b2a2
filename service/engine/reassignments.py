"""Reassignments: an open user task goes to another person, and what an instance says of people follows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Table, bindparam, update

from service.engine.assignments import element_of
from service.engine.commands import Command
from service.engine.data import storable
from service.engine.errors import DeadlinePassed, NotPersonal, NotReassignable, VariableMissing
from service.engine.user_tasks import UserTask

_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_USER_TASKS = cast(Table, UserTask.__table__)
_REASSIGN = (
    update(_USER_TASKS)
    .where(_USER_TASKS.c.id == bindparam("this"))
    .values(assignee_id=bindparam("person_id"), claimed_by=None, claimed_at=None)
)


def reassign(command: Command, person_id: str, reason: str) -> UserTask:
    """Give the command's user task, which is open and one person's, to another person; the claim on it ends.

    Where `assignee` names a variable (`member`, `scoring.chair`), the user task's own data says so from now
    on: effects and what comes after it read the new person there. A multi-instance keeps its instances and
    their keys. Raises NotPersonal, NotReassignable and DeadlinePassed.
    """
    user_task = command.user_task
    if user_task.assignee_id is None:
        raise NotPersonal(user_task.name)
    command.load()
    if command.overdue(command.now):
        command.settle()
    task = command.ready_task(user_task.id)
    if task is None:
        raise DeadlinePassed(user_task.name)
    _let_say(command, task, person_id)
    data = {"user_task_id": user_task.id, "from": user_task.assignee_id, "to": person_id, "reason": reason}
    if user_task.claimed_by is not None:
        data["claimed_by"] = user_task.claimed_by
    command.log.append("user_task_reassigned", data, user_task.element_id)
    command.save()
    command.connection.execute(_REASSIGN, {"this": user_task.id, "person_id": person_id})
    command.expire(UserTask, user_task.id)
    user_task.assignee_id = person_id
    user_task.claimed_by = user_task.claimed_at = None
    return user_task


def amend(command: Command, variable: str, value: Any, reason: str) -> None:
    """Change a variable (`scoring.chair`) wherever something that is still to be done holds it.

    What is done keeps what it was done with. VariableMissing where nothing holds the variable.
    """
    names, kept = variable.split("."), storable(value, variable)
    command.load()
    holders = [
        task
        for task in command.workflow.all_tasks()
        if not task.has_state(TaskState.FINISHED_MASK) and _holds(task.data, names)
    ]
    if not holders:
        raise VariableMissing(variable)
    for task in holders:
        _put(task, names, kept)
    command.log.append("variable_amended", {"variable": variable, "reason": reason})
    command.save()


def _let_say(command: Command, task: Task, person_id: str) -> None:
    """Make the data of the user task say that it is this person's."""
    element = element_of(command.loaded, task)
    expression = element.properties.get("assignee", "") if element is not None else ""
    names = expression.split(".")
    if _PATH.fullmatch(expression) and _holds(task.data, names):
        _put(task, names, person_id)
    # A function may follow a register of its own; whatever the expression is, it has to agree.
    if str(command.scripts.value(expression, command.scripts.names_in(task.data))) != person_id:
        raise NotReassignable(command.user_task.name, expression)


def _holds(data: object, names: Sequence[str]) -> bool:
    for name in names:
        if not isinstance(data, Mapping) or name not in data:
            return False
        data = data[name]
    return True


def _put(task: Task, names: Sequence[str], value: Any) -> None:
    """Tasks share the values inside their data, so what lies on the way is copied."""
    task.data[names[0]] = _with(task.data[names[0]], names[1:], value)


def _with(holder: Any, names: Sequence[str], value: Any) -> Any:
    return {**holder, names[0]: _with(holder[names[0]], names[1:], value)} if names else value
