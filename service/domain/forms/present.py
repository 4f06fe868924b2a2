"""Content as labelled rows and cells, for pages that show a form without editing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from service.domain.forms.compiler import Compiled


@dataclass(frozen=True, slots=True)
class FileLink:
    """An attachment."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as people read it: `text` (empty: not filled in), or sanitised `html`, or `files`."""

    text: str = ""
    html: str | None = None
    files: tuple[FileLink, ...] = ()
    number: bool = False
    """Whether to align it as a number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its title (with unit) and its cells, one for each column."""

    title: str
    cells: tuple[Cell, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled value, or a table with column titles and rows."""

    key: str
    kind: Literal["value", "table"]
    title: str
    cell: Cell = Cell()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form in the order of the document."""

    title: str
    article: str | None
    blocks: tuple[Block, ...]


def present(compiled: Compiled, content: Mapping[str, Any]) -> list[Section]:
    """What `content` says, section by section; a hidden field is left out, an unknown value is shown as it is."""
    raise NotImplementedError
