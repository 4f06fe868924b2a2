"""Which elements and sequence flows a command passed, for the diagram and for coverage."""

from collections.abc import Iterable, Iterator, Mapping

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.engine import xml
from service.engine.definitions import Definition

Flows = Mapping[tuple[str, str, str], list[str]]
"""(scope, source, target) → ids of the flows between the two, nearly always one."""

_SEQUENCE_FLOW = "{http://www.omg.org/spec/BPMN/20100524/MODEL}sequenceFlow"
_CACHED = 256
_cache: dict[str, Flows] = {}


def flows_of(session: Session, definition_id: str) -> Flows:
    """The sequence flows of a definition and of what it calls; read once, for a definition never changes."""
    found = _cache.get(definition_id)
    if found is None:
        files = session.execute(select(Definition.bpmn).where(Definition.id == definition_id)).scalar_one()
        if len(_cache) >= _CACHED:
            _cache.clear()
        found = _cache[definition_id] = _read(files)
    return found


def passed_ids(tasks: Iterable[Task], flows: Flows) -> list[str]:
    """The ids of what was passed, in order: each element, then the flows on which it was left."""
    ids: list[str] = []
    for task in tasks:
        source = task.task_spec.bpmn_id
        if source is not None and task.state == TaskState.COMPLETED:
            ids.append(source)
            for target in _reached(task):
                ids.extend(flows.get((task.workflow.spec.name, source, target), ()))
    return ids


def _reached(task: Task) -> Iterator[str]:
    """The elements that follow in the tree. The engine puts splits and joins of its own between some."""
    pending = list(task.children)
    while pending:
        child = pending.pop(0)
        if child.has_state(TaskState.PREDICTED_MASK):
            continue
        if child.task_spec.bpmn_id is None:
            pending.extend(child.children)
        else:
            yield child.task_spec.bpmn_id


def _read(files: Mapping[str, str]) -> Flows:
    flows: dict[tuple[str, str, str], list[str]] = {}
    for name, text in files.items():
        for flow in xml.parse(text.encode(), name).iter(_SEQUENCE_FLOW):
            scope = flow.getparent()
            assert scope is not None, "the root is no flow"
            ends = (scope.get("id", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))
            flows.setdefault(ends, []).append(flow.get("id", ""))
    return flows
