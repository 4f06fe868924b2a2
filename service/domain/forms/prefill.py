"""What last year's submission of a form can say in this year's: shown cell by cell, never filled in unasked.

A cell is the same where the field is the same kind under the same title, its years written out: last year's
2019年目标 is this year's {T}年目标, and the column T-1 of then is T-2 of now. Figures, names and contacts are
carried over; texts, judgements, declarations, dates and files are made anew. What an earlier edition of the
programme called otherwise is the same where this edition's form says so (`earlier`).
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

from service.domain.forms.cleaning import clean
from service.domain.forms.compiler import Compiled
from service.domain.forms.fields import Field
from service.domain.forms.kinds.choices import Choice
from service.domain.forms.kinds.grids import Table
from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.numbers import Number
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from service.domain.forms.kinds.texts import Phone, Text
from service.domain.forms.places import Place, pointer, value_at
from service.domain.forms.validation import validate


class Suggestion(NamedTuple):
    """One cell that is empty, and what it could be."""

    path: Place
    label: str
    """The cell, as messages call it: 2016年工业增加值（亿元）."""
    value: str
    shown: str
    source: str
    """The cell of the earlier form that it comes from."""

    @property
    def pointer(self) -> str:
        return pointer(self.path)


def suggestions(
    compiled: Compiled, content: Mapping[str, Any], then: Compiled, earlier: Mapping[str, Any]
) -> list[Suggestion]:
    """For the empty cells that this step may write, what the submission `earlier` of the form `then` says.

    Nothing that this form would refuse is suggested.
    """
    found = [
        each for each in _all(compiled, content, then, earlier) if value_at(content, each.path) in (None, "")
    ]
    cleaned = clean(compiled, filled(content, found))
    alone = replace(compiled, definition=replace(compiled.definition, checks=()))
    wrong = {problem.pointer for problem in validate(alone, cleaned)}
    return [
        each for each in found if value_at(cleaned, each.path) == each.value and each.pointer not in wrong
    ]


def filled(content: Mapping[str, Any], accepted: Sequence[Suggestion]) -> dict[str, Any]:
    """The content with the suggestions in its empty cells."""
    result: dict[str, Any] = deepcopy(dict(content))
    for suggestion in accepted:
        at: Any = result
        *above, last = suggestion.path
        for part, inner in zip(above, suggestion.path[1:], strict=True):
            if isinstance(part, int):
                at += [{} for _ in range(part + 1 - len(at))]
                at = at[part]
            else:
                at = at.setdefault(part, [] if isinstance(inner, int) else {})
        if at.get(last) in (None, ""):
            at[last] = suggestion.value
    return result


def _renamed(
    compiled: Compiled, content: Mapping[str, Any], then: Compiled, earlier: Mapping[str, Any]
) -> Iterator[tuple[Field, Field, Iterator[tuple[Place, Place]]]]:
    """What the edition itself says is the same, of a form that an earlier edition had in this one's place."""
    told = compiled.definition.earlier.get(then.key, {})
    for here, there in told.items():
        field = compiled.definition.fields.get(here[0])
        other = then.definition.fields.get(there[0])
        if field is None or other is None or field.key not in compiled.editable:
            continue
        if isinstance(field, MetricTable) and isinstance(other, MetricTable):
            yield field, other, _of_row(field, here[1], other, there[1], compiled, then)
        elif isinstance(field, RepeatedTable) and isinstance(other, RepeatedTable):
            rows = earlier.get(other.key)
            count = len(rows) if isinstance(rows, list) and not _has_rows(content.get(field.key)) else 0
            yield (
                field,
                other,
                iter([((*here[:1], n, *here[1:]), (*there[:1], n, *there[1:])) for n in range(count)]),
            )
        elif len(here) == len(there) == 1:
            yield field, other, iter([(here, there)])


def _of_row(
    table: MetricTable, key: str, other: MetricTable, match: str, compiled: Compiled, then: Compiled
) -> Iterator[tuple[Place, Place]]:
    """The cells of a row for the years that both forms have, where the figures are of one unit."""
    rows, matches = ({row.key: row for row in each.rows} for each in (table, other))
    row, theirs = rows.get(key), matches.get(match)
    if not (isinstance(row, Number) and isinstance(theirs, Number) and row.unit == theirs.unit):
        return
    years = {title: year for year, title in other.columns(then.scope)}
    for year, title in table.columns(compiled.scope):
        if title in years:
            yield (table.key, key, year), (other.key, match, years[title])


