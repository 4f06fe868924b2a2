"""Decision tables (DMN 1.3), evaluated exactly: overlap and no match are errors, and so is a missing input.

SpiffWorkflow's own treats every hit policy but COLLECT as FIRST, and reads FEEL cells as Python.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from lxml import etree

from service.engine.errors import EngineError
from service.engine.expressions import ExpressionFailed, Functions, evaluate, holds, plain
from service.engine.unary_tests import VALUE, is_any, tests_null, translate
from service.engine.values import kind, same, shown

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"

HIT_POLICIES = ("UNIQUE", "ANY", "FIRST", "COLLECT")
"""Not PRIORITY and the two ORDER policies: no procedure needs them, and COLLECT keeps the rules' order."""

KINDS = {
    "number": "数字",
    "integer": "数字",
    "long": "数字",
    "double": "数字",
    "string": "文字",
    "boolean": "是/否",
}
"""What an input's typeRef demands; others demand nothing."""


class DecisionFailed(EngineError):
    """决策表“{table}”无法得出结果：{reason}"""

    fields: ClassVar[tuple[str, ...]] = ("table", "reason")
    table: str
    reason: str


@dataclass(frozen=True)
class Input:
    """A column of conditions: what it is called, and the expression whose value its cells judge.

    `allowed` are the values that it may have (inputValues), as a cell would say it; empty: any.
    """

    label: str
    expression: str
    type: str
    allowed: str = ""


@dataclass(frozen=True)
class Output:
    """A column of results; `name` is its key in the result."""

    label: str
    name: str


@dataclass(frozen=True)
class Rule:
    """A row: its number as the table shows it, its conditions and its result expressions, as written."""

    row: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]

    @cached_property
    def tests(self) -> list[tuple[int, str]]:
        """(column, condition on VALUE) of the cells that ask for something."""
        return [(column, translate(cell)) for column, cell in enumerate(self.conditions) if not is_any(cell)]


@dataclass(frozen=True)
class Decision:
    """One decision table."""

    id: str
    name: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    has_table: bool = True
    ignored: tuple[str, ...] = ()
    """What it holds beside its table that would have no effect, by its tag: `literalExpression` …"""

    @property
    def title(self) -> str:
        return self.name or self.id

    def column(self, number: int) -> str:
        """The label of an input column, from 0."""
        return self.inputs[number].label or self.inputs[number].expression


def read(root: etree._Element) -> list[Decision]:
    """The decisions of a DMN file, as written; `lint` judges them."""
    return [_decision(element) for element in root.iterfind(f"{DMN}decision")]


def decide(decision: Decision, names: Mapping[str, Any], functions: Functions | None = None) -> Any:
    """The result: {output name: value} for UNIQUE, ANY and FIRST; a list of such, in rule order, for COLLECT.

    Values are plain JSON. COLLECT without a match is an empty list, as DMN has it; for the others no match is
    an error. DecisionFailed names the table, the rules and the inputs.
    """
    values = [_input(decision, column, names, functions) for column in range(len(decision.inputs))]
    hits: list[Rule] = []
    for rule in decision.rules:
        if _hits(decision, rule, values, names, functions):
            hits.append(rule)
            if decision.hit_policy == "FIRST":
                break
    if decision.hit_policy == "COLLECT":
        return [_result(decision, rule, names, functions) for rule in hits]
    if not hits:
        raise DecisionFailed(decision.title, f"没有一条规则符合{_inputs(decision, values)}。请补上这种情形。")
    results = [_result(decision, rule, names, functions) for rule in hits]
    if decision.hit_policy == "ANY" and all(same(results[0], other) for other in results[1:]):
        return results[0]
    if len(hits) > 1:
        rows = "、".join(str(rule.row) for rule in hits)
        reason = f"第 {rows} 条规则同时符合{_inputs(decision, values)}。请让它们不再重叠。"
        raise DecisionFailed(decision.title, reason)
    return results[0]


