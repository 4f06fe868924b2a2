"""What the schemas use beyond JSON Schema 2020-12: bounds of decimal strings, and days of the calendar."""

import re
from decimal import Decimal
from typing import Any, ClassVar

from service.domain.forms.kinds.dates import is_date

_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")


class _Bound:
    """A bound of the number that a string spells. What spells no number is judged by `pattern`."""

    above: ClassVar[bool]

    def __init__(self, parent: dict[str, Any], value: str, path: list[str | int]) -> None:
        self.limit = Decimal(value)

    def validate(self, instance: Any) -> None:
        if not isinstance(instance, str) or not _DECIMAL.fullmatch(instance):
            return
        number = Decimal(instance)  # Exact, and compared exactly.
        if number > self.limit if self.above else number < self.limit:
            raise ValueError("out of bounds")  # Never shown: service.domain.forms.messages has the sentence.


class DecimalMinimum(_Bound):
    above = False


class DecimalMaximum(_Bound):
    above = True


class UniqueBy:
    """No two rows of a list have the same value under one key; a value that is missing or empty is none."""

    def __init__(self, parent: dict[str, Any], value: str, path: list[str | int]) -> None:
        self.key = value

    def validate(self, instance: Any) -> None:
        rows = [row for row in instance if isinstance(row, dict)] if isinstance(instance, list) else []
        values = [str(row[self.key]) for row in rows if row.get(self.key)]
        if len(set(values)) < len(values):
            raise ValueError("repeated")


KEYWORDS: dict[str, type] = {
    "decimalMinimum": DecimalMinimum,
    "decimalMaximum": DecimalMaximum,
    "uniqueBy": UniqueBy,
}
FORMATS = {"date": is_date}
