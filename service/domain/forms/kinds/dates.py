"""Days and months."""

import re
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, ClassVar, Self

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import Field
from service.domain.forms.kinds.texts import narrow
from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_YEARS = "(?:19|20)[0-9]{2}"
LATEST_YEAR = 2099
"""Of every day that a form takes; what is set up for a later year could never be filled in."""


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A day, `2018-03-01`."""

    kind: ClassVar[str] = "date"

    past: bool = False
    """Whether it is of something that was decided, held or found by the time it is handed in."""

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(past=node.flag("past", False), **common)

    def schema(self, scope: Scope) -> dict[str, Any]:
        return {
            "type": "string",
            "minLength": int(self.required),
            "pattern": f"^(?:{_YEARS}-[0-9]{{2}}-[0-9]{{2}})?$",
            "format": "date",
        }

    def hint(self, scope: Scope) -> str:
        return f"请按“{scope.year}-03-01”的格式填写日期"

    def clean(self, value: Any, scope: Scope) -> Any:
        return _spelt(_DAY, value)

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(_read(value, "年月日"))

    def sample(self, random: Random, scope: Scope) -> str:
        return date(scope.year, random.randint(1, 12), random.randint(1, 28)).isoformat()


@dataclass(frozen=True, kw_only=True)
class Month(Field):
    """A month, `2018-03`."""

    kind: ClassVar[str] = "month"

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(**common)

    def schema(self, scope: Scope) -> dict[str, Any]:
        pattern = f"^(?:{_YEARS}-(?:0[1-9]|1[0-2]))?$"
        return {"type": "string", "minLength": int(self.required), "pattern": pattern}

    def hint(self, scope: Scope) -> str:
        return f"请按“{scope.year}-03”的格式填写年月"

    def clean(self, value: Any, scope: Scope) -> Any:
        return _spelt(_MONTH, value)

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(_read(value, "年月"))

    def sample(self, random: Random, scope: Scope) -> str:
        return f"{scope.year}-{random.randint(1, 12):02}"


def is_date(text: str) -> bool:
    """Whether it names a day of the calendar; an empty text is judged by `minLength`."""
    if not text:
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _spelt(pattern: re.Pattern[str], value: Any) -> Any:
    """`2018年3月1日` and `2018/3/1`, as people and Excel write them, in the one spelling."""
    if not isinstance(value, str):
        return value
    if match := pattern.fullmatch(narrow(value)):
        year, *others = match.groups()
        return "-".join([year, *(f"{int(part):02}" for part in others)])
    return value.strip()


def _read(value: Any, units: str) -> str:
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) != len(units) or not all(part.isdecimal() for part in parts):
        return as_text(value)
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, units, strict=True))