def _input(decision: Decision, column: int, names: Mapping[str, Any], functions: Functions | None) -> Any:
    expression = decision.inputs[column].expression
    try:
        value = evaluate(expression, names, functions)
    except ExpressionFailed as error:
        reason = f"输入“{decision.column(column)}”（{expression}）缺失或有误：{error.reason}"
        raise DecisionFailed(decision.title, reason) from error
    if value is None:
        if not any(tests_null(rule.conditions[column]) for rule in decision.rules):
            reason = f"输入“{decision.column(column)}”（{expression}）是空的：缺少这项数据。"
            raise DecisionFailed(decision.title, reason)
        return None
    demanded = KINDS.get(decision.inputs[column].type, kind(value))
    if kind(value) != demanded:
        reason = f"输入“{decision.column(column)}”应为{demanded}，得到的却是{kind(value)} {shown(value)}。"
        raise DecisionFailed(decision.title, reason)
    allowed = decision.inputs[column].allowed
    if not is_any(allowed) and not holds(translate(allowed), {VALUE: value}, functions):
        reason = f"输入“{decision.column(column)}”只能是 {allowed}，得到的却是 {shown(value)}。"
        raise DecisionFailed(decision.title, reason)
    return value


def _hits(
    decision: Decision, rule: Rule, values: list[Any], names: Mapping[str, Any], functions: Functions | None
) -> bool:
    for column, test in rule.tests:
        try:
            if not holds(test, ChainMap({VALUE: values[column]}, names), functions):  # type: ignore[arg-type]
                return False
        except ExpressionFailed as error:
            cell = rule.conditions[column]
            reason = f"第 {rule.row} 条规则“{decision.column(column)}”一格 {cell} 无法判断：{error.reason}"
            raise DecisionFailed(decision.title, reason) from error
    return True


def _result(
    decision: Decision, rule: Rule, names: Mapping[str, Any], functions: Functions | None
) -> dict[str, Any]:
    result = {}
    for output, cell in zip(decision.outputs, rule.results, strict=True):
        try:
            result[output.name] = plain(evaluate(cell, names, functions))
        except EngineError as error:
            reason = f"第 {rule.row} 条规则的结果“{output.label or output.name}”无法计算：{error}"
            raise DecisionFailed(decision.title, reason) from error
    return result


def _inputs(decision: Decision, values: list[Any]) -> str:
    listed = "，".join(f"{decision.column(column)} = {shown(value)}" for column, value in enumerate(values))
    return f"（{listed}）"


def _decision(element: etree._Element) -> Decision:
    table = element.find(f"{DMN}decisionTable")
    return Decision(
        id=element.get("id") or "",
        name=" ".join((element.get("name") or "").split()),
        hit_policy=(table.get("hitPolicy") or "UNIQUE") if table is not None else "UNIQUE",
        aggregation=(table.get("aggregation") or "") if table is not None else "",
        inputs=tuple(_column(column) for column in _children(table, "input")),
        outputs=tuple(
            Output(column.get("label") or "", column.get("name") or "")
            for column in _children(table, "output")
        ),
        rules=tuple(
            Rule(row, tuple(_cells(rule, "inputEntry")), tuple(_cells(rule, "outputEntry")))
            for row, rule in enumerate(_children(table, "rule"), 1)
        ),
        has_table=table is not None,
        ignored=tuple(_ignored(element, table)),
    )


def _ignored(element: etree._Element, table: etree._Element | None) -> Iterator[str]:
    """What a file may say of a decision that is not carried out here."""
    read_here = {"decisionTable", "description", "extensionElements", "variable", "informationRequirement"}
    yield from (tag for child in element if (tag := str(child.tag).removeprefix(DMN)) not in read_here)
    for _ in element.iterfind(f"{DMN}informationRequirement/{DMN}requiredDecision"):
        yield "requiredDecision"
    for column in _children(table, "output"):
        for tag in ("outputValues", "defaultOutputEntry"):
            if column.find(f"{DMN}{tag}") is not None:
                yield f"{tag}（{column.get('label') or column.get('name') or ''}）"


def _children(table: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return table.iterfind(f"{DMN}{name}") if table is not None else iter(())


def _column(column: etree._Element) -> Input:
    expression = column.find(f"{DMN}inputExpression")
    text = expression.findtext(f"{DMN}text") if expression is not None else None
    return Input(
        column.get("label") or "",
        (text or "").strip(),
        (expression.get("typeRef") or "") if expression is not None else "",
        (column.findtext(f"{DMN}inputValues/{DMN}text") or "").strip(),
    )


def _cells(rule: etree._Element, name: str) -> list[str]:
    return [(cell.findtext(f"{DMN}text") or "").strip() for cell in rule.iterfind(f"{DMN}{name}")]
