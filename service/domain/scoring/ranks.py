"""Ranks: 1 for the highest score; equal scores share a rank."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key")


class Ties(StrEnum):
    """What becomes of the ranks after a tie; reading 3 follows `competition`."""

    COMPETITION = "competition"
    """10, 10, 9 → 1, 1, 3: as many ranks are skipped as there are equals."""
    DENSE = "dense"
    """10, 10, 9 → 1, 1, 2."""


def ranks(scores: Mapping[Key, Fraction], ties: Ties | str = Ties.COMPETITION) -> dict[Key, int]:
    """The rank of every key, in the order of `scores`; what is ranked are published figures."""
    ordered = sorted(scores.values(), reverse=True)
    if Ties(ties) is Ties.DENSE:
        ordered = list(dict.fromkeys(ordered))
    first: dict[Fraction, int] = {}
    for place, score in enumerate(ordered, start=1):
        first.setdefault(score, place)
    return {key: first[score] for key, score in scores.items()}
