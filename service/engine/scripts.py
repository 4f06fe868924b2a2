"""What a workflow computes with during one command: safe expressions, registered services, a fixed now."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from service.engine import expressions
from service.engine.data import storable
from service.engine.decisions import decide
from service.engine.errors import ServiceUnknown
from service.engine.parser import DECISION_SERVICE
from service.engine.services import Context, Services
from service.store.database import to_json

if TYPE_CHECKING:
    from service.engine.definitions import Loaded

Names = Mapping[str, Any]


class Scripts:
    """SpiffWorkflow's script engine for one command. Errors come out of it with their own type.

    `now` stays what it was when the command began; a timer fires when it is due at `horizon`, which the
    command moves up to now, so that overdue timers fire one after the other.
    """

    def __init__(
        self,
        loaded: "Loaded",
        services: Services,
        now: datetime,
        context_of: Callable[[Task | None], Context],
    ) -> None:
        self.loaded = loaded
        self.services = services
        self.now = now
        self.horizon = datetime.min.replace(tzinfo=now.tzinfo)
        self._context_of = context_of
        self._functions: dict[str, Callable[..., Any]] | None = None

    @property
    def environment(self) -> "_Environment":
        """SpiffWorkflow asks here for what it evaluates without a task: the correlation of a payload."""
        return _Environment(self)

    def names(self, task: Task) -> Names:
        """The variables that a task's expressions see."""
        return self.names_in(task.data, task.workflow.data_objects)

    def names_in(self, data: Names, more: Names | None = None) -> Names:
        reserved = {"parameters": self.loaded.parameters}
        return ChainMap(reserved, data, more) if more else ChainMap(reserved, data)  # type: ignore[arg-type]

    def value(self, expression: str, names: Names) -> Any:
        return expressions.evaluate(expression, names, self.functions)

    def evaluate(self, task: Task, expression: str, external_context: Names | None = None) -> Any:
        """SpiffWorkflow's way of asking for a value: timers, parameters, payloads, other gateways."""
        return storable(self.value(expression, self.names(task)))

    def execute(self, task: Task, script: str, external_context: Names | None = None) -> bool:
        """Run a script task: assignments only."""
        assigned: dict[str, Any] = {}
        names = self.names(task)
        for name, expression in expressions.assignments(script):
            assigned[name] = storable(self.value(expression, ChainMap(assigned, names)), name)  # type: ignore[arg-type]
        task.data.update(assigned)
        return True

    def call_service(self, task: Task, *, operation_name: str, operation_params: Mapping[str, Any]) -> str:
        """Call a registered service, or decide a table; the result as JSON, as SpiffWorkflow wants it."""
        if operation_name.startswith(DECISION_SERVICE):
            decision = self.loaded.decisions[operation_name.removeprefix(DECISION_SERVICE)]
            result = decide(decision, self.names(task), self.functions)
        else:
            function = self.services.services.get(operation_name)
            if function is None:
                raise ServiceUnknown(task.task_spec.bpmn_name or task.task_spec.bpmn_id, operation_name)
            parameters = {name: parameter["value"] for name, parameter in operation_params.items()}
            result = function(self._context_of(task), **parameters)
        return to_json(storable(result, operation_name))

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """What expressions may call beside the built-in functions, bound to the command."""
        if self._functions is None:
            context = self._context_of(None)
            self._functions = {
                name: partial(function, context) for name, function in self.services.functions.items()
            }
            self._functions["now"] = self.now.isoformat
        return self._functions


class _Environment:
    def __init__(self, scripts: Scripts) -> None:
        self.scripts = scripts

    def evaluate(self, expression: str, context: Names, external_context: Names | None = None) -> Any:
        return storable(self.scripts.value(expression, context))
