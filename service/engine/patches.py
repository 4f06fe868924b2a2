"""Changes to SpiffWorkflow itself, made once, before any workflow exists. Each is pinned by a contract test.

Its task iterators stop at depth 1,000 without a word (a task is then never found), and three walks over a
task's ancestors or descendants recurse once a level: a case that was often sent back would stand still. Task
ids become the project's own text ids, whose comparison costs a tenth of a UUID's. A change of state becomes
just that: the original gathers what a log that nobody keeps would say, and asks the machine for the time.
"""

from collections.abc import Iterator

import SpiffWorkflow.task
from SpiffWorkflow.bpmn.util import task as bpmn_task
from SpiffWorkflow.task import Task
from SpiffWorkflow.util import task as util_task
from SpiffWorkflow.util.task import TaskState

from service.store.database import new_id

_ENDLESS = 10**9


def _ancestors(task: Task) -> Iterator[Task]:
    parent = task.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _is_descendant_of(self: Task, task: Task) -> bool:
    return any(ancestor is task for ancestor in _ancestors(self))


def _find_ancestor(self: Task, spec_name: str) -> Task | None:
    return next((found for found in _ancestors(self) if found.task_spec.name == spec_name), None)


def _cancel(self: Task) -> None:
    pending = [self]
    while pending:
        task = pending.pop()
        if task.has_state(TaskState.FINISHED_MASK):
            pending.extend(reversed(task.children))
        else:
            task._set_state(TaskState.CANCELLED)
            task._drop_children()
            task.task_spec._on_cancel(task)


def _set_state(self: Task, value: int) -> None:
    self._state = value


def apply() -> None:
    """Put them in place."""
    util_task.TaskIterator.__init__.__defaults__ = (None, _ENDLESS, True, None)
    bpmn_task.BpmnTaskIterator.__init__.__defaults__ = (None, _ENDLESS, True, False, None)
    Task.is_descendant_of = _is_descendant_of
    Task.find_ancestor = _find_ancestor
    Task.cancel = _cancel
    Task._set_state = _set_state
    SpiffWorkflow.task.uuid4 = new_id
