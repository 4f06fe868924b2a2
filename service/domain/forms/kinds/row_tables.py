"""Tables whose columns are fields: rows that people add, and rows that are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, NamedTuple, Self

from service.domain.forms.cells import Cell
from service.domain.forms.conditions import is_met
from service.domain.forms.fields import Field, article_title
from service.domain.forms.kinds.choices import Choices
from service.domain.forms.kinds.dates import Date, Month
from service.domain.forms.kinds.files import Files
from service.domain.forms.kinds.grids import Grid, Head, Row, Table
from service.domain.forms.kinds.metric_tables import METRICS
from service.domain.forms.kinds.texts import Phone
from service.domain.forms.nodes import Node
from service.domain.forms.objects import clean_object, object_schema, sample_object
from service.domain.forms.reading import Reader, read_fields, unique
from service.domain.forms.scopes import Scope

CELLS: dict[str, Reader] = METRICS | {kind.kind: kind.read for kind in (Choices, Date, Month, Phone, Files)}
"""What a column can be."""


@dataclass(frozen=True, kw_only=True)
class _ColumnTable(Table):
    columns: tuple[Field, ...] = ()

    def control(self, scope: Scope) -> dict[str, Any]:
        return {"columns": [column.describe(scope) for column in self.columns]}

    def clean_row(self, row: Any, scope: Scope, columns: Sequence[Field]) -> Any:
        return clean_object(columns, row, scope) if isinstance(row, dict) else row

    def show_row(self, title: str, row: Any, scope: Scope) -> Row:
        known = row if isinstance(row, dict) else {}
        cells = tuple(
            column.show(known.get(column.key), scope) if is_met(column.when, known) else Cell()
            for column in self.columns
        )
        return Row(title, cells, (), (Head(title),))

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
        minimum, maximum = rows.bound("minimum", whole=True), rows.bound("maximum", whole=True)
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
        """At least and at most how many rows."""
        return scope.count(self.minimum), scope.count(self.maximum)

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
        return (
            [self.clean_row(row, scope, self.columns) for row in value] if isinstance(value, list) else value
        )

    def each(self, value: Any, scope: Scope) -> Iterator[tuple[str | int, str, Mapping[str, Any]]]:
        for number, row in enumerate(value if isinstance(value, list) else []):
            if isinstance(row, dict):
                yield number, f"第{number + 1}行", row

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


WAIVER = "waived"
"""What the column is called everywhere in which somebody waives a row."""
WAIVER_COLUMNS = {
    "waiver_reason": ("理由", "text"),
    "waiver_approver": ("批准人", "text"),
    "waiver_number": ("批准文号", "text"),
    "waiver_date": ("批准日期", "date"),
}
"""What must be told of every waiver: (what it is called, its kind) by the key of its column."""


class GivenRow(NamedTuple):
    """A row that nobody adds or removes."""

    key: str
    title: str
    name: str
    """What messages call it, where the title is too long for that."""
    article: str | None = None
    waivable: bool = False
    """Whether what it demands holds only 原则上: it can be waived, with a reason."""


@dataclass(frozen=True, kw_only=True)
class GivenTable(_ColumnTable):
    """One row for each thing that the form writes out or the domain lists: `{its key: {column: value}}`."""

    kind: ClassVar[str] = "given_table"
    written: tuple[GivenRow, ...] = ()
    rows_from: str | None = None
    """The domain's list, where the form writes out no rows."""
    corner: str = ""
    """The heading above the row titles."""
    numbered: str | None = None
    """The heading of the rows' numbers, where the form on paper has them: 序号."""
    waiver: str | None = None
    """The column that only waivable rows have: there somebody waives what the row demands."""

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        rows = node.mapping("rows")
        if rows is None:
            return cls(**common)
        source = rows.key("from") if rows.has("from") else None
        written = [] if source else [_written_row(row) for row in rows.nodes("written", least=1)]
        corner, waiver = rows.optional_text("title", limit=40), rows.optional_text("waiver", limit=50)
        numbered = rows.optional_text("numbered", limit=10)
        rows.close()
        columns = read_fields(node, "columns", CELLS)
        if (waiver is not None) != any(row.waivable for row in written):
            rows.fault(
                "waiver 和 waivable 应同时写。", "请在 waiver 写明列，在可以放宽的各行写 waivable: true。"
            )
        if waiver is not None:
            demanded = {column.key: column for column in columns if column.required}
            if waiver not in demanded:
                node.fault(f"waiver 所指的列“{waiver}”不存在。", "请改为 columns 里的 key。")
            for key, (title, kind) in WAIVER_COLUMNS.items():
                if key not in demanded or demanded[key].kind != kind:
                    mend = f"请加上这一列：key: {key}, kind: {kind}, when: {{{waiver}: true}}，并且必填。"
                    node.fault(f"可以放宽的表格缺少“{title}”一列（{key}）。", mend)
        return cls(
            **common,
            written=unique(rows, written),
            rows_from=source,
            corner=corner or "",
            numbered=numbered,
            waiver=waiver,
            columns=columns,
        )

    def rows(self, scope: Scope) -> Sequence[GivenRow]:
        """The rows, in the order of the form."""
        if self.rows_from is None:
            return [row._replace(title=scope.title(row.title)) for row in self.written]
        return [GivenRow(key, title, title) for key, title in scope.source(self.rows_from)]

    def columns_of(self, row: GivenRow) -> tuple[Field, ...]:
        """The columns, without those of a waiver where the row cannot be waived."""
        if row.waivable or self.waiver is None:
            return self.columns
        return tuple(column for column in self.columns if column.key not in self.waiver_keys)

    @property
    def waiver_keys(self) -> frozenset[str]:
        """The columns in which a row is waived: that it is, why, by whom, by which document, when."""
        return frozenset({self.waiver or WAIVER, *WAIVER_COLUMNS})

    def schema(self, scope: Scope) -> dict[str, Any]:
        rows = {
            row.key: {"title": row.title, **object_schema(self.columns_of(row), scope)}
            for row in self.rows(scope)
        }
        return {"type": "object", "properties": rows, "required": list(rows), "additionalProperties": False}

    def control(self, scope: Scope) -> dict[str, Any]:
        rows = []
        for row in self.rows(scope):
            described: dict[str, Any] = {"key": row.key, "label": row.title, "name": row.name}
            if row.article:
                described["article"] = article_title(row.article)
            if self.columns_of(row) != self.columns:
                described["absent"] = [each.key for each in self.columns if each.key in self.waiver_keys]
            rows.append(described)
        waiver = {"waiver": self.waiver} if self.waiver else {}
        return super().control(scope) | {"rows": rows, "corner": self.corner} | waiver

    def as_name(self, value: Any) -> Any:
        """Rows by key as a list, which comprehensions can go through."""
        if not isinstance(value, dict):
            return value
        return [{"key": key, **row} for key, row in value.items() if isinstance(row, dict)]

    def each(self, value: Any, scope: Scope) -> Iterator[tuple[str | int, str, Mapping[str, Any]]]:
        known = value if isinstance(value, dict) else {}
        for row in self.rows(scope):
            if isinstance(cells := known.get(row.key), dict):
                yield row.key, row.name, {"key": row.key, **cells}

    @property
    def supplied(self) -> tuple[Field, ...]:
        """The columns whose cells others supply."""
        return tuple(column for column in self.columns if column.source is not None)

    def supply(self, value: Any, supplied: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Any:
        """The table with the cells that others supply (source → row → column), and none in their place."""
        if not isinstance(value, dict | None):
            return value
        theirs = {column.key for column in self.supplied}
        filled = {
            key: {name: cell for name, cell in row.items() if name not in theirs}
            if isinstance(row, dict)
            else row
            for key, row in (value or {}).items()
        }
        for column in self.supplied:
            for key, cells in supplied.get(column.source or "", {}).items():
                if column.key in cells and isinstance(row := filled.setdefault(key, {}), dict):
                    row[column.key] = cells[column.key]
        return filled

    def clean(self, value: Any, scope: Scope) -> Any:
        if value is not None and not isinstance(value, dict):
            return value
        columns = {row.key: self.columns_of(row) for row in self.rows(scope)}
        given: dict[str, Any] = {key: {} for key in columns} | (value or {})
        return {key: self.clean_row(row, scope, columns.get(key, self.columns)) for key, row in given.items()}

    def grid(self, value: Any, scope: Scope) -> Grid:
        rows = value if isinstance(value, dict) else {}
        shown = tuple(self.show_row(row.title, rows.get(row.key), scope) for row in self.rows(scope))
        columns = tuple(column.label(scope) for column in self.columns)
        if self.numbered is None:
            return Grid(self.corner, columns, shown)
        counted = tuple(
            row._replace(heads=(Head(str(number)), *row.heads)) for number, row in enumerate(shown, start=1)
        )
        return Grid(self.corner, columns, counted, 2, (self.numbered, self.corner))

    def find(self, path: Sequence[str | int], scope: Scope) -> tuple[str, Field]:
        names = {row.key: row.name for row in self.rows(scope)}
        if not path or path[0] not in names:
            return self.label(scope), self
        label = names[str(path[0])]
        if (column := self.column_at(path[1:])) is None:
            return label, self
        inner, field = column.find(path[2:], scope)
        return f"{label}“{inner}”", field

    def sample(self, random: Random, scope: Scope) -> dict[str, Any]:
        return {row.key: sample_object(self.columns_of(row), random, scope) for row in self.rows(scope)}

    def sources(self) -> Iterator[str]:
        if self.rows_from is not None:
            yield self.rows_from
        yield from super().sources()

    def cited(self) -> Iterator[str]:
        yield from super().cited()
        yield from (row.article for row in self.written if row.article)


def _written_row(node: Node) -> GivenRow:
    key, title = node.key(), node.text("title")
    name, article = node.optional_text("name", limit=40), node.article()
    waivable = node.flag("waivable", False)
    node.close()
    return GivenRow(key, title, name or title, article, waivable)


def read_table(node: Node, common: dict[str, Any]) -> Field:
    """`rows: {from: …}` and `rows: {written: […]}` give the rows; else people add them."""
    rows = node.mapping("rows")
    if rows is None:
        mend = "请写 rows: {minimum: 1, maximum: 20}、rows: {from: 名单} 或 rows: {written: [各行]}。"
        node.fault("缺少 rows。", mend)
    if rows is not None and (rows.has("from") or rows.has("written")):
        return GivenTable.read(node, common)
    return RepeatedTable.read(node, common)
