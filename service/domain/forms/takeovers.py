"""What a reviewer can take over: the figure that another reported in the same row, beside what it rests on.

A column of numbers says from which column (`take`), and which columns are its evidence. Nothing is taken over
unasked: every row is shown first, and chosen by its key.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from service.domain.forms.cells import Cell
from service.domain.forms.cleaning import clean
from service.domain.forms.compiler import Compiled
from service.domain.forms.kinds.numbers import Number
from service.domain.forms.kinds.row_tables import GivenTable
from service.domain.forms.places import Place, pointer
from service.domain.forms.problems import Problem
from service.domain.forms.validation import validate


class Offer(NamedTuple):
    """One empty cell, and the reported figure that it can take over."""

    path: Place
    title: str
    """The row's."""
    value: str
    cells: tuple[Cell, ...]
    """What others supply in the row, in the order of `Offered.columns`: target, figure, evidence."""
    evidenced: bool
    """Whether anything is given that the figure rests on."""
    remark: str
    """What the form would ask about the figure; empty: nothing."""

    @property
    def pointer(self) -> str:
        return pointer(self.path)


class Offered(NamedTuple):
    """Of one table."""

    title: str
    column: str
    """What is filled in: 核定完成."""
    columns: tuple[str, ...]
    offers: list[Offer]


def offered(compiled: Compiled, content: Mapping[str, Any]) -> list[Offered]:
    """For the empty cells that this step may write; nothing that the form would refuse is offered."""
    found = []
    for table in compiled.definition.fields.values():
        if isinstance(table, GivenTable) and table.key in compiled.editable:
            for column in table.columns:
                if isinstance(column, Number) and column.take is not None:
                    found.append(_of_column(compiled, content, table, column))
    return [each for each in found if each.offers]


def taken(compiled: Compiled, content: Mapping[str, Any], pointers: Collection[str]) -> dict[str, Any]:
    """The content with the offers at these places, in cells that are empty still; others are no matter."""
    result: dict[str, Any] = clean(compiled, content)
    for table in offered(compiled, content):
        for offer in table.offers:
            if offer.pointer in pointers:
                key, row, column = offer.path
                result[str(key)][row][column] = offer.value
    return result


def takes(compiled: Compiled) -> bool:
    """Whether the form has a column that can take something over."""
    return any(
        isinstance(column, Number) and column.take is not None
        for table in compiled.definition.fields.values()
        if isinstance(table, GivenTable) and table.key in compiled.editable
        for column in table.columns
    )


def _of_column(compiled: Compiled, content: Mapping[str, Any], table: GivenTable, column: Number) -> Offered:
    assert column.take is not None
    scope, shown = compiled.scope, table.supplied
    rows = content.get(table.key) or {}
    empty = [row for row in table.rows(scope) if rows.get(row.key, {}).get(column.key) in (None, "")]
    values = {row.key: rows.get(row.key, {}).get(column.take.of) for row in empty}
    judged = _judged(compiled, content, table, column, {key: each for key, each in values.items() if each})
    offers = []
    for row in empty:
        path = (table.key, row.key, column.key)
        problem = judged.get(pointer(path))
        if not values[row.key] or (problem is not None and problem.severity == "error"):
            continue
        cells = rows[row.key]
        offers.append(
            Offer(
                path,
                row.title,
                values[row.key],
                tuple(each.show(cells.get(each.key), scope) for each in shown),
                any(cells.get(each) for each in column.take.evidence),
                problem.message if problem is not None else "",
            )
        )
    return Offered(
        table.label(scope), column.label(scope), tuple(each.label(scope) for each in shown), offers
    )


def _judged(
    compiled: Compiled,
    content: Mapping[str, Any],
    table: GivenTable,
    column: Number,
    values: Mapping[str, str],
) -> dict[str, Problem]:
    """What the form would say of the cells, were they filled in."""
    filled = clean(compiled, content)
    for key, value in values.items():
        filled[table.key][key][column.key] = value
    return {each.pointer: each for each in validate(compiled, filled)}
