"""Sanitised HTML as blocks that Word and Excel have too: paragraphs of runs, and tables."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

_STYLES = {"strong": "bold", "em": "italic", "u": "underline", "s": "strike"}
_HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
_MAXIMUM_SPAN = 100


class Run(NamedTuple):
    """Text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


@dataclass
class Paragraph:
    """A paragraph; a line break in it is `\\n`."""

    runs: list[Run] = field(default_factory=list)
    heading: int = 0
    """2 to 4; 0: none."""
    indent: int = 0
    """How deep in lists and quotations."""
    marker: str = ""
    """What stands before an item of a list: `1.`, `•`."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass
class Cell:
    """A cell of a table, over so many rows and columns."""

    heading: bool
    rows: int
    columns: int
    blocks: "list[Paragraph | Table]" = field(default_factory=list)


@dataclass
class Table:
    """A table; its caption comes as a paragraph before it."""

    rows: list[list[Cell]] = field(default_factory=list)


Block = Paragraph | Table


def blocks(html: str) -> list[Block]:
    """What sanitised HTML says, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def plain(html: str) -> str:
    """The same as plain text, a line for each paragraph and each row of a table."""
    return "\n".join(_lines(blocks(html)))


def _lines(found: list[Block]) -> list[str]:
    lines = []
    for block in found:
        if isinstance(block, Paragraph):
            lines.append("　" * block.indent + f"{block.marker} {block.text}".lstrip())
        else:
            lines += ["\t".join(" ".join(_lines(cell.blocks)) for cell in row) for row in block.rows]
    return lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.into = [self.found]
        """Where blocks go: the document, or the cells that are open, innermost last."""
        self.tables: list[Table] = []
        self.lists: list[int | None] = []
        """For each open list the number of its last item; None: bullets."""
        self.quotes = 0
        self.styles: list[str] = []
        self.paragraph: Paragraph | None = None
        self.marker = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _STYLES:
            self.styles.append(_STYLES[tag])
        elif tag == "br":
            self._write("\n")
        elif tag in ("p", "hr") or tag in _HEADINGS:
            self._begin(_HEADINGS.get(tag, 0))
        elif tag == "caption":
            self._begin(0)
            self._put_before_table()
        elif tag in ("ul", "ol"):
            self._end()
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._end()
            self.marker = self._next_marker()
        elif tag == "blockquote":
            self._end()
            self.quotes += 1
        elif tag == "table":
            self._end()
            self.tables.append(Table())
            self.into[-1].append(self.tables[-1])
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1].rows:
            spans = {name: _span(value) for name, value in attrs}
            cell = Cell(tag == "th", spans.get("rowspan", 1), spans.get("colspan", 1))
            self.tables[-1].rows[-1].append(cell)
            self.into.append(cell.blocks)
            self.paragraph = None

    def handle_endtag(self, tag: str) -> None:
        if tag in _STYLES:
            if _STYLES[tag] in self.styles:
                self.styles.remove(_STYLES[tag])
        elif tag in ("p", "caption", "li") or tag in _HEADINGS:
            self._end()
            self.marker = "" if tag == "li" else self.marker
        elif tag in ("ul", "ol"):
            self._end()
            if self.lists:
                self.lists.pop()
        elif tag == "blockquote":
            self._end()
            self.quotes -= 1
        elif tag in ("td", "th") and len(self.into) > 1:
            self._end()
            self.into.pop()
        elif tag == "table" and self.tables:
            self._end()
            self.tables.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split()) if data.strip() else " "
        if data.strip():
            text = (" " if data[0].isspace() else "") + text + (" " if data[-1].isspace() else "")
        if self.paragraph is not None or text.strip():
            self._write(text)

    def _write(self, text: str) -> None:
        if self.paragraph is None:
            self._begin(0)
        assert self.paragraph is not None
        self.paragraph.runs.append(Run(text, **dict.fromkeys(self.styles, True)))

    def _begin(self, heading: int) -> None:
        self._end()
        indent = max(len(self.lists) - 1, 0) + self.quotes
        self.paragraph = Paragraph(heading=heading, indent=indent, marker=self.marker)
        self.marker = ""
        self.into[-1].append(self.paragraph)

    def _put_before_table(self) -> None:
        """A caption is inside its table in HTML, and before it everywhere else."""
        into = self.into[-1]
        if self.tables and len(into) > 1 and into[-2] is self.tables[-1]:
            into[-2:] = [into[-1], into[-2]]

    def _end(self) -> None:
        if self.paragraph is not None and self.paragraph.runs:
            last = self.paragraph.runs[-1]
            self.paragraph.runs[-1] = last._replace(text=last.text.rstrip())
        self.paragraph = None

    def _next_marker(self) -> str:
        if not self.lists or self.lists[-1] is None:
            return "•"
        self.lists[-1] += 1
        return f"{self.lists[-1]}."


def _span(value: str | None) -> int:
    return (
        min(int(value), _MAXIMUM_SPAN) if value and value.isascii() and value.isdigit() and int(value) else 1
    )


def laid_out(
    table: Table,
) -> tuple[list[tuple[Cell, int, int, int, int]], int, int]:
    """Each cell with row, column, height and width, none over another; and the table's size."""
    taken: set[tuple[int, int]] = set()
    places = []
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            height = min(cell.rows, len(table.rows) - row)
            width = next(
                (w for w in range(1, cell.columns) if (row, column + w) in taken), max(cell.columns, 1)
            )
            height = max(height, 1)
            taken |= {(row + y, column + x) for y in range(height) for x in range(width)}
            places.append((cell, row, column, height, width))
            column += width
    columns = max((column for _, column in taken), default=-1) + 1
    return places, len(table.rows), columns
