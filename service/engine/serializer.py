"""Specs to and from plain dicts, and an instance's state to and from a small blob of its tasks only."""

import json
import zlib
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.event_definition import TimerConditionalEventDefinitionConverter
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine import limits
from service.engine.errors import TimerInvalid

limits.lift()

STATE_VERSION = 1
JSON = dict[str, Any]


class _Clocked(TimerEventDefinition):
    """A timer on the clock of the script engine: its due time is fixed once, it fires when due <= now.

    The engine's own timers read the machine's clock, and compare with `<`: never fired at the very instant.
    """

    def has_fired(self, my_task: Task) -> bool:
        script_engine = my_task.workflow.script_engine
        due = my_task._get_internal_data("event_value")
        if due is None:
            value = script_engine.evaluate(my_task, self.expression)
            try:
                due = self.due(value, script_engine.clock.now()).astimezone(UTC).isoformat()
            except Exception as error:
                name = my_task.task_spec.bpmn_name or my_task.task_spec.bpmn_id
                raise TimerInvalid(name, self.expression, value) from error
            my_task._set_internal_data(event_value=due)
        if datetime.fromisoformat(due) <= script_engine.clock.now():
            my_task._set_internal_data(event_fired=True)
        return cast(bool, my_task._get_internal_data("event_fired", False))

    def due(self, value: str, now: datetime) -> datetime:
        """The instant at which a timer with this value, begun now, fires."""
        raise NotImplementedError


class DateTimer(_Clocked, TimeDateEventDefinition):
    """A timer for one instant: ISO text, which must name its offset."""

    def due(self, value: str, now: datetime) -> datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return instant


class DurationTimer(_Clocked, DurationTimerEventDefinition):
    """A timer for a span of time from now: an ISO duration."""

    def due(self, value: str, now: datetime) -> datetime:
        return now + cast(Any, self.get_timedelta_from_start(self.parse_iso_duration(value), now))


def _serializer() -> BpmnWorkflowSerializer:
    registry = BpmnWorkflowSerializer.configure(DEFAULT_CONFIG)
    # The stock classes still go to dicts; under their names the clocked ones come back.
    TimerConditionalEventDefinitionConverter(DateTimer, registry, TimeDateEventDefinition.__name__)
    TimerConditionalEventDefinitionConverter(DurationTimer, registry, DurationTimerEventDefinition.__name__)
    return BpmnWorkflowSerializer(registry)


SERIALIZER = _serializer()
"""For specs only. A module with spec classes of its own registers their converters with `.registry`."""


def spec_to_dict(spec: BpmnProcessSpec) -> JSON:
    """A parsed spec as JSON, whose key order matters: keep it as text, never in a store that sorts keys."""
    return cast(JSON, SERIALIZER.to_dict(spec))


def spec_from_dict(content: JSON) -> BpmnProcessSpec:
    """The spec to run: its timers are clocked, its multi-instances wired. Instances share it unchanged.

    A freshly *parsed* spec must not be run: a multi-instance on it waits for ever once it has been
    reloaded. The dict is used up: hand over one of your own.
    """
    return SERIALIZER.from_dict(content)


def dump_state(workflow: BpmnWorkflow) -> bytes:
    """The state of an instance at rest, without its specs: about 1 KB. Task data is kept as what changed."""
    content = {
        "version": STATE_VERSION,
        "top": _dump_workflow(workflow),
        "subprocesses": {str(task_id): _dump_workflow(sub) for task_id, sub in workflow.subprocesses.items()},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode(), 1)


def load_state(
    state: bytes, spec: BpmnProcessSpec, subprocess_specs: dict[str, BpmnProcessSpec], script_engine: object
) -> BpmnWorkflow:
    """The instance that `dump_state` wrote, on the specs of its definition."""
    content = json.loads(zlib.decompress(state))
    if content["version"] != STATE_VERSION:
        raise ValueError(f"state version {content['version']}, not {STATE_VERSION}")
    workflow = BpmnWorkflow(spec, subprocess_specs, script_engine=script_engine, deserializing=True)
    _load_workflow(workflow, content["top"])
    pending, subprocesses = [workflow], content["subprocesses"]
    while pending:  # A subprocess comes after the one that holds its task.
        parent = pending.pop()
        for task in parent.tasks.values():
            if str(task.id) in subprocesses and isinstance(task.task_spec, SubWorkflowTask):
                sub_spec = subprocess_specs[task.task_spec.spec]
                sub = BpmnSubWorkflow(sub_spec, task.id, workflow, deserializing=True)
                workflow.subprocesses[task.id] = sub
                _load_workflow(sub, subprocesses[str(task.id)])
                sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
                pending.append(sub)
    return workflow


def _dump_workflow(workflow: BpmnWorkflow | BpmnSubWorkflow) -> JSON:
    # Only data objects are ever read from a workflow's own data; the engine copies all task data there.
    objects = workflow.data.get("data_objects")
    return {
        "root": str(workflow.task_tree.id),
        "last": str(workflow.last_task.id) if workflow.last_task is not None else None,
        "success": workflow.success,
        "completed": workflow.completed,
        "correlations": workflow.correlations,
        "objects": objects,
        "tasks": [_dump_task(task) for task in workflow.tasks.values()],
    }


def _dump_task(task: Task) -> list[Any]:
    data, parent = task.data, task.parent
    row = [
        task.id.hex,
        task._parent.hex if task._parent is not None else None,
        [child.hex for child in task._children],
        task.state,
        task.task_spec.name,
        int(task.triggered),
        task.internal_data,
    ]
    if parent is None or not data or not parent.data:
        return [*row, data]
    inherited = parent.data
    updates = {key: value for key, value in data.items() if key not in inherited or inherited[key] != value}
    return [*row, updates, [key for key in inherited if key not in data]]


def _load_workflow(workflow: BpmnWorkflow | BpmnSubWorkflow, content: JSON) -> None:
    for row in content["tasks"]:
        _load_task(workflow, row)
    workflow.task_tree = workflow.tasks[UUID(content["root"])]
    workflow.last_task = workflow.tasks.get(UUID(content["last"])) if content["last"] else None
    workflow.success = content["success"]
    workflow.completed = content["completed"]
    workflow.correlations = content["correlations"]
    if content["objects"] is not None:
        workflow.data["data_objects"] = content["objects"]


def _load_task(workflow: BpmnWorkflow | BpmnSubWorkflow, row: list[Any]) -> None:
    task_id, parent, children, state, spec_name, triggered, internal_data, data, *removed = row
    spec = workflow.spec.task_specs[spec_name]
    task = Task(workflow, spec, state=state, id=UUID(task_id))
    task._parent = UUID(parent) if parent is not None else None
    task._children = [UUID(child) for child in children]
    task.triggered = bool(triggered)
    task.internal_data = internal_data
    if removed:
        gone = set(removed[0])
        inherited = {key: value for key, value in task.parent.data.items() if key not in gone}
        if not task.has_state(TaskState.FINISHED_MASK):
            # What can still run gets values of its own: the engine merges into them in place.
            inherited = {key: _copy(value) for key, value in inherited.items()}
        data = {**inherited, **data}
    task.data = data
    if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
