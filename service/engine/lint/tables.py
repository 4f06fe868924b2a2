"""Decision tables: every cell readable, no policy that is ignored, no overlap or gap that can be seen."""

from collections.abc import Iterator
from itertools import combinations

from service.engine.decisions import HIT_POLICIES, Decision, Rule
from service.engine.expressions import fault, name_fault
from service.engine.lint.findings import Severity
from service.engine.lint.rules import Fault, Files, Table, rule
from service.engine.unary_tests import CellFault, Stretch, is_any, stretches, translate


def _at(table: Table, place: str, message: str, mend: str, severity: Severity = "error") -> Fault:
    decision = table.decision
    name = f"{decision.title} {place}" if place else decision.title
    return Fault(table.file, decision.id, name, f"决策表“{decision.title}”{place}{message}", mend, severity)


@rule("dmn-structure")
def structure(files: Files) -> Iterator[Fault]:
    """One table a decision, columns named, rows as long as the table; nothing beside it is computed."""
    seen: set[str] = set()
    for table in files.tables:
        decision = table.decision
        if not decision.has_table:
            yield _at(table, "", "没有决策表。", "请在建模工具里把它改为决策表。")
        for tag in decision.ignored:
            yield _at(table, "", f"里的 {tag} 不会被计算。", "请把它写成决策表的一列，或删去它。")
        if not decision.id or decision.id in seen:
            yield _at(table, "", f"的编号 {decision.id} 不是唯一的。", "请给每个决策一个自己的编号。")
        seen.add(decision.id)
        yield from _columns(table)


def _columns(table: Table) -> Iterator[Fault]:
    decision = table.decision
    if decision.has_table and not (decision.inputs and decision.outputs and decision.rules):
        yield _at(table, "", "不完整：至少要有一列输入、一列结果和一条规则。", "请在建模工具里补全。")
    names: set[str] = set()
    for number, output in enumerate(decision.outputs, 1):
        place = f"第 {number} 列结果“{output.label or output.name}”"
        if reason := name_fault(output.name) if output.name else "没有名称。":
            yield _at(table, place, f"的名称不可用：{reason}", "请给这一列一个英文名称，例如 met。")
        elif output.name in names:
            yield _at(table, place, "的名称重复了。", "请换一个名称。")
        names.add(output.name)
    for rule_ in decision.rules:
        if len(rule_.conditions) != len(decision.inputs) or len(rule_.results) != len(decision.outputs):
            yield _at(table, f"第 {rule_.row} 行", "的格数与列数不符。", "请在建模工具里重新保存这一文件。")


@rule("dmn-hit-policy")
def hit_policy(files: Files) -> Iterator[Fault]:
    """Only policies that are carried out exactly."""
    for table in files.tables:
        decision = table.decision
        if decision.hit_policy not in HIT_POLICIES:
            message = f"的命中策略 {decision.hit_policy} 不受支持。"
            yield _at(table, "", message, f"请改为 {'、'.join(HIT_POLICIES)} 之一。")
        elif decision.aggregation:
            message = f"要把结果汇总（{decision.aggregation}），这不受支持。"
            yield _at(table, "", message, "请去掉汇总，在后面的表达式里用 sum(…)、max(…) 等计算。")


@rule("dmn-cell")
def cell(files: Files) -> Iterator[Fault]:
    """Every cell by its row and column: one that cannot be read would fail, or never match."""
    for table in files.tables:
        decision = table.decision
        for number, column in enumerate(decision.inputs):
            if reason := fault(column.expression, files.known.functions):
                place = f"第 {number + 1} 列输入“{decision.column(number)}”"
                yield _at(
                    table,
                    place,
                    f"的表达式不能用：{reason}",
                    "请写变量名，或 number(figures.x) 这样的表达式。",
                )
            allowed = column.allowed
            if reason := None if is_any(allowed) else _condition_fault(files, allowed):
                place = f"第 {number + 1} 列输入“{decision.column(number)}”"
                yield _at(
                    table,
                    place,
                    f"允许的值 {allowed} 不能用：{reason}",
                    '请写 "甲","乙" 或 [0..100] 这样的条件。',
                )
        for rule_ in decision.rules:
            yield from _row(files, table, rule_)


