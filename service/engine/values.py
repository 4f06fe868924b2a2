"""Exact values: numbers as fractions, comparisons only between values of one kind, and functions on them."""

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, ClassVar

from service.engine.errors import EngineError

Functions = Mapping[str, Callable[..., Any]]

MAX_TEXT = 4_000
MAX_BITS = 4_096
MAX_EXPONENT = 64
MAX_PLACES = 20

_SHOWN = 160
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


class NotDecimal(EngineError):
    """{value} 不能写成有限小数，无法保存。请先用 round(数值, 位数) 取整。"""

    fields: ClassVar[tuple[str, ...]] = ("value",)
    value: float | Fraction


class Fault(Exception):
    """What is wrong with a value, as a Chinese sentence; the evaluator adds the expression around it."""


def kind(value: Any) -> str:
    """What a value is, in Chinese."""
    if value is None:
        return "空值"
    if isinstance(value, bool):
        return "是/否"
    if isinstance(value, int | float | Fraction):
        return "数字"
    if isinstance(value, str):
        return "文字"
    if isinstance(value, Mapping):
        return "一组数据"
    return "列表" if isinstance(value, list | tuple) else "其他"


def shown(value: Any) -> str:
    """A value as a message quotes it, cut short."""
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def exact(value: Any) -> Any:
    """A number as int where it is whole, else as the fraction that its decimal text says; others unchanged.

    JSON has no other numbers than floats for 0.1, so a float stands for the text that it was read from.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotDecimal(value)
        value = Fraction(repr(value))
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def plain(value: Any) -> Any:
    """A copy as JSON: whole numbers as int, others as exact decimal text. NotDecimal for one like 1/3."""
    value = exact(value)
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def decimal_text(value: int | Fraction) -> str:
    """The number as people write it: 40, -3.5. NotDecimal for one like 1/3."""
    if value.denominator == 1:
        return str(value.numerator)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        if places > MAX_PLACES * 2:
            raise NotDecimal(Fraction(value))
    digits = str(abs(value * 10**places).numerator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


# Comparisons and arithmetic.


def is_number(value: Any) -> bool:
    """Whether it counts as a number; True and False do not."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def truth(value: Any, what: str) -> bool:
    """The value itself if it is True or False; anything else is a Fault that calls it `what`."""
    if isinstance(value, bool):
        return value
    raise Fault(f"{what}应为“是/否”，得到的却是{kind(value)} {shown(value)}。请写出比较，例如 x == 1。")


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal. Different kinds are a Fault, not unequal; null equals only null."""
    left, right = exact(left), exact(right)
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        number = is_number(left) or is_number(right)
        hint = _hint(left) or _hint(right) if number else ""
        raise Fault(f"{kind(left)} {shown(left)} 与{kind(right)} {shown(right)} 不能比较。{hint}")
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _within(item: Any, container: Any) -> bool:
    if isinstance(container, list | tuple):
        return any(same(item, other) for other in container)
    if isinstance(container, Mapping | str) and isinstance(item, str):
        return item in container
    raise Fault(f"in 的右边应为列表，这里是{kind(container)}。")


def _numbers(name: str, values: Iterable[Any]) -> list[Any]:
    numbers = [exact(value) for value in values]
    for value in numbers:
        if not is_number(value):
            raise Fault(f"{name} 只能用于数字，这里是{kind(value)} {shown(value)}。{_hint(value)}")
    return numbers


def _hint(value: Any) -> str:
    return "文字形式的数字请写成 number(…)。" if isinstance(value, str) else ""


def _arithmetic(sign: str, operate: Callable[[Fraction, Any], Any]) -> Callable[[Any, Any], Any]:
    def operator(left: Any, right: Any) -> Any:
        left, right = _numbers(sign, [left, right])
        bits = (left.numerator, left.denominator, right.numerator, right.denominator)
        if max(part.bit_length() for part in bits) > MAX_BITS:
            raise Fault("数值太大。")
        return operate(Fraction(left), right)

    return operator


def _order(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def operator(left: Any, right: Any) -> bool:
        return compare(*_numbers(sign, [left, right]))

    return operator


_plus = _arithmetic("+", lambda left, right: left + right)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise Fault(f"文字超过 {MAX_TEXT} 字。")
        return left + right
    return _plus(left, right)


def _power(left: Fraction, right: Any) -> Fraction:
    if right.denominator != 1 or abs(right) > MAX_EXPONENT:
        raise Fault(f"指数要是 -{MAX_EXPONENT} 到 {MAX_EXPONENT} 之间的整数。")
    return left ** int(right)


OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _add,
    ast.Sub: _arithmetic("-", lambda left, right: left - right),
    ast.Mult: _arithmetic("*", lambda left, right: left * right),
    ast.Div: _arithmetic("/", lambda left, right: left / right),
    ast.FloorDiv: _arithmetic("//", lambda left, right: left // right),
    ast.Mod: _arithmetic("%", lambda left, right: left % right),
    ast.Pow: _arithmetic("**", _power),
    ast.Eq: same,
    ast.NotEq: lambda left, right: not same(left, right),
    ast.Lt: _order("<", lambda left, right: left < right),
    ast.LtE: _order("<=", lambda left, right: left <= right),
    ast.Gt: _order(">", lambda left, right: left > right),
    ast.GtE: _order(">=", lambda left, right: left >= right),
    ast.In: _within,
    ast.NotIn: lambda left, right: not _within(left, right),
    ast.Not: lambda value: not truth(value, "not 后面的值"),
    ast.USub: lambda value: -_numbers("-", [value])[0],
    ast.UAdd: lambda value: _numbers("+", [value])[0],
}


# The functions that every expression has.


def items(name: str, value: Any) -> list[Any]:
    """The items of a list; anything else is a Fault."""
    if isinstance(value, list | tuple):
        return list(value)
    raise Fault(f"{name} 只能用于列表，这里是{kind(value)}。")


def number(value: Any) -> int | Fraction:
    """The number that a decimal text (or a number) says. Empty is a Fault of its own: missing is not zero."""
    value = exact(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = exact(Fraction(value.strip()))
    if is_number(value):
        return value
    if value is None or value == "":
        raise Fault("number(…) 得到的是空值：缺少这项数据。")
    raise Fault(f"number(…) 得到的是{kind(value)} {shown(value)}，不是数字。")


def _text(value: Any) -> str:
    value = exact(value)
    if is_number(value):
        return decimal_text(value)
    if isinstance(value, str):
        return value
    raise Fault(f"text(…) 只能用于数字和文字，这里是{kind(value)}。")


def _round(value: Any, places: Any = 0) -> int | Fraction:
    """Half up, away from zero: 2.5 → 3, -2.5 → -3."""
    (value,) = _numbers("round(…)", [value])
    if not isinstance(places, int) or not 0 <= places <= MAX_PLACES:
        raise Fault(f"round(数值, 位数) 的位数要在 0 到 {MAX_PLACES} 之间。")
    scaled = abs(value) * 10**places
    rounded = Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**places)
    return exact(-rounded if value < 0 else rounded)


def _len(value: Any) -> int:
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    raise Fault(f"len(…) 只能用于文字、列表和一组数据，这里是{kind(value)}。")


def _extreme(name: str, choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def function(*values: Any) -> Any:
        listed = items(name, values[0]) if len(values) == 1 else list(values)
        if not listed:
            raise Fault(f"{name} 的列表是空的。")
        return choose(_numbers(name, listed))

    return function


def _quantifier(name: str, choose: Callable[[list[bool]], bool]) -> Callable[[Any], bool]:
    def function(values: Any) -> bool:
        return choose([truth(item, f"{name}里的每一项") for item in items(name, values)])

    return function


BUILTINS: Functions = {
    "number": number,
    "text": _text,
    "round": _round,
    "abs": lambda value: abs(_numbers("abs(…)", [value])[0]),
    "len": _len,
    "sum": lambda values: sum(_numbers("sum(…)", items("sum(…)", values))),
    "min": _extreme("min(…)", min),
    "max": _extreme("max(…)", max),
    "all": _quantifier("all(…)", all),
    "any": _quantifier("any(…)", any),
}
