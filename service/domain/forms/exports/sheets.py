"""Cells of a workbook: what people wrote never becomes a formula, and a number keeps its decimals."""

import re
from datetime import date
from typing import Any

from openpyxl.cell import Cell as ExcelCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
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
