"""The tree of an instance in memory: SpiffWorkflow's workflows and tasks, quicker and without its limits."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import EndEvent
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow, BpmnSubWorkflow
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

from service.store.database import new_id

if TYPE_CHECKING:
    from service.engine.scripts import Scripts

# The iterators stop at depth 1,000 without a word, and a task that lies deeper is never found. What uses them
# takes their defaults, so these are the one thing that is changed in the library itself.
_ENDLESS = 10**9
TaskIterator.__init__.__defaults__ = (None, _ENDLESS, True, None)
BpmnTaskIterator.__init__.__defaults__ = (None, _ENDLESS, True, False, None)


class ProcessTask(Task):
    """A task of the tree. Walks over its ancestors are loops, for a recursion ends at depth 1,000.

    Its id is a text, whose comparison costs a tenth of a UUID's; and a change of state is just that, where
    the original gathers what a log would say and asks the machine for the time.
    """

    def _add_child(self, task_spec: TaskSpec, state: int = TaskState.MAYBE) -> "ProcessTask":
        if self.has_state(TaskState.PREDICTED_MASK) and not state & TaskState.PREDICTED_MASK:
            raise WorkflowException("a predicted task has only predicted children", task_spec=self.task_spec)
        child = ProcessTask(self.workflow, task_spec, self, state=state, id=new_id())
        if state == TaskState.READY:
            child._ready()
        return child

    def _set_state(self, value: int) -> None:
        self._state = value

    def _ancestors(self) -> Iterator[Task]:
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    def is_descendant_of(self, task: Task) -> bool:
        return any(ancestor is task for ancestor in self._ancestors())

    def find_ancestor(self, spec_name: str) -> Task | None:
        return next((found for found in self._ancestors() if found.task_spec.name == spec_name), None)

    def cancel(self) -> None:
        pending: list[Task] = [self]
        while pending:
            task = pending.pop()
            if task.has_state(TaskState.FINISHED_MASK):
                pending.extend(reversed(task.children))
            else:
                task._set_state(TaskState.CANCELLED)
                task._drop_children()
                task.task_spec._on_cancel(task)


class _Tree(BpmnBaseWorkflow):
    """Grows from a ProcessTask, and looks at its tasks in a row where the original climbs through them."""

    def __init__(self, *arguments: Any, deserializing: bool = False, **options: Any) -> None:
        super().__init__(*arguments, deserializing=True, **options)
        if not deserializing:
            self.task_tree = ProcessTask(self, self.spec.start, state=TaskState.FUTURE, id=new_id())
            self.task_tree.task_spec._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
            self.task_tree._ready()

    def ready(self) -> list[Task]:
        """The tasks that the engine is to run by itself."""
        ready = [task for task in self.tasks.values() if task.state == TaskState.READY]
        return [task for task in ready if not task.task_spec.manual]

    def update_waiting_tasks(self) -> None:
        for task in [task for task in self.tasks.values() if task.state == TaskState.WAITING]:
            if task.state == TaskState.WAITING and task.id in self.tasks:
                task.task_spec._update(task)


class Subworkflow(_Tree, BpmnSubWorkflow):
    """An embedded subprocess, or a called process."""


class Workflow(_Tree, BpmnWorkflow):
    """An instance in memory, on the shared specs of its definition."""

    def __init__(
        self,
        spec: BpmnProcessSpec,
        subprocess_specs: Mapping[str, BpmnProcessSpec],
        scripts: "Scripts | None" = None,
        *,
        deserializing: bool = False,
    ) -> None:
        super().__init__(spec, subprocess_specs, script_engine=scripts, deserializing=deserializing)
        self.event_manager = _HostedEvents(self)

    def create_subprocess(self, my_task: Task, spec_name: str) -> Subworkflow:
        spec = self.subprocess_specs[spec_name]
        sub = self.subprocesses[my_task.id] = Subworkflow(spec, my_task.id, self)
        return sub

    def all_tasks(self) -> Iterator[Task]:
        """Every task of the instance and of its subprocesses."""
        yield from self.tasks.values()
        for subprocess in self.subprocesses.values():
            yield from subprocess.tasks.values()

    def find(self, task_id: str) -> Task | None:
        """The task with this id."""
        for workflow in (self, *self.subprocesses.values()):
            if task_id in workflow.tasks:
                return workflow.tasks[task_id]
        return None

    def end_events(self) -> list[str]:
        """The end events of the process itself that were reached."""
        ends = (task for task in self.tasks.values() if isinstance(task.task_spec, EndEvent))
        return [task.task_spec.bpmn_id for task in ends if task.state == TaskState.COMPLETED]


class _HostedEvents(EventManager):
    """Lets no message be caught inside the instance that threw it: all go through the host's tables."""

    def catch(self, event: BpmnEvent, internal: bool = True) -> int:
        if isinstance(event.event_definition, MessageEventDefinition):
            self.workflow.bpmn_events.append(event)
            return 0
        return super().catch(event, internal)
