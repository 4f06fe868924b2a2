"""An instance in memory, for the tests of what SpiffWorkflow does: no database, but our own specs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine import xml
from service.engine.definitions import Loaded
from service.engine.parser import Parser
from service.engine.scripts import Scripts
from service.engine.serializer import dump_state, load_state, spec_from_dict, spec_to_dict
from service.engine.services import Services
from service.engine.trees import Workflow
from service.engine.workflows import Moves, settle, waiting

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Drawn:
    """A process as it is deployed: its specs parsed, and deserialized once."""

    def __init__(self, content: bytes, process_id: str = "main") -> None:
        parser = Parser()
        parser.add_bpmn_xml(xml.parse(content, "test.bpmn"), "test.bpmn")
        self.parsed = parser.get_spec(process_id)
        self.parsed_subprocesses = parser.get_subprocess_specs(process_id)
        self.spec = spec_from_dict(spec_to_dict(self.parsed))
        self.subprocess_specs = {
            name: spec_from_dict(spec_to_dict(spec)) for name, spec in self.parsed_subprocesses.items()
        }


class Run:
    """An instance of it, which goes through its stored form between any two steps."""

    def __init__(self, drawn: Drawn, now: datetime = START, **data: Any) -> None:
        self.drawn = drawn
        self.now = now
        self.moves = Moves()
        self.workflow = Workflow(drawn.spec, drawn.subprocess_specs, self._scripts())
        self.workflow.task_tree.data.update(data)
        self.go_on()

    def _scripts(self) -> Scripts:
        loaded = cast(Loaded, SimpleNamespace(parameters={}, decisions={}))
        return Scripts(loaded, Services(), self.now, lambda task: cast(Any, None))

    def go_on(self, reload: bool = True) -> None:
        """Settle, and store and load again."""
        settle(self.workflow, self.now, self.moves)
        if reload:
            self.reload()

    def reload(self) -> None:
        self.load(dump_state(self.workflow))

    def load(self, state: bytes) -> "Run":
        """Be as when this state was stored."""
        self.workflow = load_state(state, self.drawn.spec, self.drawn.subprocess_specs, self._scripts())
        return self

    def at(self, now: datetime) -> "Run":
        """Go on at another time."""
        self.now = now
        self.reload()
        self.go_on()
        return self

    def ready(self) -> list[str]:
        """The ids of the user tasks that can be done."""
        return sorted(task.task_spec.bpmn_id for task in waiting(self.workflow).user_tasks.values())

    def task(self, element_id: str, state: int = TaskState.READY) -> Task:
        """A task of this element in this state."""
        return next(
            task
            for task in self.workflow.all_tasks()
            if task.task_spec.bpmn_id == element_id and task.state == state and task.task_spec.manual
        )

    def do(self, element_id: str, *, reload: bool = True, **data: Any) -> "Run":
        """Complete a user task."""
        task = self.task(element_id)
        task.data.update(data)
        task.run()
        self.go_on(reload)
        return self

    def data(self, element_id: str) -> Mapping[str, Any]:
        """The data that a user task would be done with."""
        return cast(Mapping[str, Any], self.task(element_id).data)
