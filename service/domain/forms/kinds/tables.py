"""Tables: indicators × years, rows that people add, rows that the domain gives."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, NamedTuple, Self

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import (
    Field,
    Reader,
    Scope,
    describe,
    is_shown,
    object_schema,
    read_field,
    read_fields,
    unique,
)
from service.domain.forms.kinds.choices import Choice, Choices, YesNo
from service.domain.forms.kinds.dates import Date, Month
from service.domain.forms.kinds.files import Files
from service.domain.forms.kinds.numbers import DecimalNumber, Integer
from service.domain.forms.kinds.texts import Phone, Text
from service.domain.forms.nodes import Node

METRICS: dict[str, Reader] = {kind.kind: kind.read for kind in (DecimalNumber, Integer, YesNo, Choice, Text)}
CELLS: dict[str, Reader] = METRICS | {kind.kind: kind.read for kind in (Choices, Date, Month, Phone, Files)}
"""What a row of indicators, and what a column of another table can be."""

_OFFSET = re.compile(r"T([+-]\d+)?")


class Head(NamedTuple):
    """A heading of a row, and over how many rows and columns it stands."""

    text: str
    rows: int = 1
    columns: int = 1


class Row(NamedTuple):
    """A row of a table as people read it: the headings that begin here, its own title last, and its cells."""

    heads: tuple[Head, ...]
    cells: tuple[Cell, ...]


class Grid(NamedTuple):
    """A table as people read it: the heading above the row titles, the other headings, the rows."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    depth: int = 1
    """Over how many columns of row headings the corner stands."""


@dataclass(frozen=True, kw_only=True)
class _Table(Field):
    def hint(self, scope: Scope) -> str:
        return "请按表格逐格填写"

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(as_text(value))

    @abstractmethod
    def grid(self, value: Any, scope: Scope) -> Grid:
        """The table for reading."""


@dataclass(frozen=True, kw_only=True)
class MetricTable(_Table):
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
            describe(row, scope)
            | {"heads": [head._asdict() for head in heads], "name": self.name(row, scope)}
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
        for row, heads in zip(self.rows, self.heads(scope), strict=True):
            cells = table.get(row.key)
            known = cells if isinstance(cells, dict) else {}
            rows.append(Row(heads, tuple(row.show(known.get(key), scope) for key, _ in columns)))
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


@dataclass(frozen=True, kw_only=True)
class _ColumnTable(_Table):
    columns: tuple[Field, ...] = ()

    def control(self, scope: Scope) -> dict[str, Any]:
        return {"columns": [describe(column, scope) for column in self.columns]}

    def clean_row(self, row: Any, scope: Scope) -> Any:
        if not isinstance(row, dict):
            return row
        return clean_object(self.columns, row, scope)

    def show_row(self, title: str, row: Any, scope: Scope) -> Row:
        known = row if isinstance(row, dict) else {}
        return Row(
            (Head(title),),
            tuple(
                column.show(known.get(column.key), scope) if is_shown(column, known) else Cell()
                for column in self.columns
            ),
        )

    def column_at(self, path: Sequence[str | int]) -> Field | None:
        return next((column for column in self.columns if path and column.key == path[0]), None)

    def sample_row(self, random: Random, scope: Scope) -> dict[str, Any]:
        return sample_object(self.columns, random, scope)

    def parts(self) -> Iterator[Field]:
        yield self
        yield from self.columns

    def sources(self) -> Iterator[str]:
        for column in self.columns:
            yield from column.sources()


@dataclass(frozen=True, kw_only=True)
class RepeatedTable(_ColumnTable):
    """Rows that people add and remove: a list of objects."""

    kind: ClassVar[str] = "table"
    minimum: str = "0"
    maximum: str = "100"
    name: str = "行"
    """What a row is, with its measure word: 名委员."""
    unique: str | None = None
    """The column in which no two rows may be equal."""

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        rows = node.mapping("rows")
        if rows is None:
            return cls(**common)
        minimum, maximum = rows.bound("minimum"), rows.bound("maximum")
        name, unique = rows.optional_text("name", limit=20), rows.optional_text("unique", limit=50)
        rows.close()
        least = minimum or str(int(common["required"]))
        columns = read_fields(node, "columns", CELLS)
        if unique is not None and unique not in {column.key for column in columns}:
            node.fault(f"unique 所指的列“{unique}”不存在。", "请改为 columns 里的 key。")
        return cls(
            **common,
            minimum=least,
            maximum=maximum or "100",
            name=name or "行",
            unique=unique,
            columns=columns,
        )

    def limits(self, scope: Scope) -> tuple[int, int]:
        return int(scope.bound(self.minimum) or 0), int(scope.bound(self.maximum) or 0)

    def schema(self, scope: Scope) -> dict[str, Any]:
        least, most = self.limits(scope)
        items = object_schema(self.columns, scope)
        schema: dict[str, Any] = {"type": "array", "items": items, "minItems": least, "maxItems": most}
        return schema | {"uniqueBy": self.unique} if self.unique else schema

    def hint(self, scope: Scope) -> str:
        least, most = self.limits(scope)
        return f"请填写 {least} 至 {most} {self.name}" if least else f"请填写，最多 {most} {self.name}"

    def control(self, scope: Scope) -> dict[str, Any]:
        least, most = self.limits(scope)
        return super().control(scope) | {"minimum": least, "maximum": most, "name": self.name}

    def clean(self, value: Any, scope: Scope) -> Any:
        if value is None:
            return []
        return [self.clean_row(row, scope) for row in value] if isinstance(value, list) else value

    def grid(self, value: Any, scope: Scope) -> Grid:
        rows = value if isinstance(value, list) else []
        shown = tuple(self.show_row(str(number), row, scope) for number, row in enumerate(rows, start=1))
        return Grid("序号", tuple(column.label(scope) for column in self.columns), shown)

    def find(self, path: Sequence[str | int], scope: Scope) -> tuple[str, Field]:
        label = self.label(scope)
        if not path or not isinstance(path[0], int):
            return label, self
        label = f"{label}第{path[0] + 1}行"
        if (column := self.column_at(path[1:])) is None:
            return label, self
        inner, field = column.find(path[2:], scope)
        return f"{label}“{inner}”", field

    def sample(self, random: Random, scope: Scope) -> list[dict[str, Any]]:
        least, most = self.limits(scope)
        count = min(most, least + random.randint(0, 2))
        return [self.sample_row(random, scope) for _ in range(count)]


