"""Wordings: every event that the code can record, and every message that a process sends, is put in words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain import wordings

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "service").rglob("*.py"))
RECORDING = {"record", "_record"}
TYPE = re.compile(r"[a-z]+(_[a-z]+)+")


class Module:
    """One source file, and the types of events that it records."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        self.constants = {
            target.id: node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def types(self) -> Iterator[str]:
        for function in self.functions:
            for call in self.calls(function):
                if self.name_of(call) in RECORDING or self.is_log(call):
                    for given in (*call.args, *(each.value for each in call.keywords)):
                        yield from self.values(given, function)

    def values(self, given: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
        """What an argument can be: a text, either of two, a constant, or what callers give."""
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            if TYPE.fullmatch(given.value):
                yield given.value
        elif isinstance(given, ast.IfExp):
            yield from self.values(given.body, function)
            yield from self.values(given.orelse, function)
        elif isinstance(given, ast.Name) and given.id in self.constants:
            yield from self.values(self.constants[given.id], function)
        elif isinstance(given, ast.Name) and given.id in ("type", "event"):
            place = [each.arg for each in function.args.args].index(given.id)
            for caller in self.functions:
                for call in self.calls(caller):
                    if self.name_of(call) == function.name and len(call.args) > place:
                        yield from self.values(call.args[place], caller)

    def calls(self, function: ast.FunctionDef) -> list[ast.Call]:
        return [node for node in ast.walk(function) if isinstance(node, ast.Call)]

    def name_of(self, call: ast.Call) -> str:
        return getattr(call.func, "attr", "") or getattr(call.func, "id", "")

    def is_log(self, call: ast.Call) -> bool:
        return self.name_of(call) == "append" and ast.unparse(call.func).endswith("log.append")


@pytest.fixture(scope="module")
def recorded() -> set[str]:
    """The types of all events that the code can record."""
    constants = {"instance_started"}  # INSTANCE_STARTED comes from the history's own module.
    return constants | {each for path in SOURCES for each in Module(path).types()}


def test_every_event_that_the_code_can_record_has_a_wording(recorded: set[str]) -> None:
    assert {"award_expired", "person_activated", "rows_sealed", "user_task_completed"} <= recorded
    assert recorded - wordings.events().keys() == set()


def test_no_wording_is_kept_for_an_event_that_nothing_records(recorded: set[str]) -> None:
    assert wordings.events().keys() - recorded == set()


def test_every_message_of_the_shipped_processes_has_a_wording() -> None:
    names = {
        name
        for path in (ROOT / "processes").rglob("*.bpmn")
        for name in re.findall(r'<bpmn:message id="\w+" name="(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert names
    assert names == wordings.messages().keys()


def test_a_wording_is_a_chinese_sentence_without_its_full_stop() -> None:
    for type, text in wordings.events().items():
        assert re.search(r"[\u4e00-\u9fff]", text), type
        assert not text.endswith("。"), type
        assert not re.search(r"[A-Za-z]", wordings.NAME.sub("", text)), type


def test_a_part_is_left_out_where_what_it_names_is_not_known() -> None:
    completed = {"who": "张三", "step": "市级审核"}
    assert wordings.sentence("user_task_completed", completed) == "张三 办结任务“市级审核”"
    assert wordings.sentence("user_task_completed", completed | {"decision": "同意"}).endswith(
        "，决定为“同意”"
    )
