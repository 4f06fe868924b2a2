"""Whether the parts of a definition name each other rightly."""

import re
from collections.abc import Iterator, Mapping, Set

from service.domain.forms.definitions import OTHER, Check, Definition
from service.domain.forms.fields import Field
from service.domain.forms.kinds.grids import Table
from service.domain.forms.kinds.metric_tables import REMARK, MetricTable
from service.domain.forms.kinds.numbers import Number
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from service.domain.forms.nodes import Findings
from service.domain.forms.references import Path, paths
from service.domain.forms.scopes import Scope
from service.engine.lint.findings import Finding

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def placeholders(message: str) -> list[str]:
    """The expressions in `{…}` of a message."""
    return list(PLACEHOLDER.findall(message))


def follow(definition: Definition, findings: Findings) -> None:
    """Whether every condition, check, figure and example names what the form has."""
    fields = definition.fields
    if sum(len(section.fields) for section in definition.sections) != len(fields):
        keys = [f.key for section in definition.sections for f in section.fields]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            findings.add(key, f"“{key}”出现了不止一次。", "一个表单里的 key 不能重复，请改名。")
    for siblings in _levels(definition):
        for f in siblings.values():
            _follow_field(f, siblings, findings)
            _follow_formula(f, siblings, findings)
    for check in definition.checks:
        extra = {"value", "expected"} if check.equals else set()
        extra |= {"row_title"} if check.table else set()
        texts = [text for text in placeholders(check.message) if text not in extra]
        used = check.reads() | {path for text in texts for path in paths(text) if path[0] != OTHER}
        used = {check.within(path, check.cell) for path in used}
        _follow_paths(definition, {check.cell, *used}, f"checks.{check.key}", findings)
        if check.table and not isinstance(fields.get(check.table), Table):
            findings.add(f"checks.{check.key}", f"“{check.table}”不是表格。", "只有表格可以逐行核对。")
    for name, expression in definition.figures.items():
        _follow_paths(definition, paths(expression), f"figures.{name}", findings)
    for form, cells in definition.earlier.items():
        for here in sorted(cells):
            if not _is_named(fields, here):
                mend = "请检查拼写；表格写 栏目.行（指标表）或 栏目.列。"
                findings.add(f"earlier.{form}", f"表单里没有“{'.'.join(here)}”。", mend)
    for path, recipe in definition.example.items():
        read_here = paths(recipe) if isinstance(recipe, str) else frozenset()
        place = tuple(path.split("."))
        if len(place) == 3 and isinstance(table := fields.get(place[0]), GivenTable):
            named = {row.key for row in table.written}  # One written row can be told from the others.
            place = (place[0], "*" if place[1] in named else place[1], place[2])
        _follow_paths(definition, {place, *read_here}, f"example.{path}", findings)


def check_against(definition: Definition, other: Definition, file: str) -> list[Finding]:
    """What is wrong with the definition's checks against this other form."""
    findings = Findings(file)
    for check in definition.checks:
        if check.form == other.key:
            _follow_other(other, check, findings)
    return findings.all


def _follow_other(definition: Definition, check: Check, findings: Findings) -> None:
    """Whether a check names what this definition, of another form, has."""
    texts = [text for text in placeholders(check.message) if text not in ("value", "expected", "row_title")]
    told = {path[1:] for text in texts for path in paths(text) if path[0] == OTHER}
    _follow_paths(definition, check.reads_there() | told, f"checks.{check.key}", findings)


def _is_named(fields: Mapping[str, Field], path: Path) -> bool:
    """Whether there is such a field; of a metric table such a row, of a repeated one such a column."""
    f = fields.get(path[0])
    if isinstance(f, MetricTable):
        return len(path) == 2 and path[1] in {row.key for row in f.rows}
    if isinstance(f, RepeatedTable):
        return len(path) == 2 and path[1] in {column.key for column in f.columns}
    return f is not None and len(path) == 1


def _levels(definition: Definition) -> Iterator[Mapping[str, Field]]:
    yield definition.fields
    for f in definition.fields.values():
        if isinstance(f, RepeatedTable | GivenTable):
            yield {column.key: column for column in f.columns}


def _follow_field(f: Field, siblings: Mapping[str, Field], findings: Findings) -> None:
    order = list(siblings)
    for alternative in f.when:
        for key in alternative:
            if key not in siblings or order.index(key) >= order.index(f.key):
                findings.add(
                    f.key, f"“{f.title}”的 when 所依据的“{key}”不在它前面。", "请改为前面同一处的某一栏。"
                )
    if f.copy is not None and (f.copy not in siblings or f.copy == f.key):
        findings.add(f.key, f"“{f.title}”要重复的“{f.copy}”不存在。", "请改为同一处的另一栏。")
    for key in (f.take.of, *f.take.evidence) if isinstance(f, Number) and f.take else ():
        if key not in siblings or siblings[key].source is None:
            findings.add(
                f.key,
                f"“{f.title}”的 take 所指的“{key}”不是由其他环节填入的列。",
                "请改为同一张表里有 source 的列。",
            )


def _follow_formula(f: Field, siblings: Mapping[str, Field], findings: Findings) -> None:
    order = list(siblings)
    for path in sorted(paths(f.formula)) if f.formula else ():
        if path[0] in ("parameters", "T"):
            continue
        other = siblings.get(path[0])
        if other is None or not _exists(siblings, path):
            findings.add(
                f.key, f"“{f.title}”的公式所用的“{'.'.join(path)}”不存在。", "请改为同一处的另一栏。"
            )
        elif other.formula is not None and order.index(path[0]) >= order.index(f.key):
            findings.add(f.key, f"“{f.title}”的公式用到了排在它后面的公式。", "请把所用的一栏移到前面。")


def _follow_paths(definition: Definition, used: Set[Path], place: str, findings: Findings) -> None:
    for path in sorted(used):
        if path[0] in ("parameters", "T") or _exists(definition.fields, path):
            continue
        findings.add(
            place, f"表单里没有“{'.'.join(path)}”。", "请检查拼写；表格写 栏目.行.列，各行写 for 行 in 栏目。"
        )


def _exists(fields: Mapping[str, Field], path: Path) -> bool:
    f = fields.get(path[0])
    rest = path[1:]
    if isinstance(f, MetricTable):
        rows = {row.key for row in f.rows}
        columns = {key for key, _ in f.columns(Scope(0, {}, {}))} | ({REMARK} if f.remarks else set())
        known = not rest or rest[0] == "*" or rest[0] in rows
        return len(rest) < 3 and known and (len(rest) < 2 or rest[1] in columns)
    if isinstance(f, RepeatedTable | GivenTable):
        columns = {column.key for column in f.columns} | {"key"}
        return not rest or (
            (rest[0] == "*" or rest[0].isdecimal())
            and (len(rest) == 1 or (len(rest) == 2 and rest[1] in columns))
        )
    return f is not None and not rest
