"""Who a new user task is for: the element's own office, its lane, or those of what calls it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from service.engine.errors import AssignmentUnknown, DueInvalid
from service.engine.scripts import Scripts
from service.engine.services import Assignment, Context

if TYPE_CHECKING:
    from service.engine.definitions import Element, Loaded


def element_of(loaded: "Loaded", task: Task) -> "Element | None":
    """What the drawing says of a task's element; None for what the engine added."""
    if task.task_spec.bpmn_id is None:
        return None
    return loaded.elements.get((task.workflow.spec.name, task.task_spec.bpmn_id))


def assignable(loaded: "Loaded", task: Task, element: "Element") -> "Element":
    """The element with `office` and `level` among its properties, and its lanes outwards through the calls.

    Innermost wins, one level after the other: what the element says itself, the lane that it stands in, what
    the calling activity says, the calling activity's lane. A called process has only lanes of its own.
    """
    lanes: list[str] = []
    found: Mapping[str, str] = {}
    current: Element | None = element
    holder = task
    while current is not None:
        lanes.extend(lane for lane in current.lanes if lane not in lanes)
        if not found:
            found = _office(loaded, current)
        workflow = holder.workflow
        if workflow.parent_task_id is None:
            break
        holder = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        current = element_of(loaded, holder)
    return replace(element, lanes=tuple(lanes), properties={**element.properties, **found})


def assign(context: Context, scripts: Scripts, element: "Element", data: Mapping[str, Any]) -> Assignment:
    """Who it is for: `assignee` is an expression that gives a person's id. AssignmentUnknown where nobody."""
    given = scripts.services.assignment(context, element, data)
    if expression := element.properties.get("assignee"):
        given = replace(given, person_id=str(scripts.value(expression, scripts.names_in(data))))
    if given.office is None and given.person_id is None:
        raise AssignmentUnknown(element.name or element.id)
    return given


def due_at(scripts: Scripts, element: "Element", data: Mapping[str, Any]) -> datetime | None:
    """When it is to be done by: `due` is an expression that gives ISO text with an offset."""
    expression = element.properties.get("due")
    if not expression:
        return None
    value = scripts.value(expression, scripts.names_in(data))
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DueInvalid(element.name or element.id, expression, value) from error
    if instant.tzinfo is None:
        raise DueInvalid(element.name or element.id, expression, value)
    return instant.astimezone(UTC)


def _office(loaded: "Loaded", element: "Element") -> Mapping[str, str]:
    own = {key: element.properties[key] for key in ("office", "level") if key in element.properties}
    if "office" in own:
        return own
    for lane in element.lanes:
        if drawn := loaded.lanes.get(lane):
            return {**drawn, **own}
    return {}
