"""A statistics workbook that was filled in, back into the content of its form: all of it, or nothing."""

import io
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import CellCoordinatesException

from service.domain.errors import Problem
from service.domain.forms.cleaning import clean
from service.domain.forms.compiler import Compiled
from service.domain.forms.kinds.choices import Choices, YesNo
from service.domain.forms.kinds.numbers import Number
from service.domain.forms.places import Place, pointer, value_at
from service.domain.forms.statistics import guards, values
from service.domain.forms.statistics.errors import NoFigures, WorkbookInvalid, WorkbookRefused
from service.domain.forms.statistics.plans import HIDDEN, NOTES, Plan, plans
from service.domain.forms.statistics.templates import (
    FIRST_COLUMN,
    FIRST_ROW,
    KEY_COLUMN,
    KEY_ROW,
    Stamp,
    stamp,
)
from service.domain.forms.statistics.values import CellRefused
from service.domain.forms.validation import validate

Row = tuple[Any, ...]
"""The cells of one row, as openpyxl gives them."""
_AGAIN = "请重新下载模板，把数值粘贴过去。"
# What openpyxl raises for a part that is missing (LookupError, OSError), is no XML (the SyntaxErrors of both
# parsers), or holds what a workbook cannot hold: it has no error of its own for these.
_MALFORMED = (
    *(ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError),
    *(CellCoordinatesException, NotImplementedError),
)


class Imported(NamedTuple):
    """The content with the workbook's figures, and what that changes."""

    content: dict[str, Any]
    filled: int
    """Cells of the workbook that are not blank."""
    changed: int
    """Cells that are not as they were, those that are blank now among them."""


def read(compiled: Compiled, content: Mapping[str, Any], workbook: bytes, *, subject: str) -> Imported:
    """`content` with what the workbook says in place of its tables.

    A blank cell empties what was there, and leaves missing what was missing. Raises WorkbookRefused for what
    is no workbook of this form, year and case; WorkbookInvalid with every bad cell by sheet and address.
    """
    wanted = plans(compiled)
    if not wanted:
        raise NoFigures(form=compiled.title)
    admitted = guards.admit(workbook)
    try:
        book = openpyxl.load_workbook(io.BytesIO(admitted), read_only=True, keep_links=False)
        sheets = {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}
        book.close()
    except _MALFORMED as error:
        raise WorkbookRefused(f"文件的内部结构有误，无法读取。{_AGAIN}") from error
    _require_stamp(sheets, stamp(compiled, subject))
    reading = _Reading(compiled, content)
    for plan in wanted:
        if plan.name in sheets:
            reading.take(plan, sheets[plan.name])
        else:
            reading.fault(plan.name, "", f"缺少工作表“{plan.name}”。{_AGAIN}")
    for name in sheets.keys() - {plan.name for plan in wanted} - {NOTES, HIDDEN}:
        reading.fault(name, "", f"工作表“{name}”不属于模板，请删去。")
    return reading.judged()


def _rows(sheet: Any) -> Iterator[Row]:
    yield from sheet.iter_rows(max_row=guards.MAXIMUM_ROWS, max_col=guards.MAXIMUM_COLUMNS)


def _require_stamp(sheets: Mapping[str, list[Row]], expected: Stamp) -> None:
    rows = sheets.get(HIDDEN, [])
    found = [str(row[0].value or "") if row else "" for row in rows[: len(expected)]]
    if len(found) < len(expected):
        raise WorkbookRefused(f"它不是从本系统下载的模板。{_AGAIN}")
    made_for = Stamp(*found)
    if made_for.form != expected.form:
        raise WorkbookRefused("它是另一份表单的模板，请核对后选择本表单的工作簿。")
    if made_for.subject != expected.subject:
        raise WorkbookRefused("它是为另一单位或另一轮次的材料下载的模板，请核对后选择本件的工作簿。")
    if made_for != expected:
        raise WorkbookRefused(f"模板的版本与现在的表单不一致。{_AGAIN}")


