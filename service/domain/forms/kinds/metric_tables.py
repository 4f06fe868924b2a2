"""Tables of indicators × years."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, ClassVar, NamedTuple, Self

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import Field
from service.domain.forms.kinds.choices import Choice, YesNo
from service.domain.forms.kinds.grids import Grid, Head, Row, Table
from service.domain.forms.kinds.jumps import Jump
from service.domain.forms.kinds.numbers import DecimalNumber, Integer, Number
from service.domain.forms.kinds.texts import Text
from service.domain.forms.nodes import Node
from service.domain.forms.reading import Reader, read_field, unique
from service.domain.forms.scopes import Scope

METRICS: dict[str, Reader] = {kind.kind: kind.read for kind in (DecimalNumber, Integer, YesNo, Choice, Text)}
"""What a row can be."""

REMARK = "remark"
"""The key of the column 备注."""

_OFFSET = re.compile(r"T([+-]\d+)?")


class _Aside(NamedTuple):
    """What a row of a metric table says beside what any field says."""

    group: tuple[str, ...]
    name: str | None
    jump: Jump | None
    whole: str | None

    @classmethod
    def read(cls, row: Node) -> Self:
        return cls(
            group=row.texts("group"),
            name=row.optional_text("name", limit=100),
            jump=Jump.read(row),
            whole=row.optional_text("within", limit=50),
        )


@dataclass(frozen=True, kw_only=True)
class MetricTable(Table):
    """Indicators down, years across: `{row: {"t1": "12.5"}}`, with keys that are the same every year."""

    kind: ClassVar[str] = "metric_table"
    rows: tuple[Field, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    names: tuple[str | None, ...] = ()
    """What messages call each row, where its title does not say it."""
    jumps: tuple[Jump | None, ...] = ()
    """For each row, from which change between two years on a warning asks whether it is right."""
    wholes: tuple[str | None, ...] = ()
    """For each row, the row of which it is a part: a warning asks where it is more."""
    offsets: tuple[int, ...] = ()
    remarks: str | None = None
    """The heading of a column beside the years where each row takes a remark."""

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        offsets = tuple(_offset(node, text) for text in node.texts("columns"))
        if not offsets:
            node.fault("缺少 columns。", "请写年份，如 columns: [T-3, T-2, T-1]。")
        rows, asides = [], []
        for row in node.nodes("rows", least=1):
            aside = _Aside.read(row)
            if field := read_field(row, METRICS):
                if (aside.jump or aside.whole) and not isinstance(field, Number):
                    row.fault("只有数字可以写 jump 和 within。", "请删去。")
                rows.append(field)
                asides.append(aside)
        numbers = {row.key for row in rows if isinstance(row, Number)}
        for whole in {aside.whole for aside in asides if aside.whole} - numbers:
            node.fault(f"within 所指的“{whole}”不是本表的数字。", "请改为同一张表里另一行的 key。")
        return cls(
            **common,
            rows=unique(node, rows),
            groups=tuple(aside.group for aside in asides),
            names=tuple(aside.name for aside in asides),
            jumps=tuple(aside.jump for aside in asides),
            wholes=tuple(aside.whole for aside in asides),
            offsets=offsets,
            remarks=node.optional_text("remarks", limit=20),
        )

    def columns(self, scope: Scope) -> list[tuple[str, str]]:
        """Key and title of each year: ("t1", "2017年")."""
        return [(year_key(offset), f"{scope.year + offset}年") for offset in self.offsets]

    def cells(self, row: Field, scope: Scope) -> list[tuple[str, Field]]:
        """Key and field of each cell of a row: the years, and the remark where the form has one."""
        years: list[tuple[str, Field]] = [(key, row) for key, _ in self.columns(scope)]
        return years + ([(REMARK, self.remark)] if self.remark else [])

    def schema(self, scope: Scope) -> dict[str, Any]:
        rows = {}
        for row in self.rows:
            cells = {key: {"title": title, **row.schema(scope)} for key, title in self.columns(scope)}
            if self.remark:
                cells[REMARK] = {"title": self.remark.title, **self.remark.schema(scope)}
            rows[row.key] = {
                "type": "object",
                "title": row.label(scope),
                "properties": cells,
                "required": [key for key, _ in self.columns(scope)] if row.required else [],
                "additionalProperties": False,
            }
        return {"type": "object", "properties": rows, "required": list(rows), "additionalProperties": False}

    def control(self, scope: Scope) -> dict[str, Any]:
        rows = [
            row.describe(scope) | {"heads": [head._asdict() for head in heads], "name": self.name(row, scope)}
            for row, heads in zip(self.rows, self.heads(scope), strict=True)
        ]
        columns = [{"key": key, "label": title} for key, title in self.columns(scope)]
        described = {"rows": rows, "columns": columns, "depth": self.depth}
        return described | ({"remark": self.remark.describe(scope)} if self.remark else {})

    @cached_property
    def remark(self) -> Text | None:
        """The column 备注, which need not be filled in; None where the form has no such column."""
        if self.remarks is None:
            return None
        return Text(key=REMARK, title=self.remarks, required=False, lines=2, max_length=500)

    @property
    def depth(self) -> int:
        """Columns of headings: the title's, and one for each level of groups."""
        return 1 + max(len(group) for group in self.groups)

    def heads(self, scope: Scope) -> list[tuple[Head, ...]]:
        """For each row the group headings that begin with it, and its title, as wide as is left."""
        found = []
        for number, (row, group) in enumerate(zip(self.rows, self.groups, strict=True)):
            begun = [
                Head(group[level], self._span(number, level + 1))
                for level in range(len(group))
                if number == 0 or self.groups[number - 1][: level + 1] != group[: level + 1]
            ]
            found.append((*begun, Head(row.label(scope), columns=self.depth - len(group))))
        return found

    def _span(self, start: int, level: int) -> int:
        """How many rows from `start` on stand under the same groups down to `level`."""
        same = [group[:level] == self.groups[start][:level] for group in self.groups[start:]]
        return same.index(False) if False in same else len(same)

    def name(self, row: Field, scope: Scope) -> str:
        """The name that the form gives a row; else its title, after its group's where it has two levels."""
        number = self.rows.index(row)
        if name := self.names[number]:
            return scope.title(name)
        group = self.groups[number]
        return (group[-1] if len(group) > 1 else "") + row.label(scope)

    def each(self, value: Any, scope: Scope) -> Iterator[tuple[str | int, str, Mapping[str, Any]]]:
        """The rows that are numbers."""
        known = value if isinstance(value, dict) else {}
        for row in self.rows:
            if isinstance(row, Number) and isinstance(cells := known.get(row.key), dict):
                yield row.key, self.name(row, scope), cells

    def clean(self, value: Any, scope: Scope) -> Any:
        if value is not None and not isinstance(value, dict):
            return value
        cleaned = dict(value or {})
        for row in self.rows:
            cells = cleaned.setdefault(row.key, {})
            if isinstance(cells, dict):
                cleaned[row.key] = {
                    key: self._judge(row, key).clean(cell, scope) for key, cell in cells.items()
                }
        return cleaned

    def _judge(self, row: Field, column: str | int) -> Field:
        return self.remark if self.remark and column == REMARK else row

    def grid(self, value: Any, scope: Scope) -> Grid:
        table = value if isinstance(value, dict) else {}
        columns = self.columns(scope)
        rows = []
        for row, groups, heads in zip(self.rows, self.groups, self.heads(scope), strict=True):
            cells = table.get(row.key)
            known = cells if isinstance(cells, dict) else {}
            shown = [row.show(known.get(key), scope) for key, _ in columns]
            if self.remark:
                printed = scope.title(row.note or "")
                written = as_text(known.get(REMARK))
                shown.append(Cell("\n".join(text for text in (printed, written) if text)))
            rows.append(Row(row.label(scope), tuple(shown), groups, heads))
        titles = [title for _, title in columns] + ([self.remark.title] if self.remark else [])
        return Grid("指标", tuple(titles), tuple(rows), self.depth)

    def find(self, path: Sequence[str | int], scope: Scope) -> tuple[str, Field]:
        row = next((row for row in self.rows if path and path[0] == row.key), None)
        if row is None:
            return self.label(scope), self
        if self.remark and len(path) > 1 and path[1] == REMARK:
            return self.name(row, scope) + self.remark.title, self.remark
        year = dict(self.columns(scope)).get(str(path[1])) if len(path) > 1 else None
        return (year or "") + self.name(row, scope), row if year else self

    def parts(self) -> Iterator[Field]:
        yield self
        yield from self.rows

    def sample(self, random: Random, scope: Scope) -> dict[str, Any]:
        columns = self.columns(scope)
        return {row.key: {key: row.sample(random, scope) for key, _ in columns} for row in self.rows}

    def sources(self) -> Iterator[str]:
        for row in self.rows:
            yield from row.sources()

    def bounds(self) -> Iterator[str]:
        for jump in self.jumps:
            yield from jump.bounds() if jump else ()


def year_key(offset: int) -> str:
    """The key of a year's column: T-1 is `t1`, T itself `t0`, T+1 `n1`."""
    return f"n{offset}" if offset > 0 else f"t{-offset}"


def _offset(node: Node, text: str) -> int:
    match = _OFFSET.fullmatch(text)
    if match is None:
        node.fault(f"“{text}”不是年份。", "请写 T、T-1、T-2 等，T 是轮次的年份。")
        return 0
    return int(match[1] or 0)
