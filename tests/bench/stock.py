"""Yardstick: SpiffWorkflow as it comes: its serializer's JSON in one column, and an inbox row.

Runs in a process of its own (`python -m tests.bench.stock folder`), for Laurel's engine changes the library.
"""

import gc
import json
import re
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any
from uuid import uuid4

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

from tests.bench.paths import PATHS, Path

SCHEMA = """
CREATE TABLE instance (id TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE inbox (task_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL, name TEXT NOT NULL);
CREATE INDEX inbox_instance ON inbox (instance_id);
"""
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


class Scripts(PythonScriptEngine):
    """Services and decision tables cost nothing here: only the library is measured."""

    def __init__(self, results: Mapping[str, Any]) -> None:
        super().__init__()
        self.results = results

    def call_service(self, context: Any, **_: Any) -> str:
        return json.dumps(self.results.get(context.task_spec.result_variable, {}))


class Stock:
    """One process, embedded as the library's own documentation shows."""

    def __init__(self, path: Path, file: File) -> None:
        self.path, self.scripts = path, Scripts(path.results)
        self.spec = _parse(path)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):  # As Laurel's own database.
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA)
        self.statements = 0

    def start(self) -> str:
        workflow = BpmnWorkflow(self.spec, script_engine=self.scripts)
        workflow.task_tree.data.update(self.path.variables)
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

    def complete(self, instance_id: str, task_id: str, decision: str, content: Mapping[str, Any]) -> None:
        """Complete a user task: what was filled in goes into the task's data, as it must without tables."""
        self._execute("BEGIN IMMEDIATE")
        (state,) = self._execute("SELECT state FROM instance WHERE id = ?", instance_id).fetchone()
        workflow = self.serializer.deserialize_json(state)
        workflow.script_engine = self.scripts
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        task = next(each for each in ready if each.id.hex == task_id)
        task.data.update({"decision": decision, task.task_spec.bpmn_id: content})
        task.run()
        workflow.do_engine_steps()
        self._execute("UPDATE instance SET state = ? WHERE id = ?", self._dump(workflow), instance_id)
        self._execute("DELETE FROM inbox WHERE task_id = ?", task_id)
        self._insert_inbox(instance_id, workflow)
        self._execute("COMMIT")

    def walk(self, contents: Mapping[str, Any]) -> dict[str, Any]:
        """One case along the path: seconds and SQL statements of its completions, bytes of its state."""
        instance, spent = self.start(), 0.0
        self.statements = 0
        for step in self.path.steps:
            content = {"opinion": step.opinion, **{form: contents[form] for form in step.forms}}
            task = self.open_task(instance, step.element)
            began = time.perf_counter()
            self.complete(instance, task, step.decision, content)
            spent += time.perf_counter() - began
        (state,) = self.connection.execute(
            "SELECT length(CAST(state AS BLOB)) FROM instance WHERE id = ?", (instance,)
        ).fetchone()
        return {"seconds": spent, "statements": self.statements, "state": state}

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


def _parse(path: Path) -> BpmnProcessSpec:
    """The shipped file, with what only Laurel's evaluator can read put into the library's own terms."""
    root = etree.parse(path.file).getroot()
    for rule in root.iter(f"{BPMN}businessRuleTask"):
        rule.tag = f"{BPMN}scriptTask"
        for extension in rule.findall(f"{BPMN}extensionElements"):
            rule.remove(extension)
        etree.SubElement(rule, f"{BPMN}script").text = f"{rule.get('id')} = []"
    for condition in root.iter(f"{BPMN}conditionExpression"):
        condition.text = re.sub(r"\b(\w+)\.(\w+)\b", r'\1["\2"]', condition.text or "")
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(root)
    return parser.get_spec(path.process)


if __name__ == "__main__":
    assert not any(name.split(".")[0] == "service" for name in sys.modules), "the library must be as it comes"
    folder = File(sys.argv[1])
    given = json.loads((folder / "contents.json").read_text())
    yardsticks = {path.process: Stock(path, folder / f"stock-{path.process}.sqlite") for path in PATHS}
    gc.collect()
    gc.freeze()  # As Laurel's server does.
    for line in sys.stdin:  # Each names the process of the case to walk.
        print(json.dumps(yardsticks[line.strip()].walk(given)), flush=True)
