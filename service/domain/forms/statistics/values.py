"""One cell of a workbook as the form keeps it: exact, with 0, emptied and missing told apart."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.forms.fields import Field
from service.domain.forms.kinds.choices import Choice, Choices, YesNo
from service.domain.forms.kinds.dates import Month
from service.domain.forms.kinds.numbers import Number, plain
from service.domain.forms.scopes import Scope

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_BETWEEN = re.compile(r"[、，,;；\n]+")
_TRUTH = {"是": True, "否": False, "TRUE": True, "FALSE": False}


class CellRefused(Exception):
    """Why a cell cannot be taken over, and what to do: the end of a sentence."""


def is_blank(value: Any) -> bool:
    """Whether nothing stands in a cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def read(cell: Any, field: Field, scope: Scope) -> Any:
    """The value of a cell that is not blank, in the field's own spelling; CellRefused."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        raise CellRefused("含有公式；请复制后用“选择性粘贴—数值”粘贴。")
    if kind == "e":
        raise CellRefused(f"是错误值 {value}；请改为数值，没有数据的留空。")
    if isinstance(value, bool):
        value = "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        value = _number(value, cell.number_format or "General", field)
    elif isinstance(value, date):
        value = _day(value, field)
    elif not isinstance(value, str):
        raise CellRefused("是时间，不能导入；请按文字填写。")
    return _of_text(value, field, scope)


def _number(value: int | float, number_format: str, field: Field) -> str:
    """The decimal that Excel shows with all its fifteen digits: 0.1 + 0.2 is 0.3."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if not exact.is_finite():
        raise CellRefused("不是数值；请改正。")
    if "%" in _LITERAL.sub("", number_format):
        # Whoever types 12.5% gets a cell that holds 0.125 and shows 12.5%.
        if not isinstance(field, Number) or field.unit != "%":
            raise CellRefused("是百分比格式，而这一栏不是百分数；请改为常规格式并核对数值。")
        exact *= 100
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _day(value: date, field: Field) -> str:
    if isinstance(field, Number):
        raise CellRefused("是日期格式；请改为常规格式并重新填写数值。")
    day = value.date() if isinstance(value, datetime) else value
    return day.isoformat()[:7] if isinstance(field, Month) else day.isoformat()


def _of_text(text: str, field: Field, scope: Scope) -> Any:
    if isinstance(field, Number):
        return plain(text, percent=field.unit == "%")
    if isinstance(field, YesNo):
        if (answer := _TRUTH.get(text.strip().upper())) is None:
            raise CellRefused("应填“是”或“否”。")
        return answer
    if isinstance(field, Choice):
        return _option(text.strip(), field, scope)
    if isinstance(field, Choices):
        return [_option(part.strip(), field, scope) for part in _BETWEEN.split(text) if part.strip()]
    return field.clean(text, scope)


def _option(text: str, field: Choice | Choices, scope: Scope) -> str:
    pairs = field.pairs(scope)
    found = [value for value, label in pairs if text in (label, value)]
    if not found:
        shown = "、".join(label for _, label in pairs[:8]) + ("等" if len(pairs) > 8 else "")
        raise CellRefused(f"“{text[:20]}”不在可选范围内；可选：{shown}。")
    if len(found) > 1:
        raise CellRefused(f"“{text[:20]}”不止一项，分不清是哪一项；请在系统里填写这一格。")
    return found[0]
