"""What the layers above hand to the engine: services, effects, functions, and who does a user task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.orm import Session

from service.engine.values import BUILTINS

if TYPE_CHECKING:
    from service.engine.definitions import Element
    from service.engine.engine import ProcessEngine
    from service.engine.history import Log
    from service.engine.instances import Instance
    from service.engine.user_tasks import UserTask

Result = Mapping[str, Any] | None


@dataclass(frozen=True)
class Context:
    """What a service, effect, function or assignment may know of the command that it runs in.

    `instance` is a snapshot of the row; `element` is None for a function in an expression. What is written to
    `session` is saved with the command or, when anything in it fails, not at all.
    """

    session: Session
    engine: "ProcessEngine"
    now: datetime
    actor_id: str | None
    instance: "Instance"
    parameters: Mapping[str, Any]
    element: "Element | None"
    log: "Log"

    def record(self, type: str, **data: Any) -> None:
        """Append an event to the history: `data` holds ids and salted digests, nothing personal."""
        self.log.append(type, data, self.element.id if self.element else None)


@dataclass(frozen=True)
class Completion:
    """A user task being completed: what the person decided, and the forms, already validated and stored."""

    user_task: "UserTask"
    decision: str | None
    person_id: str
    opinion_id: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    """Form key → id of the stored submission."""
    content: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Form key → validated content."""


@dataclass(frozen=True)
class Assignment:
    """Who a user task is for: an office kind at a division, or one person; and what is filled in."""

    office: str | None = None
    division: str | None = None
    person_id: str | None = None
    form_keys: tuple[str, ...] | None = None
    """Where it is not what the element names."""


ServiceFunction = Callable[..., Result]
EffectFunction = Callable[[Context, Completion], Result]
ExpressionFunction = Callable[..., Any]
AssignmentFunction = Callable[[Context, "Element", Mapping[str, Any]], Assignment]

S = TypeVar("S", bound=ServiceFunction)
E = TypeVar("E", bound=EffectFunction)
F = TypeVar("F", bound=ExpressionFunction)


def _by_property(context: Context, element: "Element", data: Mapping[str, Any]) -> Assignment:
    """Where nothing was registered: the office that the element names itself."""
    return Assignment(office=element.properties.get("office"))


class Services:
    """The registry that the engine is given. A name is registered once; BPMN refers to it by that name."""

    def __init__(self) -> None:
        self.services: dict[str, ServiceFunction] = {}
        self.effects: dict[str, EffectFunction] = {}
        self.functions: dict[str, ExpressionFunction] = {}
        self.assignment: AssignmentFunction = _by_property

    def service(self, name: str) -> Callable[[S], S]:
        """`fn(context, **parameters)`: what a service task calls. Its result goes under `resultVariable`."""
        return lambda function: _register(self.services, name, function)

    def effect(self, name: str) -> Callable[[E], E]:
        """`fn(context, completion)`: runs when a user task is completed, before the process goes on.

        The mapping that it returns is merged into the task's data. What it raises reaches the caller of
        `complete` unchanged, and nothing is saved.
        """
        return lambda function: _register(self.effects, name, function)

    def function(self, name: str) -> Callable[[F], F]:
        """`fn(context, *args)`: usable in every expression; it must change nothing.

        What every expression has of itself (`round`, `max` …) would win unseen, so it is refused here.
        """
        if name in BUILTINS:
            raise ValueError(f"{name} is a function that expressions have of themselves")
        return lambda function: _register(self.functions, name, function)


def _register(registry: dict[str, Any], name: str, function: Any) -> Any:
    if name in registry:
        raise ValueError(f"{name} is registered twice")
    registry[name] = function
    return function
