"""Means of the sheets that one application was given: of all of them, or without the extremes."""

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction


class Mean(StrEnum):
    """Which sheets count: `scoring.mean` of an edition."""

    PLAIN = "plain"
    TRIMMED = "trimmed"


def mean(scores: Iterable[Fraction], kind: Mean | str = Mean.PLAIN, trim: int = 1) -> Fraction:
    """The exact mean; of a trimmed one the `trim` highest and the `trim` lowest scores are left out.

    ValueError where no score is left: an edition's minimum of sheets must exceed twice what it trims.
    """
    values = sorted(scores)
    if Mean(kind) is Mean.TRIMMED:
        values = values[trim : len(values) - trim]
    if not values:
        raise ValueError("no score is left of which a mean could be taken")
    return sum(values, Fraction(0)) / len(values)
