"""Yardstick: SpiffWorkflow as it comes: its serializer's JSON in one column, and an inbox row.

Runs in a process of its own (`python -m tests.bench.stock file`), for Laurel's engine changes the library.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

from tests.bench.path import PATH, PROCESS, VARIABLES

SCHEMA = """
CREATE TABLE instance (id TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE inbox (task_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL, name TEXT NOT NULL);
CREATE INDEX inbox_instance ON inbox (instance_id);
"""


class _Scripts(PythonScriptEngine):
    """Service tasks do nothing: what they cost is not the library's."""

    def call_service(self, context: Any, **_: Any) -> str:
        return "{}"


class Stock:
    """The embedding that the library's own documentation shows."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        # As Laurel's own database.
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA)
        self.statements = 0
        self.statements_of_completions: list[int] = []
        parser = SpiffBpmnParser()
        parser.add_bpmn_file(str(PROCESS))
        self.spec = parser.get_spec("objection")
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))

    def start(self, variables: Mapping[str, Any]) -> str:
        workflow = BpmnWorkflow(self.spec, script_engine=_Scripts())
        workflow.task_tree.data.update(variables)
        workflow.do_engine_steps()
        instance_id = uuid4().hex
        self._execute("BEGIN IMMEDIATE")
        self._execute("INSERT INTO instance VALUES (?, ?)", instance_id, self._dump(workflow))
        self._insert_inbox(instance_id, workflow)
        self._execute("COMMIT")
        return instance_id

    def open_task(self, instance_id: str, element_id: str) -> str:
        """The id of what is to be done, which must be this element."""
        query = "SELECT task_id, name FROM inbox WHERE instance_id = ?"
        task_id, name = self.connection.execute(query, (instance_id,)).fetchone()
        assert name == element_id
        return str(task_id)

    def state_bytes(self) -> int:
        """The state of an instance, on average."""
        query = "SELECT avg(length(CAST(state AS BLOB))) FROM instance"
        return int(self.connection.execute(query).fetchone()[0])

    def complete(self, instance_id: str, task_id: str, decision: str, content: Mapping[str, Any]) -> None:
        """Complete a user task: what was filled in goes into the task's data, as it must without tables."""
        before = self.statements
        self._execute("BEGIN IMMEDIATE")
        (state,) = self._execute("SELECT state FROM instance WHERE id = ?", instance_id).fetchone()
        workflow = self.serializer.deserialize_json(state)
        workflow.script_engine = _Scripts()
        task = next(
            each for each in workflow.get_tasks(state=TaskState.READY, manual=True) if each.id.hex == task_id
        )
        task.data.update({"decision": decision, task.task_spec.bpmn_id: content})
        task.run()
        workflow.do_engine_steps()
        self._execute("UPDATE instance SET state = ? WHERE id = ?", self._dump(workflow), instance_id)
        self._execute("DELETE FROM inbox WHERE task_id = ?", task_id)
        self._insert_inbox(instance_id, workflow)
        self._execute("COMMIT")
        self.statements_of_completions.append(self.statements - before)

    def _insert_inbox(self, instance_id: str, workflow: BpmnWorkflow) -> None:
        for task in workflow.get_tasks(state=TaskState.READY, manual=True):
            name = task.task_spec.bpmn_id
            self._execute("INSERT INTO inbox VALUES (?, ?, ?)", task.id.hex, instance_id, name)

    def _dump(self, workflow: BpmnWorkflow) -> str:
        dumped: str = self.serializer.serialize_json(workflow)
        return dumped

    def _execute(self, statement: str, *values: str) -> sqlite3.Cursor:
        self.statements += 1
        return self.connection.execute(statement, values)


def walk(stock: Stock) -> float:
    """One case along the path; forms and opinions go into the task's data."""
    instance = stock.start(VARIABLES)
    spent = 0.0
    for step in PATH:
        content = {"opinion": step.opinion, "form": {"findings": "核查情况见附件。"} if step.form else {}}
        task = stock.open_task(instance, step.element)
        began = time.perf_counter()
        stock.complete(instance, task, step.decision, content)
        spent += time.perf_counter() - began
    return spent


if __name__ == "__main__":
    assert not any(name.split(".")[0] == "service" for name in sys.modules), "the library must be as it comes"
    yardstick = Stock(Path(sys.argv[1]))
    for _ in sys.stdin:  # A line asks for one walk.
        answer = {
            "seconds": walk(yardstick),
            "statements": yardstick.statements_of_completions,
            "state_bytes": yardstick.state_bytes(),
        }
        print(json.dumps(answer), flush=True)
        yardstick.statements_of_completions = []
