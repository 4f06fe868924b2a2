"""For what a form is compiled: the round's year, the lists of the domain, the edition's parameters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.forms.errors import ParameterMissing, RowsMissing

Rows = Mapping[str, Sequence[tuple[str, str]]]
"""What the domain supplies: source name → (key, title) pairs, for given rows and for choices."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_YEAR = re.compile(r"\{T([+-]\d+)?\}")
_NEXT_YEARS = {"T": "当", "T-1": "上", "T+1": "次"}
_FILLED_IN = re.compile(r"\{([^{}]*)\}")
_OTHER_YEAR = re.compile(r"T[+-]\d+")


def in_year(text: str, year: int) -> str:
    """A form's `{T-1}年` in the round of that year."""
    return _YEAR.sub(lambda match: str(year + int(match[1] or 0)), text)


def in_any_year(text: str) -> str:
    """The same where no round gives T its year, and without what a case fills in: 上年度, T+3年, 应为…个."""

    def fill_in(found: re.Match[str]) -> str:
        return _NEXT_YEARS.get(found[1]) or (found[1] if _OTHER_YEAR.fullmatch(found[1]) else "…")

    return _FILLED_IN.sub(fill_in, text)


@dataclass(frozen=True)
class Scope:
    """What a form is compiled for: the round's year T, lists from the domain, the edition's parameters."""

    year: int
    rows: Rows
    parameters: Mapping[str, Any]

    def title(self, text: str) -> str:
        """`{T-1}年` with its year."""
        return in_year(text, self.year)

    def source(self, name: str) -> Sequence[tuple[str, str]]:
        try:
            return self.rows[name]
        except KeyError:
            raise RowsMissing(source=name) from None

    def bound(self, text: str | None) -> str | None:
        """A bound as a decimal string; a parameter's path is looked up."""
        if text is None or not text.startswith("parameters."):
            return text
        value: Any = self.parameters
        for name in text.split(".")[1:]:
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, bool) or not isinstance(value, int | str) or not _DECIMAL.fullmatch(str(value)):
            raise ParameterMissing(path=text)
        return str(value)

    def count(self, text: str) -> int:
        """A bound that counts something."""
        bound = self.bound(text) or ""
        if not bound.isdecimal():
            raise ParameterMissing(path=text)
        return int(bound)