class _Reading:
    """The content as it is being put together, where each of its cells came from, and what is wrong."""

    def __init__(self, compiled: Compiled, before: Mapping[str, Any]) -> None:
        self.compiled = compiled
        self.before = before
        self.content: dict[str, Any] = deepcopy(dict(before))
        self.places: dict[Place, tuple[str, str]] = {}
        """Place of a cell that is not blank → sheet and address."""
        self.blanked = 0
        self.problems: list[Problem] = []

    def fault(self, sheet: str, address: str, message: str) -> None:
        place = f"{sheet}!{address}" if address else sheet
        where = f"工作表“{sheet}”{address}：" if address else ""
        self.problems.append(Problem(place, where + message))

    def take(self, plan: Plan, rows: list[Row]) -> None:
        columns = self._columns(plan, rows)
        if columns is None:
            return
        if plan.rows is None:
            self._take_added(plan, rows, columns)
        else:
            self._take_given(plan, rows, columns)

    def judged(self) -> Imported:
        """Judge what came together; the checks between cells are the draft's, told when it is saved."""
        cleaned = clean(self.compiled, self.content)
        for path, (sheet, address) in self.places.items():
            if values.is_blank(value_at(cleaned, path)):
                self.fault(sheet, address, "按其他各栏的内容，这一格不用填写；请清空。")
        alone = replace(self.compiled, definition=replace(self.compiled.definition, checks=()))
        at = {pointer(path): place for path, place in self.places.items()}
        for problem in validate(alone, cleaned):
            if problem.severity != "error":
                continue  # A warning stops no draft; it is told where the draft is.
            # `/products/2/3`: what is wrong inside of a cell's list is wrong with the cell.
            if place := at.get(problem.pointer) or at.get(problem.pointer.rpartition("/")[0]):
                self.fault(*place, problem.message)
        if self.problems:
            raise WorkbookInvalid(sorted(self.problems, key=self._order))
        kept = sum(value_at(cleaned, path) == value_at(self.before, path) for path in self.places)
        return Imported(cleaned, len(self.places), len(self.places) - kept + self.blanked)

    def _order(self, problem: Problem) -> tuple[int, int, int]:
        """By sheet, row and column."""
        sheet, _, address = problem.place.partition("!")
        names = [plan.name for plan in plans(self.compiled)]
        letters = address.rstrip("0123456789")
        at = names.index(sheet) if sheet in names else len(names)
        return at, int(address[len(letters) :] or 0), column_index_from_string(letters) if letters else 0

    def _columns(self, plan: Plan, rows: list[Row]) -> dict[int, str] | None:
        """Index → column key; None, after a fault, where the hidden row does not have each once."""
        keys = rows[KEY_ROW - 1] if len(rows) >= KEY_ROW else []
        found = {index: str(cell.value) for index, cell in enumerate(keys) if not values.is_blank(cell.value)}
        if sorted(found.values()) != sorted(key for key, _ in plan.columns):
            self.fault(plan.name, "", f"工作表“{plan.name}”的列被增删或改动。{_AGAIN}")
            return None
        return found

    def _take_given(self, plan: Plan, rows: list[Row], columns: dict[int, str]) -> None:
        expected = {key for key, _ in plan.rows or ()}
        seen: set[str] = set()
        for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
            key = str(row[KEY_COLUMN - 1].value or "") if row else ""
            if key in expected and key not in seen:
                seen.add(key)
                for index, column in columns.items():
                    self._take_cell(
                        plan, key, column, row[index] if index < len(row) else None, number, index
                    )
            elif key or self._has_data(row):
                self.fault(plan.name, f"A{number}", f"第 {number} 行不属于模板，或者重复；请删去这一行。")
        if seen != expected:
            missing = "、".join(title for key, title in plan.rows or () if key not in seen)
            self.fault(plan.name, "", f"工作表“{plan.name}”缺少：{missing[:200]}。{_AGAIN}")

    def _take_added(self, plan: Plan, rows: list[Row], columns: dict[int, str]) -> None:
        before = self.before.get(plan.key)
        had = len(before) if isinstance(before, list) else 0
        self.content[plan.key] = []
        for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
            if not any(index < len(row) and not values.is_blank(row[index].value) for index in columns):
                if self._has_data(row):
                    self.fault(plan.name, f"A{number}", f"第 {number} 行在表格以外有内容；请删去。")
                continue
            place = len(self.content[plan.key])
            if place == plan.maximum:
                self.fault(
                    plan.name, f"A{number}", f"最多 {plan.maximum} 行，从第 {number} 行起多出；请删减。"
                )
                return
            self.content[plan.key].append({})
            for index, column in columns.items():
                self._take_cell(plan, place, column, row[index] if index < len(row) else None, number, index)
        self.blanked += max(had - len(self.content[plan.key]), 0) * len(columns)

    def _has_data(self, row: Row) -> bool:
        """Whether something stands right of the headings."""
        return any(not values.is_blank(cell.value) for cell in row[FIRST_COLUMN - 1 :])

    def _take_cell(self, plan: Plan, row: str | int, column: str, cell: Any, number: int, index: int) -> None:
        field, path = plan.field(row, column), plan.path(row, column)
        was = value_at(self.before, path)
        if cell is None or values.is_blank(cell.value):
            if was is None:
                return
            self.blanked += not values.is_blank(was) and was != []
            self._set(path, [] if isinstance(field, Choices) else None if isinstance(field, YesNo) else "")
            return
        address = f"{get_column_letter(index + 1)}{number}"
        try:
            value = values.read(cell, field, self.compiled.scope)
        except CellRefused as refused:
            self.fault(plan.name, address, f"这一格{refused}")
            return
        if isinstance(field, Number) and _same_number(value, was):
            value = was  # 12.50 stays 12.50: Excel does not tell how many zeros were typed.
        self._set(path, value)
        self.places[path] = (plan.name, address)

    def _set(self, path: Place, value: Any) -> None:
        *above, last = path
        at: Any = self.content
        for part in above:
            at = at[part] if isinstance(part, int) else at.setdefault(part, {})
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value


def _same_number(one: Any, other: Any) -> bool:
    try:
        return isinstance(other, str) and Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
