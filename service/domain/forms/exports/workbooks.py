"""A form as an Excel workbook: a sheet for the form, one for each table, every cell in its type."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from service.domain.forms.definitions import COVER
from service.domain.forms.exports import rich_text, sheets
from service.domain.forms.exports.papers import Paper, qr_png
from service.domain.forms.fields import Field
from service.domain.forms.kinds.grids import Grid, Table
from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from service.domain.forms.present import Block, present

FRONT = "表单"
_QR_ROWS = 4


def workbook(paper: Paper) -> bytes:
    """The form as xlsx."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)
    front.title = FRONT
    taken = {FRONT}
    _head(front, paper)
    for section in present(paper.compiled, paper.content):
        _line(front, section.title)
        for block in section.blocks:
            if block.table is None:
                _write_cell(front, paper, block)
            else:
                sheet = book.create_sheet(sheets.name(block.title, taken))
                _write_table(sheet, paper, block, block.table)
                _row(front, block.title, f"见工作表“{sheet.title}”")
        if section.title == COVER and (imprint := paper.compiled.definition.imprint):
            _line(front, imprint)
    front.column_dimensions["A"].width = 40
    front.column_dimensions["B"].width = 50
    sheets.set_page(front)
    book.properties.title = paper.compiled.title
    book.properties.creator = "桂冠"
    book.properties.identifier = paper.code or None
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _head(sheet: Worksheet, paper: Paper) -> None:
    sheets.write_text(sheet["A1"], paper.compiled.title, sheets.TITLE)
    sheets.merge(sheet, 1, 1, 1, 2)
    for row, text in ((2, paper.subject), (3, paper.version)):
        sheets.write_text(sheet.cell(row, 1), text)
        sheets.merge(sheet, row, 1, 1, 2)
    if paper.address:
        sheet.row_dimensions[4].height = 100
        picture = sheets.Picture(qr_png(paper.address), 120)
        sheet.add_image(picture, "A4")
        sheets.write_text(sheet["B4"], paper.address)
    sheet.freeze_panes = "A2"
    _write_footer(sheet, paper)


def _write_footer(sheet: Worksheet, paper: Paper) -> None:
    sheet.oddFooter.left.text = paper.version
    sheet.oddFooter.right.text = "&P / &N"


def _line(sheet: Worksheet, title: str) -> None:
    row = max(sheet.max_row, _QR_ROWS) + 1
    sheets.write_head(sheet.cell(row, 1), title)
    sheets.merge(sheet, row, 1, 1, 2)


def _row(sheet: Worksheet, label: str, text: str = "") -> Any:
    row = sheet.max_row + 1
    sheets.write_head(sheet.cell(row, 1), label)
    cell = sheet.cell(row, 2)
    if text:
        sheets.write_text(cell, text)
    return cell


def _write_cell(sheet: Worksheet, paper: Paper, block: Block) -> None:
    assert block.cell is not None
    field = paper.compiled.definition.fields[block.key]
    if block.cell.html is None:
        value = paper.content.get(field.copy or field.key)
        sheets.write_value(_row(sheet, block.title), field, value, block.cell.text)
        return
    text = rich_text.plain(block.cell.html)
    for start in range(0, len(text), sheets.LONGEST):
        # A chapter that is longer than a cell can be goes on in the next row.
        sheets.write_value(_row(sheet, block.title), field, None, text[start : start + sheets.LONGEST])


def _write_table(sheet: Worksheet, paper: Paper, block: Block, grid: Grid) -> None:
    field = paper.compiled.definition.fields[block.key]
    assert isinstance(field, Table)
    width = grid.depth + len(grid.columns)
    sheets.write_text(sheet["A1"], block.title, sheets.HEAD)
    sheets.merge(sheet, 1, 1, 1, width)
    at = 1
    for head in grid.corner_heads:
        sheets.write_head(sheet.cell(2, at), head.text)
        sheets.merge(sheet, 2, at, 1, head.columns)
        at += head.columns
    for number, title in enumerate(grid.columns, start=grid.depth + 1):
        sheets.write_head(sheet.cell(2, number), title)
    values = rows_of(field, paper.content.get(field.copy or field.key), paper)
    for number, row in enumerate(grid.rows):
        at = 3 + number
        column = 1 + grid.depth - sum(head.columns for head in row.heads)
        for head in row.heads:
            sheets.write_head(sheet.cell(at, column), head.text)
            sheets.merge(sheet, at, column, head.rows, head.columns)
            column += head.columns
        for place, cell in enumerate(row.cells):
            typed, value = values[number][place] if number < len(values) else (None, None)
            shown = cell.text if typed is None or cell.text else ""
            sheets.write_value(sheet.cell(at, grid.depth + 1 + place), typed, value if shown else None, shown)
    sheet.freeze_panes = sheet.cell(3, grid.depth + 1)
    heads = 8 if isinstance(field, RepeatedTable) else 36 if grid.depth == 1 else 24
    for column in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(column)].width = heads if column <= grid.depth else 16
    sheets.set_page(sheet, heads=2)
    _write_footer(sheet, paper)


def rows_of(field: Table, value: Any, paper: Paper) -> list[list[tuple[Field, Any]]]:
    """For each row of the table as it is shown the fields of its cells, and their values."""
    scope = paper.compiled.scope
    if isinstance(field, MetricTable):
        table = value if isinstance(value, dict) else {}
        return [
            [(cell, _get(table.get(row.key), key)) for key, cell in field.cells(row, scope)]
            for row in field.rows
        ]
    rows: list[Any] = []
    if isinstance(field, RepeatedTable):
        rows = value if isinstance(value, list) else []
    elif isinstance(field, GivenTable):
        table = value if isinstance(value, dict) else {}
        rows = [table.get(row.key) for row in field.rows(scope)]
    columns = field.columns if isinstance(field, RepeatedTable | GivenTable) else ()
    return [[(column, _get(row, column.key)) for column in columns] for row in rows]


def _get(row: Any, key: str) -> Any:
    return row.get(key) if isinstance(row, dict) else None