def _same_form(
    compiled: Compiled, content: Mapping[str, Any], then: Compiled, earlier: Mapping[str, Any]
) -> Iterator[tuple[Field, Field, Iterator[tuple[Place, Place]]]]:
    for field in compiled.definition.fields.values():
        other = then.definition.fields.get(field.key)
        if field.key not in compiled.editable or other is None or not _alike(field, other, compiled, then):
            continue
        paths: Iterator[tuple[Place, Place]] = iter(())
        if isinstance(field, MetricTable) and isinstance(other, MetricTable):
            paths = _of_metrics(field, other, compiled, then)
        elif isinstance(field, GivenTable) and isinstance(other, GivenTable):
            paths = _of_given(field, other, compiled, then)
        elif isinstance(field, RepeatedTable) and isinstance(other, RepeatedTable):
            if not _has_rows(content.get(field.key)):
                paths = _of_added(field, other, compiled, then, earlier.get(field.key))
        elif isinstance(field, Number | Phone) or (isinstance(field, Text) and field.lines == 1):
            paths = iter([((field.key,), (field.key,))])
        yield field, other, paths


def _all(
    compiled: Compiled, content: Mapping[str, Any], then: Compiled, earlier: Mapping[str, Any]
) -> Iterator[Suggestion]:
    pairs = _renamed if then.key in compiled.definition.earlier else _same_form
    for field, other, paths in pairs(compiled, content, then, earlier):
        for path, source in paths:
            value = value_at(earlier, source)
            if isinstance(value, str) and value.strip():
                label, cell = compiled.definition.fields[field.key].find(path[1:], compiled.scope)
                whence, _ = other.find(source[1:], then.scope)
                yield Suggestion(path, label, value, cell.show(value, compiled.scope).text, whence)


def _of_metrics(
    table: MetricTable, other: MetricTable, compiled: Compiled, then: Compiled
) -> Iterator[tuple[Place, Place]]:
    rows = {row.key: row for row in other.rows}
    years = {title: key for key, title in other.columns(then.scope)}
    for row in table.rows:
        match = rows.get(row.key)
        if match is None or not isinstance(row, Number) or not _same(row, match, compiled, then):
            continue
        for key, title in table.columns(compiled.scope):
            if title in years:
                yield (table.key, row.key, key), (other.key, row.key, years[title])


def _of_given(
    table: GivenTable, other: GivenTable, compiled: Compiled, then: Compiled
) -> Iterator[tuple[Place, Place]]:
    rows = {row.key: row.title for row in other.rows(then.scope)}
    for row in table.rows(compiled.scope):
        for column, match in _columns(table, other, compiled, then):
            if isinstance(column, Number) and rows.get(row.key) == row.title:
                yield (table.key, row.key, column.key), (other.key, row.key, match.key)


def _of_added(
    table: RepeatedTable, other: RepeatedTable, compiled: Compiled, then: Compiled, rows: Any
) -> Iterator[tuple[Place, Place]]:
    """All rows of then, where there is none yet."""
    for number in range(len(rows) if isinstance(rows, list) else 0):
        for column, match in _columns(table, other, compiled, then):
            if isinstance(column, Number | Text | Phone | Choice):
                yield (table.key, number, column.key), (other.key, number, match.key)


def _columns(
    table: RepeatedTable | GivenTable, other: RepeatedTable | GivenTable, compiled: Compiled, then: Compiled
) -> list[tuple[Field, Field]]:
    """The columns of both that mean the same, whatever their keys are.

    Where the table is of another year now (主导产业发展情况（{T-1}年）), so are its figures, but for columns
    that name their own year.
    """
    moved = not _same(table, other, compiled, then)
    return [
        (column, matches[0])
        for column in table.columns
        if column.writable
        and not (moved and isinstance(column, Number) and "{T" not in column.title)
        and len(matches := [each for each in other.columns if _same(column, each, compiled, then)]) == 1
    ]


def _alike(field: Field, other: Field, compiled: Compiled, then: Compiled) -> bool:
    """The same, or a table whose title only names its round's years."""
    if isinstance(field, Table) and type(field) is type(other) and field.title == other.title:
        return True
    return _same(field, other, compiled, then)


def _same(field: Field, other: Field, compiled: Compiled, then: Compiled) -> bool:
    """Of one kind, under one title (with its unit), for one year."""
    return type(field) is type(other) and field.label(compiled.scope) == other.label(then.scope)


def _has_rows(rows: Any) -> bool:
    """Whether anything was written in any row."""
    return isinstance(rows, list) and any(
        value not in (None, "", []) for row in rows if isinstance(row, dict) for value in row.values()
    )