@dataclass(frozen=True, kw_only=True)
class GivenTable(_ColumnTable):
    """One row for each thing that the domain lists: `{key given: {column: value}}`."""

    kind: ClassVar[str] = "given_table"
    rows_from: str = ""
    corner: str = ""
    """The heading above the row titles."""

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        rows = node.mapping("rows")
        if rows is None:
            return cls(**common)
        source, corner = rows.key("from"), rows.optional_text("title", limit=40)
        rows.close()
        columns = read_fields(node, "columns", CELLS)
        return cls(**common, rows_from=source, corner=corner or "", columns=columns)

    def schema(self, scope: Scope) -> dict[str, Any]:
        row = object_schema(self.columns, scope)
        rows = {key: {"title": title, **row} for key, title in scope.source(self.rows_from)}
        return {"type": "object", "properties": rows, "required": list(rows), "additionalProperties": False}

    def control(self, scope: Scope) -> dict[str, Any]:
        rows = [{"key": key, "label": title} for key, title in scope.source(self.rows_from)]
        return super().control(scope) | {"rows": rows, "corner": self.corner}

    def clean(self, value: Any, scope: Scope) -> Any:
        if value is not None and not isinstance(value, dict):
            return value
        given: dict[str, Any] = {key: {} for key, _ in scope.source(self.rows_from)}
        return {key: self.clean_row(row, scope) for key, row in (given | (value or {})).items()}

    def grid(self, value: Any, scope: Scope) -> Grid:
        rows = value if isinstance(value, dict) else {}
        shown = tuple(
            self.show_row(title, rows.get(key), scope) for key, title in scope.source(self.rows_from)
        )
        return Grid(self.corner, tuple(column.label(scope) for column in self.columns), shown)

    def find(self, path: Sequence[str | int], scope: Scope) -> tuple[str, Field]:
        titles = dict(scope.source(self.rows_from))
        if not path or path[0] not in titles:
            return self.label(scope), self
        label = titles[str(path[0])]
        if (column := self.column_at(path[1:])) is None:
            return label, self
        inner, field = column.find(path[2:], scope)
        return f"{label}“{inner}”", field

    def sample(self, random: Random, scope: Scope) -> dict[str, Any]:
        return {key: self.sample_row(random, scope) for key, _ in scope.source(self.rows_from)}

    def sources(self) -> Iterator[str]:
        yield self.rows_from
        yield from super().sources()


def read_table(node: Node, common: dict[str, Any]) -> Field:
    """`rows: {from: …}` gives the rows; else people add them."""
    rows = node.mapping("rows")
    if rows is None:
        node.fault("缺少 rows。", "请写 rows: {minimum: 1, maximum: 20}，或 rows: {from: 名单}。")
    if rows is not None and rows.has("from"):
        return GivenTable.read(node, common)
    return RepeatedTable.read(node, common)


def clean_object(fields: Sequence[Field], content: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Every known key cleaned, in the form's order; what is hidden is dropped, an unknown key stays."""
    cleaned: dict[str, Any] = {}
    for field in fields:
        if field.copy is not None:
            continue
        if field.key in content or isinstance(field, _Table):
            cleaned[field.key] = field.clean(content.get(field.key), scope)
    cleaned |= {key: value for key, value in content.items() if all(field.key != key for field in fields)}
    for field in fields:
        if not is_shown(field, cleaned):
            cleaned.pop(field.key, None)
        if field.copy in cleaned:
            cleaned[field.key] = cleaned[field.copy]
    return cleaned


def sample_object(fields: Sequence[Field], random: Random, scope: Scope) -> dict[str, Any]:
    """A value for every field that the values before it call for."""
    content: dict[str, Any] = {}
    for field in fields:
        if field.writable and is_shown(field, content):
            content[field.key] = field.sample(random, scope)
    return content


def year_key(offset: int) -> str:
    """The key of a year's column: T-1 is `t1`, T itself `t0`, T+1 `n1`."""
    return f"n{offset}" if offset > 0 else f"t{-offset}"


def _offset(node: Node, text: str) -> int:
    match = _OFFSET.fullmatch(text)
    if match is None:
        node.fault(f"“{text}”不是年份。", "请写 T、T-1、T-2 等，T 是轮次的年份。")
        return 0
    return int(match[1] or 0)
