"""Which sheets the statistics workbook of a form has, and which cell of the form each of their cells is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.forms.compiler import Compiled
from service.domain.forms.exports import sheets
from service.domain.forms.fields import Field
from service.domain.forms.kinds.files import Files
from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.numbers import Number
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from service.domain.forms.places import Place

NOTES, HIDDEN, SINGLE = "说明", "_laurel", "单项数据"
"""The sheets beside the tables': how to fill it in; what it was made for; figures that stand alone."""


@dataclass(frozen=True)
class Plan:
    """One sheet: rows (key and title; None: people add them) × columns (key and title)."""

    key: str
    """The table's field; empty for the figures that stand alone."""
    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...] | None
    fields: Mapping[str, Field]
    """By column key; in a table of indicators, and of single figures, by row key."""
    by_row: bool
    maximum: int = 0
    """How many rows people may add."""

    def field(self, row: str | int, column: str) -> Field:
        return self.fields[str(row) if self.by_row else column]

    def path(self, row: str | int, column: str) -> Place:
        return (self.key, row, column) if self.key else (str(row),)


def plans(compiled: Compiled) -> list[Plan]:
    """The tables of figures that this step may write, in the form's order; files have no place there."""
    taken = {NOTES, HIDDEN.casefold(), SINGLE.casefold()}
    found = [plan for plan in (_of_table(f, compiled, taken) for f in _writable(compiled)) if plan]
    single = {f.key: f for f in _writable(compiled) if isinstance(f, Number)}
    if single:
        rows = tuple((key, f.label(compiled.scope)) for key, f in single.items())
        found.insert(0, Plan("", SINGLE, SINGLE, (("value", "数值"),), rows, single, by_row=True))
    return found


def _writable(compiled: Compiled) -> Iterator[Field]:
    yield from (f for f in compiled.definition.fields.values() if f.key in compiled.editable)


def _of_table(f: Field, compiled: Compiled, taken: set[str]) -> Plan | None:
    scope, title = compiled.scope, f.label(compiled.scope)
    if isinstance(f, MetricTable):
        if not any(isinstance(row, Number) for row in f.rows):
            return None
        names = tuple(
            (row.key, " / ".join((*group, row.label(scope))))
            for row, group in zip(f.rows, f.groups, strict=True)
        )
        fields = {row.key: row for row in f.rows}
        columns = tuple(f.columns(scope))
        return Plan(f.key, sheets.name(title, taken), title, columns, names, fields, by_row=True)
    if not isinstance(f, RepeatedTable | GivenTable):
        return None
    kept = {c.key: c for c in f.columns if not isinstance(c, Files) and c.writable}
    if not any(isinstance(column, Number) for column in kept.values()):
        return None
    columns = tuple((key, column.label(scope)) for key, column in kept.items())
    if isinstance(f, GivenTable):
        rows = tuple((row.key, row.title) for row in f.rows(scope))
        return Plan(f.key, sheets.name(title, taken), title, columns, rows, kept, by_row=False)
    if any(isinstance(column, Files) for column in f.columns):
        return None  # A list of rows is replaced as a whole, and so would lose the files of its rows.
    _, most = f.limits(scope)
    return Plan(f.key, sheets.name(title, taken), title, columns, None, kept, by_row=False, maximum=most)
