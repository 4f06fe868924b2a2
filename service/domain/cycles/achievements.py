"""Achievements: how far an actual figure reaches the target that a city set itself, exact in `Fraction`.

“不低于”: actual ÷ target; “不高于”: target ÷ actual. Published in percent, rounded half up once (reading 21).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from service.domain.scoring import published, text


class Direction(StrEnum):
    """Which way a target asks to go."""

    HIGHER = "higher"
    LOWER = "lower"

    @property
    def label(self) -> str:
        return {"higher": "不低于", "lower": "不高于"}[self]


@dataclass(frozen=True)
class Achievement:
    """One target of one year: what was aimed at, what was reached, and the rate in percent."""

    direction: Direction
    goal: Fraction
    actual: Fraction
    rate: Fraction
    """Exact."""
    shown: str
    """As it is published: `101.25`."""

    def reaches(self, least: Fraction) -> bool:
        """Whether the published rate is at least so many percent."""
        return Fraction(self.shown) >= least


def achieve(direction: Direction | str, goal: Fraction, actual: Fraction, decimals: int = 2) -> Achievement:
    """The rate of one target; ValueError where none can be computed (a divisor of 0 or below)."""
    way = Direction(direction)
    part, whole = (actual, goal) if way is Direction.HIGHER else (goal, actual)
    if whole <= 0:
        raise ValueError(f"no rate of {part} by {whole}")
    rate = 100 * part / whole
    shown = published(abs(rate), decimals)
    sign = "-" if rate < 0 and shown else ""
    return Achievement(way, goal, actual, rate, sign + text(shown, decimals))


def lowest(achievements: Sequence[Achievement]) -> Achievement:
    """The one with the lowest rate, the first of equals."""
    return min(achievements, key=lambda each: each.rate)
