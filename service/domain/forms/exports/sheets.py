"""Cells of a workbook: what people wrote never becomes a formula, and a number keeps its decimals."""

import re
import unicodedata
from datetime import date
from typing import Any

from openpyxl.cell import Cell as ExcelCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from service.domain.forms.exports.papers import writable
from service.domain.forms.fields import Field
from service.domain.forms.kinds.dates import Date
from service.domain.forms.kinds.numbers import Number

LONGEST = 32_767
"""Characters that a cell can hold."""
_EXACT_DIGITS = 15
"""Excel counts in binary, with fifteen digits that hold; a longer number is written as text."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINE = Side(style="thin", color="FF808080")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
TITLE = Font(name="方正小标宋简体", size=16)
HEAD = Font(name="黑体", size=11)
BODY = Font(name="仿宋_GB2312", size=11)
SHADE = PatternFill("solid", fgColor="FFEFEFEF")
WRAPPED = Alignment(wrap_text=True, vertical="center")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


_WIDEST = 100
"""Characters: a sheet that is wider lies on its side, or its type would be too small to read."""
_LINE_HEIGHT, _HIGHEST = 1.4, 409
"""Of a line, in sizes of its type; of a row, in points, as Excel allows."""
_DEFAULT_SIZE = 11


class Picture(Image):
    """A PNG of ours; openpyxl itself would want Pillow only to learn its size."""

    def __init__(self, png: bytes, size: int) -> None:
        self.png = png
        self.width = self.height = size
        self.format = "png"

    def _data(self) -> bytes:
        return self.png


def write_text(cell: ExcelCell, text: str, font: Font = BODY) -> None:
    """Text, whatever it begins with: `=1+1` is what somebody typed, not what Excel is to work out."""
    cell.value = writable(text)[:LONGEST]
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(_FORMULA)
    cell.font = font
    cell.alignment = WRAPPED


def write_value(cell: ExcelCell, field: Field | None, value: Any, text: str) -> None:
    """A value in the type of its field; `text`, as people read it, where it does not have that type."""
    cell.font, cell.border, cell.alignment = BODY, BORDER, WRAPPED
    if not isinstance(value, str) or not value:
        if text:
            write_text(cell, text)
    elif isinstance(field, Number) and (match := _NUMBER.fullmatch(value)) and _is_exact(value):
        # The digits go into the file as they are, past binary floats.
        cell.value, cell.data_type = value, "n"
        cell.number_format = "0." + "0" * len(match[1]) if match[1] else "0"
    elif isinstance(field, Date) and (day := _day(value)):
        cell.value = day
        cell.number_format = 'yyyy"年"m"月"d"日"'
    else:
        write_text(cell, text)
    cell.border = BORDER


def write_head(cell: ExcelCell, text: str) -> None:
    """A heading."""
    write_text(cell, text, HEAD)
    cell.alignment, cell.fill, cell.border = CENTRED, SHADE, BORDER


def merge(sheet: Worksheet, row: int, column: int, rows: int, columns: int) -> None:
    """Make one cell of several."""
    if rows > 1 or columns > 1:
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1
        )


def set_page(sheet: Worksheet, heads: int = 0) -> None:
    """A4, as wide as the page; the first rows, the headings, on each page; every row as high as its text.

    To be called when all is written. Excel itself fits rows only where it is asked to, and merged ones never.
    """
    widths = {at: _width(sheet, at) for at in range(1, sheet.max_column + 1)}
    _fit_rows(sheet, widths)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if sum(widths.values()) > _WIDEST else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if heads:
        sheet.print_title_rows = f"1:{heads}"


def _width(sheet: Worksheet, column: int) -> float:
    dimension = sheet.column_dimensions.get(get_column_letter(column))
    if dimension is None:
        return 13
    return 0 if dimension.hidden else dimension.width


def _fit_rows(sheet: Worksheet, widths: dict[int, float]) -> None:
    spans = {(span.min_row, span.min_col): span for span in sheet.merged_cells.ranges}
    for cells in sheet.iter_rows():
        highest = 0.0
        for cell in cells:
            if not isinstance(cell.value, str) or cell.data_type != "s" or not widths[cell.column]:
                continue
            span = spans.get((cell.row, cell.column))
            if span is not None and span.max_row > span.min_row:
                continue  # Its rows have room enough together.
            columns = range(cell.column, (span.max_col if span else cell.column) + 1)
            size = cell.font.size or _DEFAULT_SIZE
            room = max(sum(widths[at] for at in columns) * _DEFAULT_SIZE / size - 1, 2)
            lines = sum(max(1, -(-_columns(line) // int(room))) for line in cell.value.split("\n"))
            highest = max(highest, lines * size * _LINE_HEIGHT)
        if cells and highest > _DEFAULT_SIZE * _LINE_HEIGHT:
            dimension = sheet.row_dimensions[cells[0].row]
            dimension.height = min(max(highest, dimension.height or 0), _HIGHEST)


def _columns(text: str) -> int:
    """How wide a text is, in digits: a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def name(title: str, taken: set[str]) -> str:
    """A name that Excel takes for a sheet (31 characters, none of []:*?/\\), unlike those taken."""
    bare = re.sub(r"[\[\]:*?/\\']", " ", writable(title)).strip()[:31] or "表"
    found, number = bare, 2
    while found.casefold() in taken:
        found = f"{bare[: 30 - len(str(number))]}~{number}"
        number += 1
    taken.add(found.casefold())
    return found


def _is_exact(value: str) -> bool:
    return len(re.sub(r"[-.]", "", value).lstrip("0")) <= _EXACT_DIGITS


def _day(value: str) -> date | None:
    match = _DAY.fullmatch(value)
    try:
        # Excel's calendar begins in 1900, with a leap day of its own in that year.
        return date(*map(int, match.groups())) if match and match[1] > "1900" else None
    except ValueError:
        return None