def _row(files: Files, table: Table, rule_: Rule) -> Iterator[Fault]:
    decision = table.decision
    for number, text in enumerate(rule_.conditions[: len(decision.inputs)]):
        reason = None if is_any(text) else _condition_fault(files, text)
        if reason:
            place = f"第 {rule_.row} 行“{decision.column(number)}”一格"
            mend = '请写 >= 40、[1..10]、"甲","乙"、not("甲")、true 或 - 这样的条件；文字要加引号。'
            yield _at(table, place, f" {text} 不能用：{reason}", mend)
    for output, text in zip(decision.outputs, rule_.results, strict=False):
        reason = fault(text, files.known.functions) if text else "它是空的。"
        if reason:
            place = f"第 {rule_.row} 行“{output.label or output.name}”一格"
            yield _at(
                table, place, f" {text} 不能用：{reason}", "请写结果的表达式；文字要加引号，没有结果写 null。"
            )


def _condition_fault(files: Files, text: str) -> str | None:
    try:
        return fault(translate(text), files.known.functions)
    except CellFault as error:
        return str(error)


def _numeric(decision: Decision) -> list[list[Stretch]] | None:
    """The numbers of each row, where the table has one input and all its cells are written out."""
    if len(decision.inputs) != 1 or not decision.rules:
        return None
    rows = []
    for rule_ in decision.rules:
        try:
            found = stretches(rule_.conditions[0]) if rule_.conditions else None
        except CellFault:
            return None
        if found is None:
            return None
        rows.append(found)
    return rows


@rule("dmn-overlap")
def overlap(files: Files) -> Iterator[Fault]:
    """Under UNIQUE no two rows may match; where one input is a number, that can be seen beforehand."""
    for table in files.tables:
        rows = _numeric(table.decision) if table.decision.hit_policy == "UNIQUE" else None
        for (first, left), (second, right) in combinations(enumerate(rows or [], 1), 2):
            if any(one.meets(other) for one in left for other in right):
                message = "的条件有重叠，落在重叠处时无法得出唯一的结果。"
                yield _at(
                    table,
                    f"第 {first} 行和第 {second} 行",
                    message,
                    "请调整两行的端点：方括号含端点，圆括号不含。",
                )


@rule("dmn-gap")
def gap(files: Files) -> Iterator[Fault]:
    """A number that no row takes would stop the process; a warning, for such a number may never come."""
    for table in files.tables:
        rows = _numeric(table.decision) if table.decision.hit_policy != "COLLECT" else None
        hole = _hole([stretch for row in rows for stretch in row]) if rows else None
        if hole:
            mend = "请补上一行；不可能出现的数值可以不管。"
            yield _at(table, "", f"没有一行管到{hole}的数值，遇到时流程会停下报错。", mend, "warning")


def _hole(stretches_: list[Stretch]) -> str | None:
    """The first numbers, from below, that no stretch takes."""
    ordered = sorted(stretches_, key=lambda s: (s.low is not None, s.low or 0, not s.low_in))
    first = ordered[0]
    if first.low is not None:
        return f"{'小于' if first.low_in else '不大于'} {first.low} "
    reached = first
    for stretch in ordered[1:]:
        if reached.high is None:
            return None
        assert stretch.low is not None or reached.low is None
        if stretch.low is not None and (
            stretch.low > reached.high
            or (stretch.low == reached.high and not stretch.low_in and not reached.high_in)
        ):
            if stretch.low == reached.high:
                return f"等于 {stretch.low} "
            return f" {reached.high} 到 {stretch.low} 之间"
        if stretch.high is None or (stretch.high, stretch.high_in) > (reached.high, reached.high_in):
            reached = stretch
    if reached.high is None:
        return None
    return f"{'大于' if reached.high_in else '不小于'} {reached.high} "
