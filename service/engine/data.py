"""What task data may hold: JSON, numbers exact, and no name that would make an instance unloadable."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from service.engine.errors import DataRefused
from service.engine.expressions import RESERVED
from service.engine.values import NotDecimal, plain


def storable(value: Any, path: str = "") -> Any:
    """A copy of the value as task data keeps it: whole numbers as int, other fractions as decimal text.

    DataRefused names the path of what cannot be kept: a reserved or non-text key, a float, a date, a set.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        try:
            return plain(value)
        except NotDecimal as error:
            raise DataRefused(path, "它不是有限小数，请先取整") from error
    if isinstance(value, Mapping):
        return storable_mapping(value, path)
    if isinstance(value, list | tuple):
        return [storable(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise DataRefused(path, f"{type(value).__name__} 类型不能保存，数字请用十进制文字，日期请用 ISO 文字")


def storable_mapping(value: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """`storable` for a set of variables."""
    kept = {}
    for key, item in value.items():
        place = f"{path}.{key}" if path else str(key)
        if not isinstance(key, str):
            raise DataRefused(place, "名称必须是文字")
        if key in RESERVED:
            raise DataRefused(place, f"{key} 是保留的名称")
        kept[key] = storable(item, place)
    return kept
