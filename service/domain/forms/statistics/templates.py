"""The statistics workbook of a form, to be filled in: a sheet a table, with what the draft holds already."""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from service.domain.forms.cells import Cell
from service.domain.forms.compiler import Compiled
from service.domain.forms.exports import sheets
from service.domain.forms.fields import Field
from service.domain.forms.kinds.choices import Choice, YesNo
from service.domain.forms.kinds.numbers import Integer, Number
from service.domain.forms.places import value_at
from service.domain.forms.statistics.errors import NoFigures
from service.domain.forms.statistics.plans import HIDDEN, NOTES, Plan, plans

VERSION = "1"
KEY_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 5
KEY_COLUMN, TITLE_COLUMN, FIRST_COLUMN = 1, 2, 3
SPARE_ROWS = 20
"""Blank rows that a sheet offers where people add rows, beside those that are filled in."""

_RULES = (
    "一、只填写白色的格；隐藏的行和列供系统识别，请不要改动、删除，也不要增加工作表。",
    "二、数字按常规格式填写；百分数填 12.5 或 12.5% 都可以。",
    "三、没有发生的填 0；还没有数据的留空。系统里原有内容而工作簿里空着的格，导入后为空。",
    "四、公式请先“选择性粘贴—数值”。",
    "五、填好后在任务页的“统计工作簿”里导入；有错的格会按工作表和单元格一次列出，改好前不会导入任何内容。",
)


class Stamp(NamedTuple):
    """What a workbook was made for; one of another form, year or case is not taken."""

    version: str
    form: str
    digest: str
    year: str
    subject: str


def stamp(compiled: Compiled, subject: str) -> Stamp:
    """The stamp of a form of the case with the business key `subject`."""
    definition = compiled.definition
    return Stamp(VERSION, definition.key, definition.digest, str(compiled.scope.year), subject)


def template(compiled: Compiled, content: Mapping[str, Any], *, subject: str, title: str) -> bytes:
    """The workbook as xlsx, for the case `subject`, called `title`; NoFigures where there is no table."""
    found = plans(compiled)
    if not found:
        raise NoFigures(form=compiled.title)
    book = Workbook()
    notes = book.active
    assert isinstance(notes, Worksheet)
    notes.title = NOTES
    notes.column_dimensions["A"].width = 84
    for number, text in enumerate((f"{compiled.title}：统计工作簿", title, *_RULES), start=1):
        sheets.write_text(notes.cell(number, 1), text, sheets.TITLE if number == 1 else sheets.BODY)
    sheets.set_page(notes)
    hidden = _Hidden(book.create_sheet(HIDDEN), stamp(compiled, subject))
    for plan in found:
        _write(book.create_sheet(plan.name), plan, compiled, content, hidden)
    book.move_sheet(HIDDEN, len(found))
    hidden.sheet.sheet_state = "veryHidden"
    book.properties.title, book.properties.creator = compiled.title, "桂冠"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


class _Hidden:
    """The sheet that nobody sees: the stamp, and the lists to choose from."""

    def __init__(self, sheet: Worksheet, made_for: Stamp) -> None:
        self.sheet = sheet
        self.lists: dict[tuple[str, ...], str] = {}
        for number, text in enumerate(made_for, start=1):
            sheets.write_text(sheet.cell(number, 1), text)

    def list(self, labels: tuple[str, ...]) -> str:
        """The address of a list to choose from."""
        if labels not in self.lists:
            column = len(self.lists) + 2
            for number, label in enumerate(labels, start=1):
                sheets.write_text(self.sheet.cell(number, column), label)
            letter = get_column_letter(column)
            self.lists[labels] = f"{quote_sheetname(HIDDEN)}!${letter}$1:${letter}${len(labels)}"
        return self.lists[labels]


