"""Numbers: decimal strings from the browser to the table, exact; "0", "" and missing stay apart."""

import re
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, ClassVar, NamedTuple, Self

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import Field
from service.domain.forms.kinds.texts import narrow
from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_LOOSE = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*))?")
_DIGITS = "零一两三四五六七八九十"


class Take(NamedTuple):
    """Whose figure of the same row a column can take over, and what that figure rests on: keys of columns."""

    of: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """What decimals and integers share: a unit, bounds, and how many decimals are allowed."""

    unit: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    scale: int = 0
    take: Take | None = None
    """Of a column beside which another one's figure is supplied."""

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        minimum, maximum = node.bound("minimum"), node.bound("maximum")
        bounds = [
            Decimal(bound) for bound in (minimum, maximum) if bound and not bound.startswith("parameters")
        ]
        if bounds != sorted(bounds):
            node.fault(f"minimum {minimum} 大于 maximum {maximum}。", "请改正其中一个。")
        return cls(
            **common,
            unit=node.optional_text("unit", limit=20),
            minimum=minimum,
            maximum=maximum,
            scale=cls.read_scale(node),
            take=_take(node.mapping("take")) if node.has("take") else None,
        )

    @classmethod
    def read_scale(cls, node: Node) -> int:
        return 0

    def schema(self, scope: Scope) -> dict[str, Any]:
        decimals = rf"(?:\.[0-9]{{1,{self.scale}}})?" if self.scale else ""
        schema: dict[str, Any] = {
            "type": "string",
            "minLength": int(self.required),
            "pattern": rf"^(?:-?(?:0|[1-9][0-9]{{0,14}}){decimals})?$",
        }
        if (minimum := scope.bound(self.minimum)) is not None:
            schema["decimalMinimum"] = minimum
        if (maximum := scope.bound(self.maximum)) is not None:
            schema["decimalMaximum"] = maximum
        return schema

    def hint(self, scope: Scope) -> str:
        return f"请填写数字，最多{_DIGITS[self.scale]}位小数" if self.scale else "请填写整数"

    def label(self, scope: Scope) -> str:
        title = scope.title(self.title)
        return f"{title}（{self.unit}）" if self.unit else title

    def clean(self, value: Any, scope: Scope) -> Any:
        return plain(value, percent=self.unit == "%") if isinstance(value, str) else value

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(as_text(value), number=True)

    def sample(self, random: Random, scope: Scope) -> str:
        low = Decimal(scope.bound(self.minimum) or 0)
        high = Decimal(scope.bound(self.maximum) or low + 100)
        unit = 10**self.scale
        return spell(Decimal(random.randint(int(low * unit), int(high * unit))) / unit, self.scale)


@dataclass(frozen=True, kw_only=True)
class DecimalNumber(Number):
    """A number with up to `scale` decimals."""

    kind: ClassVar[str] = "decimal"

    @classmethod
    def read_scale(cls, node: Node) -> int:
        return node.count("scale", 2, low=1, high=10)


@dataclass(frozen=True, kw_only=True)
class Integer(Number):
    """A whole number."""

    kind: ClassVar[str] = "integer"


def plain(text: str, *, percent: bool = False) -> str:
    """`１,２００.50` → `1200.50`, `+.5` → `0.5`, `-0` → `0`; what is no number is returned trimmed."""
    if _PLAIN.fullmatch(text) and not text.startswith("-0"):
        return text
    narrowed = narrow(text).replace(" ", "")
    bare = narrowed.removesuffix("%") if percent else narrowed
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    match = _LOOSE.fullmatch(bare)
    if match is None or not (match[2] or match[3] or "0" in bare):
        return text.strip()
    whole, decimals = match[2] or "0", match[3] or ""
    sign = "-" if match[1] == "-" and (whole + decimals).strip("0") else ""
    return sign + whole + ("." + decimals if decimals else "")


def spell(value: Decimal, scale: int) -> str:
    """A decimal with `scale` decimals, never in exponent form."""
    return f"{value:.{scale}f}"


def _take(node: Node | None) -> Take | None:
    if node is None:
        return None
    take = Take(node.key("from"), node.texts("evidence"))
    node.close()
    return take
