"""Pages of a list: the rows of one, chosen by the database, and how many there are on all of them."""

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar, TypeVarTuple

from sqlalchemy import Row, Select, func, literal, select
from sqlalchemy.orm import Session

Line = TypeVar("Line")
Other = TypeVar("Other")
Columns = TypeVarTuple("Columns")
SIZE = 20
LARGEST = 100


class Page(NamedTuple, Generic[Line]):
    """Rows of one page, numbered from 1, and how many there are on all pages."""

    rows: Sequence[Line]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where the list is empty."""
        return max(1, -(-self.total // self.size))

    def holding(self, rows: Sequence[Other]) -> "Page[Other]":
        """The same page with its rows as the reader sees them."""
        return Page(rows, self.number, self.size, self.total)


def page(
    session: Session, wanted: Select[*Columns], *, number: int = 1, size: int = SIZE
) -> Page[Row[*Columns]]:
    """One page of what `wanted` finds, in its order: two statements however long the list is."""
    number, size = max(number, 1), min(max(size, 1), LARGEST)
    counted: Select[Any] = wanted.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    rows = session.execute(wanted.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, size, total)
