"""Tables as people read them."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import Field
from service.domain.forms.scopes import Scope


class Head(NamedTuple):
    """A heading of a row, and over how many rows and columns it stands."""

    text: str
    rows: int = 1
    columns: int = 1


class Row(NamedTuple):
    """A row of a table as people read it."""

    title: str
    cells: tuple[Cell, ...]
    groups: tuple[str, ...]
    """The headings above it, outermost first."""
    heads: tuple[Head, ...]
    """For a table with merged headings: those that begin with this row, its own title last."""


class Grid(NamedTuple):
    """A table as people read it: the heading above the row titles, the other headings, the rows."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    depth: int = 1
    """Over how many columns of row headings the corner stands."""
    corners: tuple[str, ...] = ()
    """The heading of each of those columns, where the corner is not one."""

    @property
    def corner_heads(self) -> tuple[Head, ...]:
        """What stands above the row headings, from left to right."""
        return tuple(Head(text) for text in self.corners) or (Head(self.corner, columns=self.depth),)


@dataclass(frozen=True, kw_only=True)
class Table(Field):
    """What all tables share."""

    always: ClassVar[bool] = True

    def hint(self, scope: Scope) -> str:
        return "请按表格逐格填写"

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(as_text(value))

    @abstractmethod
    def grid(self, value: Any, scope: Scope) -> Grid:
        """The table for reading."""
