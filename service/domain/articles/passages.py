"""What can be cited within an article: its items, their points, and what stands below these."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMERAL = r"[一二三四五六七八九十百]+"
_ITEM = re.compile(rf"\s*[（(](?:(\d+)|({_NUMERAL}))[）)]")
_POINT = re.compile(rf"\s*(?:(\d+)[．.、](?!\d)|({_NUMERAL})是)")
_DIGITS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}


class _Mark(NamedTuple):
    """A number that stands at the beginning of a line; `is_digits`: 1, not 一."""

    start: int
    number: int
    is_item: bool
    is_digits: bool


def passages(number: str, text: str) -> dict[str, str]:
    """The passages of an article by the number that cites them: `6(2)`, `7(1)2`, `5(1)2(1)`.

    Items are numbered （1） or （一）, points 1． or 一是; the citation writes either as 1. Both scripts may
    be mixed in one list, as conversions do; only below a point does the other begin a level of its own.
    """
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    levels: list[tuple[_Mark, str]] = []
    for mark in _marks(text):
        depth = _depth(mark, [level for level, _ in levels])
        ends |= {cited: mark.start for _, cited in levels[depth:]}
        del levels[depth:]
        above = levels[-1][1] if levels else number
        cited = f"{above}({mark.number})" if mark.is_item else f"{above}{_apart(above)}{mark.number}"
        if cited not in starts:  # Of a list that begins anew, the first is the one that a citation means.
            levels.append((mark, cited))
            starts[cited] = mark.start
    return {cited: text[start : ends.get(cited)].strip() for cited, start in starts.items()}


def _apart(above: str) -> str:
    """A point directly below an article would run into its number: `5.1`, but `5(1)1` below an item."""
    return "" if above.endswith(")") else "."


def _depth(mark: _Mark, levels: list[_Mark]) -> int:
    """How many of the open levels stay open: those above this mark."""
    for depth, level in enumerate(levels):
        has_points = any(not each.is_item for each in levels[depth + 1 :])
        other_script = mark.is_item and mark.is_digits != level.is_digits
        if mark.is_item == level.is_item and not (other_script and has_points):
            return depth
    return len(levels)


def _marks(text: str) -> Iterator[_Mark]:
    start = 0
    for line in text.splitlines(keepends=True):
        for pattern, is_item in ((_ITEM, True), (_POINT, False)):
            if match := pattern.match(line):
                number = int(match[1]) if match[1] else _value(match[2])
                yield _Mark(start, number, is_item, match[1] is not None)
        start += len(line)


def _value(numeral: str) -> int:
    """十二 → 12."""
    tens, is_ten, ones = numeral.partition("十")
    if not is_ten:
        return _DIGITS.get(numeral, 0)
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
