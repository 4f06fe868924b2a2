"""Specs to and from plain dicts, and an instance's state to and from a small blob of its tasks only."""

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.event_definition import TimerConditionalEventDefinitionConverter
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine.clocked import DateTimer, DurationTimer
from service.engine.trees import ProcessTask, Subworkflow, Workflow
from service.store.database import to_json

if TYPE_CHECKING:
    from service.engine.scripts import Scripts


STATE_VERSION = 1
_SEEN = "seen_events"
JSON = dict[str, Any]


def _serializer() -> BpmnWorkflowSerializer:
    registry = BpmnWorkflowSerializer.configure(DEFAULT_CONFIG)
    # The stock classes still go to dicts; under their names the clocked ones come back.
    TimerConditionalEventDefinitionConverter(DateTimer, registry, TimeDateEventDefinition.__name__)
    TimerConditionalEventDefinitionConverter(DurationTimer, registry, DurationTimerEventDefinition.__name__)
    return BpmnWorkflowSerializer(registry)


SERIALIZER = _serializer()
"""For specs only. `specs` registers the converters of its own classes with `.registry`."""


def spec_to_dict(spec: BpmnProcessSpec) -> JSON:
    """A parsed spec as JSON, whose key order matters: keep it as text, never in a store that sorts keys."""
    return cast(JSON, SERIALIZER.to_dict(spec))


def spec_from_dict(content: JSON) -> BpmnProcessSpec:
    """The spec to run: its timers are clocked, its multi-instances wired. Instances share it unchanged.

    A freshly *parsed* spec must not be run: a multi-instance on it waits for ever once it has been
    reloaded. The dict is used up: hand over one of your own.
    """
    return SERIALIZER.from_dict(content)


def dump_state(workflow: Workflow) -> bytes:
    """The state of an instance at rest, without its specs: about 1 KB. Task data is kept as what changed."""
    content = {
        "version": STATE_VERSION,
        "top": _dump_workflow(workflow),
        "subprocesses": {task_id: _dump_workflow(sub) for task_id, sub in workflow.subprocesses.items()},
    }
    return zlib.compress(to_json(content).encode(), 1)


def load_state(
    state: bytes, spec: BpmnProcessSpec, subprocess_specs: Mapping[str, BpmnProcessSpec], scripts: "Scripts"
) -> Workflow:
    """The instance that `dump_state` wrote, on the specs of its definition."""
    content = json.loads(zlib.decompress(state))
    if content["version"] != STATE_VERSION:
        raise ValueError(f"state version {content['version']}, not {STATE_VERSION}")
    workflow = Workflow(spec, subprocess_specs, scripts, deserializing=True)
    _load_workflow(workflow, content["top"])
    subprocesses = content["subprocesses"]
    pending: list[Workflow | Subworkflow] = [workflow] if subprocesses else []
    while pending:  # A subprocess comes after the one that holds its task.
        for task in pending.pop().tasks.values():
            if task.id in subprocesses:
                sub = Subworkflow(
                    subprocess_specs[task.task_spec.spec], task.id, workflow, deserializing=True
                )
                workflow.subprocesses[task.id] = sub
                _load_workflow(sub, subprocesses[task.id])
                sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
                pending.append(sub)
    return workflow


def _dump_workflow(workflow: Workflow | Subworkflow) -> JSON:
    return {
        "root": workflow.task_tree.id,
        "last": workflow.last_task.id if workflow.last_task is not None else None,
        "success": workflow.success,
        "completed": workflow.completed,
        "correlations": workflow.correlations,
        # All else in a workflow's own data is a copy of its last task's.
        "objects": workflow.data.get("data_objects"),
        "tasks": [_dump_task(task) for task in workflow.tasks.values()],
    }


def _dump_task(task: Task) -> list[Any]:
    data, parent, internal = task.data, task.parent, task.internal_data
    if _SEEN in internal:
        # The events that an event gateway has seen. It has run on them: an instance is stored at rest.
        internal = {key: value for key, value in internal.items() if key != _SEEN}
    row = [
        task.id,
        task._parent,
        task._children,
        task.state,
        task.task_spec.name,
        int(task.triggered),
        internal,
    ]
    if parent is None or not data or not parent.data:
        return [*row, data]
    inherited = parent.data
    updates = {key: value for key, value in data.items() if key not in inherited or inherited[key] != value}
    return [*row, updates, [key for key in inherited if key not in data]]


def _load_workflow(workflow: Workflow | Subworkflow, content: JSON) -> None:
    for row in content["tasks"]:
        _load_task(workflow, row)
    workflow.task_tree = workflow.tasks[content["root"]]
    workflow.last_task = workflow.tasks.get(content["last"])
    workflow.success = content["success"]
    workflow.completed = content["completed"]
    workflow.correlations = content["correlations"]
    if content["objects"] is not None:
        workflow.data["data_objects"] = content["objects"]


def _load_task(workflow: Workflow | Subworkflow, row: list[Any]) -> None:
    task_id, parent, children, state, spec_name, triggered, internal_data, data, *removed = row
    spec = workflow.spec.task_specs[spec_name]
    task = ProcessTask(workflow, spec, state=state, id=task_id)
    task._parent = parent
    task._children = children
    task.triggered = bool(triggered)
    task.internal_data = internal_data
    if removed:
        inherited = task.parent.data
        if not task.has_state(TaskState.FINISHED_MASK):
            # What can still run gets values of its own: the engine merges into them in place.
            inherited = _copy(inherited)
        data = {**inherited, **data}
        for key in removed[0]:
            del data[key]
    task.data = data
    if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
