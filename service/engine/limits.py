"""Lifts SpiffWorkflow's silent depth limits, so that a case that was sent back 200 times still goes on.

Its task iterators stop at depth 1,000 without a word (a task is then never found), and three walks over a
task's ancestors or descendants recurse once a level. tests/engine/test_contract_depth.py pins both.
"""

from collections.abc import Iterator

from SpiffWorkflow.bpmn.util import task as bpmn_task
from SpiffWorkflow.task import Task
from SpiffWorkflow.util import task as util_task
from SpiffWorkflow.util.task import TaskState

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
    """As the original, which calls itself for the children of what has finished: here they are walked."""
    pending = [self]
    while pending:
        task = pending.pop()
        if task.has_state(TaskState.FINISHED_MASK):
            pending.extend(reversed(task.children))
        else:
            task._set_state(TaskState.CANCELLED)
            task._drop_children()
            task.task_spec._on_cancel(task)


def lift() -> None:
    """Replace the limited parts. Called once, when the serializer is imported, before any workflow exists."""
    util_task.TaskIterator.__init__.__defaults__ = (None, _ENDLESS, True, None)
    bpmn_task.BpmnTaskIterator.__init__.__defaults__ = (None, _ENDLESS, True, False, None)
    Task.is_descendant_of = _is_descendant_of
    Task.find_ancestor = _find_ancestor
    Task.cancel = _cancel
