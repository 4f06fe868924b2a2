"""The Chinese sentence for each keyword that a compiled schema can fail on."""

from collections.abc import Callable
from typing import Any

from service.domain.forms.cells import as_text
from service.domain.forms.fields import Field
from service.domain.forms.scopes import Scope
from service.domain.quotes import nested

_TYPES = {"string": "文字", "boolean": "是或否", "array": "列表", "object": "一组内容", "integer": "整数"}
_SHOWN = 20

Sentence = Callable[[Any, Any, str], str]
"""From the keyword's value in the schema, the value found and the field's hint."""


def quoted(value: Any) -> str:
    """A value as a message repeats it: cut short, so that a huge paste does not come back."""
    text = as_text(value) if isinstance(value, str | int | float) else ""
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"


def _empty(limit: int, value: Any, hint: str) -> str:
    return f"内容是空的，{hint}。"


def _type(expected: Any, value: Any, hint: str) -> str:
    if expected == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return f'数字应以文字形式提交（如 "12.5"），{hint}。'
    return f"内容的形式不对，应为{_TYPES.get(str(expected), '其他形式')}，{hint}。"


SENTENCES: dict[str, Sentence] = {
    "required": lambda expected, value, hint: f"还没有填写，{hint}。",
    "minLength": _empty,
    "maxLength": lambda limit, value, hint: f"最多 {limit} 个字，现在有 {len(value)} 个；请删减。",
    "pattern": lambda expected, value, hint: f"{quoted(value)}不符合要求，{hint}。",
    "format": lambda expected, value, hint: f"{quoted(value)}不是日历上的日期，{hint}。",
    "enum": lambda expected, value, hint: f"{quoted(value)}不在可选范围内，{hint}。",
    "type": _type,
    "decimalMinimum": lambda limit, value, hint: f"不能小于 {limit}，现在是 {value}；请核对后改正。",
    "decimalMaximum": lambda limit, value, hint: f"不能大于 {limit}，现在是 {value}；请核对后改正。",
    "minimum": lambda limit, value, hint: f"不能小于 {limit}；{hint}。",
    "minItems": lambda limit, value, hint: f"至少要有 {limit} 项，现在有 {len(value)} 项；{hint}。",
    "maxItems": lambda limit, value, hint: f"最多 {limit} 项，现在有 {len(value)} 项；{hint}。",
    "uniqueBy": lambda expected, value, hint: "有两行填写的是同一项；请删去重复的一行。",
    "uniqueItems": lambda expected, value, hint: "有重复的项；请删去重复的。",
    "additionalProperties": lambda expected, value, hint: "不是本表单的栏目；请删去。",
}
"""By keyword. A number that stands in one (a limit) is repeated; nothing of the validator's English is."""

SILENT = frozenset(
    {"$schema", "title", "properties", "items", "allOf", "anyOf", "if", "then", "const", "contentMediaType"}
)
"""Keywords that report nothing by themselves: annotations, and what only leads to other keywords."""


def sentence(label: str, keyword: str, expected: Any, value: Any, field: Field | None, scope: Scope) -> str:
    """Which cell, what is wrong, what to do."""
    hint = field.hint(scope) if field else "请删去多余的内容"
    return nested(f"{label}：{SENTENCES[keyword](expected, value, hint)}")