def _write(
    sheet: Worksheet, plan: Plan, compiled: Compiled, content: Mapping[str, Any], hidden: _Hidden
) -> None:
    width = FIRST_COLUMN + len(plan.columns) - 1
    sheets.write_text(sheet.cell(1, TITLE_COLUMN), plan.title, sheets.TITLE)
    note = compiled.definition.fields[plan.key].note if plan.key else None
    sheets.write_text(sheet.cell(2, TITLE_COLUMN), compiled.scope.title(note or ""))
    for row in (1, 2):
        sheet.merge_cells(start_row=row, end_row=row, start_column=TITLE_COLUMN, end_column=width)
    sheets.write_head(sheet.cell(HEAD_ROW, TITLE_COLUMN), "项目" if plan.rows is not None else "序号")
    for number, (key, label) in enumerate(plan.columns, start=FIRST_COLUMN):
        sheets.write_text(sheet.cell(KEY_ROW, number), key)
        sheets.write_head(sheet.cell(HEAD_ROW, number), label)
        sheet.column_dimensions[get_column_letter(number)].width = 18
    rows = list(plan.rows) if plan.rows is not None else _numbered(plan, content)
    for at, (key, label) in enumerate(rows, start=FIRST_ROW):
        sheets.write_text(sheet.cell(at, KEY_COLUMN), key)
        sheets.write_head(sheet.cell(at, TITLE_COLUMN), label)
        place: str | int = key if plan.rows is not None else at - FIRST_ROW
        for number, (column, _) in enumerate(plan.columns, start=FIRST_COLUMN):
            field = plan.field(key, column)
            value = value_at(content, plan.path(place, column))
            cell = sheet.cell(at, number)
            if not isinstance(field, Number):
                cell.number_format = "@"  # What one types in it stays the text that it is.
            sheets.write_value(cell, field, value, _shown(field, value, compiled))
    _validate(sheet, plan, [key for key, _ in rows], compiled, hidden)
    sheet.row_dimensions[KEY_ROW].hidden = True
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width = 44 if plan.rows is not None else 8
    sheet.freeze_panes = sheet.cell(FIRST_ROW, FIRST_COLUMN)
    sheets.set_page(sheet, heads=HEAD_ROW)


def _shown(field: Field, value: Any, compiled: Compiled) -> str:
    shown: Cell = field.show(value, compiled.scope)
    return shown.text


def _numbered(plan: Plan, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = content.get(plan.key)
    there = len(rows) if isinstance(rows, list) else 0
    wanted = max(there, min(plan.maximum, there + SPARE_ROWS))
    return [(str(number), str(number)) for number in range(1, wanted + 1)]


def _validate(sheet: Worksheet, plan: Plan, rows: list[str], compiled: Compiled, hidden: _Hidden) -> None:
    """Excel's own checks, so that most mistakes are noticed where they are made."""
    if not rows:
        return
    for number, (column, _) in enumerate(plan.columns, start=FIRST_COLUMN):
        letter = get_column_letter(number)
        if not plan.by_row:
            _add(
                sheet,
                plan.field("", column),
                f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + len(rows) - 1}",
                compiled,
                hidden,
            )
            continue
        for at, row in enumerate(rows, start=FIRST_ROW):
            _add(sheet, plan.field(row, column), f"{letter}{at}", compiled, hidden)


def _add(sheet: Worksheet, field: Field, where: str, compiled: Compiled, hidden: _Hidden) -> None:
    scope = compiled.scope
    rule: DataValidation | None = None
    if isinstance(field, Number):
        rule = DataValidation(
            type="whole" if isinstance(field, Integer) else "decimal",
            operator="between",
            formula1=scope.bound(field.minimum) or "-999999999999999",
            formula2=scope.bound(field.maximum) or "999999999999999",
        )
    elif isinstance(field, YesNo):
        rule = DataValidation(type="list", formula1='"是,否"')
    elif isinstance(field, Choice) and (labels := tuple(label for _, label in field.pairs(scope))):
        rule = DataValidation(type="list", formula1=hidden.list(labels))
    if rule is not None:
        rule.allow_blank = rule.showErrorMessage = True
        rule.errorTitle, rule.error = "请改正", field.hint(scope)[:200] + "。"
        rule.add(where)
        sheet.add_data_validation(rule)
