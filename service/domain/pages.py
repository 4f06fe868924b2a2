"""Pages of a list."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

Line = TypeVar("Line")
SIZE = 20


class Page(NamedTuple, Generic[Line]):
    """Rows of one page, numbered from 1, and how many there are on all pages."""

    rows: Sequence[Line]
    number: int
    size: int
    total: int


def first(number: int, size: int = SIZE) -> int:
    """How many rows stand before the page."""
    return (max(number, 1) - 1) * size
