"""The cells of a decision table's inputs: FEEL's unary tests, translated for the one evaluator."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from service.engine.expressions import ExpressionFailed, evaluate, fault
from service.engine.values import is_number

VALUE = "cell_input"
"""The variable that stands for the column's value: FEEL's `?`."""

_COMPARISON = re.compile(r"(<=|>=|!=|==|<|>|=)\s*(.+)", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)


class CellFault(Exception):
    """Why a cell cannot be read, as a Chinese sentence."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of the number line; None: without end on that side."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_in: bool = False
    high_in: bool = False

    def meets(self, other: "Stretch") -> bool:
        """Whether a number lies in both."""
        return not (_before(self, other) or _before(other, self))


def _before(left: Stretch, right: Stretch) -> bool:
    if left.high is None or right.low is None:
        return False
    return left.high < right.low or (left.high == right.low and not (left.high_in and right.low_in))


def is_any(cell: str) -> bool:
    """Whether the cell admits every value: `-` or empty."""
    return cell.strip() in {"", "-"}


def translate(cell: str) -> str:
    """The condition on VALUE that a cell (not `-`) puts. CellFault where it cannot be read."""
    negated, tests = _read(cell)
    condition = " or ".join(f"({_condition(test)})" for test in tests)
    condition = f"not ({condition})" if negated else condition
    if reason := fault(condition):
        raise CellFault(reason)
    return condition


def tests_null(cell: str) -> bool:
    """Whether the cell says what is to happen to an empty value."""
    return "null" in _masked(cell) or "None" in _masked(cell)


def stretches(cell: str) -> list[Stretch] | None:
    """The numbers that a cell admits; None where it is not about numbers alone, written out in the cell."""
    if is_any(cell):
        return [Stretch()]
    negated, tests = _read(cell)
    found = [_stretch(test) for test in tests]
    return None if negated or None in found else [stretch for stretch in found if stretch is not None]


# One test of a cell: its sign and operand; an interval has two.


@dataclass(frozen=True)
class _Test:
    sign: str  # a comparison, ".." for an interval, "?" for an expression that names the value itself
    operands: tuple[str, ...]
    low_in: bool = False
    high_in: bool = False


def _condition(test: _Test) -> str:
    first = test.operands[0]
    if test.sign == "?":
        return first
    if test.sign == "..":
        low, high = ("<=" if included else "<" for included in (test.low_in, test.high_in))
        return f"({first}) {low} {VALUE} and {VALUE} {high} ({test.operands[1]})"
    return f"{VALUE} {test.sign} ({first})"


def _stretch(test: _Test) -> Stretch | None:
    if test.sign not in {"..", "==", "<", "<=", ">", ">="}:
        return None
    try:
        values = [evaluate(operand, {}) for operand in test.operands]
    except ExpressionFailed:  # It reads a variable: known only when the table is evaluated.
        return None
    if not all(map(is_number, values)):
        return None
    ends = [Fraction(value) for value in values]
    match test.sign:
        case "..":
            return Stretch(ends[0], ends[1], test.low_in, test.high_in)
        case "==":
            return Stretch(ends[0], ends[0], True, True)
        case "<" | "<=":
            return Stretch(high=ends[0], high_in=test.sign == "<=")
        case _:
            return Stretch(low=ends[0], low_in=test.sign == ">=")


def _read(cell: str) -> tuple[bool, list[_Test]]:
    cell = cell.strip()
    negation = _NOT.fullmatch(cell)
    if negation and _closes_last(cell):
        return True, [_test(part) for part in _split(negation[1])]
    return False, [_test(part) for part in _split(cell)]


def _test(text: str) -> _Test:
    text = text.strip()
    if not text:
        raise CellFault("逗号旁边缺少一项。")
    if comparison := _COMPARISON.fullmatch(text):
        sign = "==" if comparison[1] == "=" else comparison[1]
        return _Test(sign, (comparison[2],))
    masked = _masked(text)
    if ".." in masked:
        return _interval(text, masked)
    if "?" in masked:
        return _Test("?", (_replace(text, masked, "?", VALUE),))
    return _Test("in" if text.startswith("[") else "==", (text,))


def _interval(text: str, masked: str) -> _Test:
    if masked.count("..") != 1 or text[0] not in "[(" or text[-1] not in "])":
        raise CellFault("区间请写成 [1..10]、(0..5] 这样：方括号含端点，圆括号不含。")
    place = masked.index("..")
    low, high = text[1:place].strip(), text[place + 2 : -1].strip()
    if not low or not high:
        raise CellFault("区间要写明两端；只有一端时请写 >= 1 或 < 10。")
    return _Test("..", (low, high), text[0] == "[", text[-1] == "]")


def _masked(text: str) -> str:
    """The text with all that stands in quotes blanked, every other character in its place."""
    return _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)


def _replace(text: str, masked: str, old: str, new: str) -> str:
    return "".join(new if sign == old else kept for kept, sign in zip(text, masked, strict=True))


def _depths(masked: str) -> Iterator[int]:
    """How many brackets are open after each character."""
    depth = 0
    for sign in masked:
        depth += (sign in "([{") - (sign in ")]}")
        yield depth


def _closes_last(cell: str) -> bool:
    """Whether the bracket that `not(` opens is closed by the cell's last character."""
    masked = _masked(cell)
    opened = masked.index("(")
    return all(depth > 0 for depth in list(_depths(masked))[opened:-1])


def _split(cell: str) -> list[str]:
    """At the commas outside of quotes and brackets."""
    masked = _masked(cell)
    commas = [
        place
        for place, (sign, depth) in enumerate(zip(masked, _depths(masked), strict=True))
        if sign == "," and depth == 0
    ]
    return [cell[start + 1 : end] for start, end in zip([-1, *commas], [*commas, len(cell)], strict=True)]
