"""Tables of indicators × years."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Self

from service.domain.forms.fields import Field
from service.domain.forms.kinds.choices import Choice, YesNo
from service.domain.forms.kinds.grids import Grid, Head, Row, Table
from service.domain.forms.kinds.numbers import DecimalNumber, Integer, Number
from service.domain.forms.kinds.texts import Text
from service.domain.forms.nodes import Node
from service.domain.forms.reading import Reader, read_field, unique
from service.domain.forms.scopes import Scope

METRICS: dict[str, Reader] = {kind.kind: kind.read for kind in (DecimalNumber, Integer, YesNo, Choice, Text)}
"""What a row can be."""

_OFFSET = re.compile(r"T([+-]\d+)?")


@dataclass(frozen=True, kw_only=True)
class MetricTable(Table):
    """Indicators down, years across: `{row: {"t1": "12.5"}}`, with keys that are the same every year."""

    kind: ClassVar[str] = "metric_table"
    rows: tuple[Field, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    offsets: tuple[int, ...] = ()

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        offsets = tuple(_offset(node, text) for text in node.texts("columns"))
        if not offsets:
            node.fault("缺少 columns。", "请写年份，如 columns: [T-3, T-2, T-1]。")
        rows, groups = [], []
        for row in node.nodes("rows", least=1):
            group = row.texts("group")
            if field := read_field(row, METRICS):
                rows.append(field)
                groups.append(group)
        return cls(**common, rows=unique(node, rows), groups=tuple(groups), offsets=offsets)

    def columns(self, scope: Scope) -> list[tuple[str, str]]:
        """Key and title of each year: ("t1", "2017年")."""
        return [(year_key(offset), f"{scope.year + offset}年") for offset in self.offsets]

    def schema(self, scope: Scope) -> dict[str, Any]:
        rows = {}
        for row in self.rows:
            cells = {key: {"title": title, **row.schema(scope)} for key, title in self.columns(scope)}
            rows[row.key] = {
                "type": "object",
                "title": row.label(scope),
                "properties": cells,
                "required": list(cells) if row.required else [],
                "additionalProperties": False,
            }
        return {"type": "object", "properties": rows, "required": list(rows), "additionalProperties": False}

    def control(self, scope: Scope) -> dict[str, Any]:
        rows = [
            row.describe(scope) | {"heads": [head._asdict() for head in heads], "name": self.name(row, scope)}
            for row, heads in zip(self.rows, self.heads(scope), strict=True)
        ]
        columns = [{"key": key, "label": title} for key, title in self.columns(scope)]
        return {"rows": rows, "columns": columns, "depth": self.depth}

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
        """A row's title, with the thing counted where it is only 国家级 or 省级."""
        group = self.groups[self.rows.index(row)]
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
                cleaned[row.key] = {key: row.clean(cell, scope) for key, cell in cells.items()}
        return cleaned

    def grid(self, value: Any, scope: Scope) -> Grid:
        table = value if isinstance(value, dict) else {}
        columns = self.columns(scope)
        rows = []
        for row, groups, heads in zip(self.rows, self.groups, self.heads(scope), strict=True):
            cells = table.get(row.key)
            known = cells if isinstance(cells, dict) else {}
            shown = tuple(row.show(known.get(key), scope) for key, _ in columns)
            rows.append(Row(row.label(scope), shown, groups, heads))
        return Grid("指标", tuple(title for _, title in columns), tuple(rows), self.depth)

    def find(self, path: Sequence[str | int], scope: Scope) -> tuple[str, Field]:
        row = next((row for row in self.rows if path and path[0] == row.key), None)
        if row is None:
            return self.label(scope), self
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


def year_key(offset: int) -> str:
    """The key of a year's column: T-1 is `t1`, T itself `t0`, T+1 `n1`."""
    return f"n{offset}" if offset > 0 else f"t{-offset}"


def _offset(node: Node, text: str) -> int:
    match = _OFFSET.fullmatch(text)
    if match is None:
        node.fault(f"“{text}”不是年份。", "请写 T、T-1、T-2 等，T 是轮次的年份。")
        return 0
    return int(match[1] or 0)
