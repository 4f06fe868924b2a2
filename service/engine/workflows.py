"""What is done with an instance in memory: run until it waits, say for what, hand it a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine.clocked import due_of
from service.engine.errors import EndlessLoop
from service.engine.trees import Subworkflow, Workflow

if TYPE_CHECKING:
    from service.engine.scripts import Scripts

MAX_STEPS = 1_000
"""As many elements in one command mean a loop that waits for nobody."""


@dataclass
class Waiting:
    """What an instance waits for. The keys are the engine's task ids."""

    user_tasks: dict[str, Task] = field(default_factory=dict)
    timers: dict[str, tuple[Task, datetime]] = field(default_factory=dict)
    subscriptions: dict[tuple[str, str], tuple[Task, MessageEventDefinition]] = field(default_factory=dict)
    """By task and message name."""

    @property
    def is_nothing(self) -> bool:
        return not (self.user_tasks or self.timers or self.subscriptions)


def waiting(workflow: Workflow) -> Waiting:
    """What the instance waits for now."""
    found = Waiting()
    for task in workflow.all_tasks():
        if task.state == TaskState.READY:
            if task.task_spec.manual:
                found.user_tasks[task.id] = task
        elif task.state == TaskState.WAITING:
            definition = getattr(task.task_spec, "event_definition", None)
            if definition is None:
                continue
            if (due := due_of(task)) is not None:
                found.timers[task.id] = (task, due)
            for message in messages_of(definition):
                found.subscriptions[task.id, message.name] = (task, message)
    return found


def messages_of(definition: object) -> list[MessageEventDefinition]:
    """The messages that an event takes: one, or several at an event gateway."""
    each = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
    return [one for one in each if isinstance(one, MessageEventDefinition)]


@dataclass
class Moves:
    """What happened in a command: the tasks that were completed, and the timers that fired, in order."""

    passed: list[Task] = field(default_factory=list)
    fired: list[tuple[Task, datetime]] = field(default_factory=list)


def settle(workflow: Workflow, until: datetime, moves: Moves) -> None:
    """Run until the instance waits for what lies after `until`.

    Overdue timers fire one after the other, each with all that follows from it, as they would have in time.
    """
    scripts = workflow.script_engine
    while True:
        while _step(workflow, moves.passed):
            pass
        timers = waiting(workflow).timers.values()
        due = min((due for _, due in timers), default=None)
        if due is None or due > until:
            return
        scripts.horizon = max(scripts.horizon, due)
        moves.fired += [timer for timer in timers if timer[1] <= scripts.horizon]
        workflow.refresh_timers()


def _step(workflow: Workflow, passed: list[Task]) -> bool:
    """Run what is ready, the innermost subprocesses first; False when nothing was."""
    active = workflow.get_active_subprocesses()
    moved = False
    for sub in sorted(active, key=lambda sub: sub.depth, reverse=True):
        while _run(sub, passed):
            moved = True
        holder = workflow.get_task_from_id(sub.parent_task_id)
        holder.task_spec._update(holder)
    moved = _run(workflow, passed) or moved
    return moved or len(workflow.get_active_subprocesses()) > len(active)


def _run(workflow: Workflow | Subworkflow, passed: list[Task]) -> bool:
    ready = workflow.ready()
    for task in ready:
        if task.state == TaskState.READY:  # Another of them may have cancelled it.
            task.run()
            passed.append(task)
    if len(passed) > MAX_STEPS:
        raise EndlessLoop(passed[-1].task_spec.bpmn_name or passed[-1].task_spec.bpmn_id)
    return bool(ready)


def correlation_of(task: Task, definition: MessageEventDefinition) -> dict[str, Any]:
    """What a waiting task asks of a message: the values of its processVariableCorrelation."""
    scripts = task.workflow.script_engine
    return {
        prop.name: scripts.evaluate(task, prop.retrieval_expression)
        for prop in definition.process_correlations
    }


def thrown(scripts: "Scripts", event: BpmnEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """The correlation and the payload of a message that was thrown; the payload holds the properties."""
    payload = dict(event.payload or {})
    correlation = {
        prop.name: scripts.environment.evaluate(prop.retrieval_expression, payload)
        for prop in event.event_definition.correlation_properties
    }
    return correlation, payload


def receive(task: Task, definition: MessageEventDefinition, payload: Mapping[str, Any]) -> None:
    """Hand a message to a task that waits for it; the host has matched name and correlation."""
    event = BpmnEvent(definition, dict(payload))
    if isinstance(task.task_spec.event_definition, MultipleEventDefinition):
        task._set_internal_data(seen_events=[*task._get_internal_data("seen_events", []), event])
    else:
        definition.catch(task, event)
    task.task_spec._update(task)
