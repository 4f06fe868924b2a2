"""What is taken in at all: an object neither too large nor too deep, which every store can hold."""

import math
from typing import Any

from service.domain.forms.errors import ContentRefused
from service.store.texts import storable

MAXIMUM_CHARACTERS = 1_000_000
MAXIMUM_VALUES = 20_000
MAXIMUM_DEPTH = 8
_MAXIMUM_INTEGER = 2**53


def admit(content: object) -> dict[str, Any]:
    """A copy of the content that can be judged and stored; raises ContentRefused."""
    if not isinstance(content, dict):
        raise ContentRefused("它应为“栏目: 值”的形式；请刷新页面后重新填写。")
    counter = _Counter()
    admitted: dict[str, Any] = _admit(content, 1, counter)
    return admitted


class _Counter:
    characters = 0
    values = 0

    def count(self, text: str = "") -> None:
        self.values += 1
        self.characters += len(text)
        if self.values > MAXIMUM_VALUES or self.characters > MAXIMUM_CHARACTERS:
            raise ContentRefused(
                f"内容超过 {MAXIMUM_CHARACTERS} 个字或 {MAXIMUM_VALUES} 格；请删减，大段材料请作为附件上传。"
            )


def _admit(value: Any, depth: int, counter: _Counter) -> Any:
    if depth > MAXIMUM_DEPTH:
        raise ContentRefused(f"内容嵌套超过 {MAXIMUM_DEPTH} 层；请刷新页面后重新填写。")
    match value:
        case str():
            counter.count(value)
            return storable(value)
        case dict():
            pairs: dict[str, Any] = {}
            for key, item in value.items():
                counter.count(str(key))
                pairs[storable(str(key))] = _admit(item, depth + 1, counter)
            return pairs
        case list():
            return [_admit(item, depth + 1, counter) for item in value]
        case bool() | None:
            counter.count()
            return value
        case int() if abs(value) <= _MAXIMUM_INTEGER:
            counter.count()
            return value
        case float() if math.isfinite(value):
            counter.count()
            return value
    raise ContentRefused("其中有无法识别的数值；数字请以文字形式提交。")
