"""Conflicts: minimal sets of rules that no list can keep to together (deletion filter)."""

from collections.abc import Callable, Sequence

from service.domain.selection import rules
from service.domain.selection.programs import Bound, fullest
from service.domain.selection.rules import QUOTA, Candidate, Rule, Rules


def filtered(keys: Sequence[str], contradict: Callable[[frozenset[str]], bool]) -> list[str]:
    """A minimal set of `keys` that still contradict one another; those that come first are let go first."""
    standing = frozenset(keys)
    for key in keys:
        if contradict(standing - {key}):
            standing -= {key}
    return [key for key in keys if key in standing]


def minimal(candidates: Sequence[Candidate], stated: Rules, taken: frozenset[str]) -> tuple[Rule, ...]:
    """Which rules contradict one another where no list is legal: without any one of them there is one.

    What can be waived is named rather than what cannot, and a cap rather than the quota.
    """
    bounds = rules.bounds(candidates, stated)
    exclusions = rules.excluded(stated)
    everybody = frozenset(each.id for each in candidates)
    by_key = {rules.exclusion_key(each): each for each in exclusions.values()}
    hard = [key for key in sorted(by_key) if by_key[key].hard]
    soft = [key for key in sorted(by_key) if not by_key[key].hard]

    def contradict(standing: frozenset[str]) -> bool:
        barred = {each.candidate for key, each in by_key.items() if key in standing}
        limits = [each for each in bounds if each.key in standing]
        return fullest(limits, taken, everybody - barred - taken) is None

    limits = [each.key for each in sorted(bounds, key=_order)]
    for droppable in (hard, soft):  # Mostly they have nothing to do with it: all at once is quicker.
        if contradict(frozenset([*hard, *soft, *limits]) - frozenset(droppable)):
            droppable.clear()
    keys = filtered([*hard, *soft, *limits], contradict)
    known = rules.describe(candidates, stated)
    return tuple(known[key] for key in sorted(keys, key=lambda key: (key in by_key, key == QUOTA, key)))


def blocking(
    candidate: str, taken: frozenset[str], free: frozenset[str], bounds: Sequence[Bound]
) -> list[Bound]:
    """A minimal set of bounds by which no legal list holds this candidate beside those who are taken.

    A cap by itself explains more than a floor with the quota, and either more than what equals gain.
    """
    with_it, others = taken | {candidate}, free - {candidate}
    ordered = sorted(bounds, key=_order)
    by_key = {each.key: each for each in ordered}

    def contradict(standing: frozenset[str]) -> bool:
        left = [each for each in ordered if each.key in standing]
        return fullest(left, with_it, others) is None

    return [by_key[key] for key in filtered(list(by_key), contradict)]


def _order(bound: Bound) -> tuple[int, str]:
    """What is let go first: what equals gain, the length, the quota, floors; caps last."""
    kind = bound.key.partition(":")[0]
    return ("most", "length", "quota", "floor", "cap").index(kind), bound.key
