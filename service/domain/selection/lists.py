"""Lists: the legal list that is best in rank order; where several are, the vote that must decide.

A list is legal that keeps to quota, caps, floors and exclusions and is as long as any that does. Down the
classes of equal published score it holds of each the most that a legal list can still hold. Where several
sets of a class do, a recorded vote decides; then the list goes on. The total score is not the objective.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from service.domain.scoring import ranks
from service.domain.selection import conflicts, rules
from service.domain.selection.programs import Bound, admissible, fullest
from service.domain.selection.rules import LENGTH, MOST, VOTED, Candidate, Rule, Rules


@dataclass(frozen=True, slots=True)
class Tie:
    """A class of equals of whom a legal list can hold several sets: a recorded vote decides."""

    score: Fraction
    rank: int
    places: int
    """How many of the members can be listed."""
    members: tuple[str, ...]
    """Those who may be listed and may not; ids in order."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """No list keeps to these rules together, while without any one of them there is one."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The candidates of one class, or of one place in a vote, at their turn."""

    members: frozenset[str]
    chosen: frozenset[str]
    taken: frozenset[str]
    """Who was on the list before their turn."""
    free: frozenset[str]
    """Who could still come on it, they themselves included."""
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Descent:
    """How far the list has come."""

    steps: list[Step]
    length: int
    tie: Tie | None = None
    conflict: Conflict | None = None


def descend(
    candidates: Sequence[Candidate], stated: Rules, kept: Collection[str], until: str | None = None
) -> Descent:
    """Take of each class the most that a legal list can still hold, until it is full or a vote is due.

    With `until` no further than the class of that candidate.
    """
    run = _Run(candidates, stated, frozenset(kept))
    if run.witness is None:
        return Descent([], len(kept), conflict=Conflict(conflicts.minimal(candidates, stated, run.taken)))
    for equals in classes(candidates, stated):
        ids = frozenset(each.id for each in equals)
        if len(run.taken) >= stated.quota:
            break
        if members := run.free & ids:
            run.settle(members, {each.id: each.place for each in equals})
        if run.open is not None or until in ids:
            break
    if run.open is None:
        return Descent(run.steps, run.length)
    places, tied = run.open
    first = tied[0]
    tie = Tie(totals(candidates, stated)[first], ranking(candidates, stated)[first], places, tied)
    return Descent(run.steps, run.length, tie=tie)


def totals(candidates: Sequence[Candidate], stated: Rules) -> dict[str, Fraction]:
    """The published figure of every candidate, with its bonus."""
    points = rules.points(candidates, stated)
    return {each.id: each.score + points[each.id] for each in candidates}


def ranking(candidates: Sequence[Candidate], stated: Rules) -> dict[str, int]:
    """Ranks over all candidates, the excluded too: they keep theirs."""
    return ranks(totals(candidates, stated))


def classes(candidates: Sequence[Candidate], stated: Rules) -> list[list[Candidate]]:
    """The candidates by score, the best first; within a class by their vote, then by name and id.

    That order decides nothing; it only makes what is told the same whoever tells it.
    """
    total = totals(candidates, stated)
    ordered = sorted(candidates, key=lambda each: (-total[each.id], each.place or 0, each.name, each.id))
    return [list(group) for _, group in groupby(ordered, key=lambda each: total[each.id])]


class _Run:
    """A list in the making: who is on it, who can still come on it, and one way in which it can be ended."""

    def __init__(self, candidates: Sequence[Candidate], stated: Rules, kept: frozenset[str]) -> None:
        ordered = [each.id for equals in classes(candidates, stated) for each in equals]
        self.order = {each: place for place, each in enumerate(ordered)}
        self.taken = kept
        self.free = frozenset(ordered) - frozenset(rules.excluded(stated)) - kept
        self.bounds = tuple(rules.bounds(candidates, stated))
        self.steps: list[Step] = []
        self.open: tuple[int, tuple[str, ...]] | None = None
        """Places and members on which a vote decides."""
        self.witness = self._fullest(self.free)
        """Who of the free makes the list whole, in one way of perhaps many; None where nobody can."""
        self.length = len(kept | (self.witness or frozenset()))
        self.bounds += (Bound(LENGTH, frozenset(ordered), low=self.length),)

    def settle(self, members: frozenset[str], places: Mapping[str, int | None]) -> None:
        """Decide one class; by its recorded vote where the rules leave it open, place by place."""
        before = self.bounds
        possible = self._decide(MOST, members)
        voted = sorted((place, each) for each in possible if (place := places[each]) is not None)
        if len(voted) < len(possible):
            self._leave_open(possible)
        for _, group in groupby(voted if self.open is None else (), key=lambda each: each[0]):
            within = self.bounds
            if unsure := self._decide(VOTED, frozenset(each for _, each in group)):
                self._leave_open(unsure)
                break
            self.bounds = within
        if self.open is None:
            self.bounds = before

    def _decide(self, key: str, members: frozenset[str]) -> frozenset[str]:
        """Take whoever is in every fullest set of these equals; give back who is in some of them only."""
        chosen = self._chosen(members)
        most = len(chosen)
        self.bounds += (Bound(key, members, low=most, high=most),)
        possible: frozenset[str] = frozenset()
        if 0 < most < len(members) and self._fullest(more=Bound("other", chosen, high=most - 1)) is not None:
            chosen, possible = self._sure_and_unsure(members)
        self.steps.append(Step(members - possible, chosen, self.taken, self.free, self.bounds))
        self.taken |= chosen
        self.free -= members - possible
        assert self.witness is not None
        self.witness -= chosen
        return possible

    def _chosen(self, members: frozenset[str]) -> frozenset[str]:
        """One of the fullest sets of these equals; the solver is asked where its last answer is none."""
        assert self.witness is not None
        reachable = admissible(self.bounds, self.taken, self.free) & members
        if not reachable <= self.witness:
            self.witness = self._fullest(reachable)
            assert self.witness is not None  # The list could be ended before this class, so it still can.
        return reachable & self.witness

    def _sure_and_unsure(self, members: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Who is in every fullest set, and who in some; the interchangeable are asked about once."""
        known: dict[tuple[int, ...], tuple[bool, bool]] = {}
        sure: set[str] = set()
        unsure: set[str] = set()
        for each in sorted(members):
            kind = tuple(place for place, bound in enumerate(self.bounds) if each in bound.members)
            if kind not in known:
                alone = frozenset({each})
                always = self._fullest(more=Bound("without", alone, high=0)) is None
                known[kind] = always, self._fullest(more=Bound("with", alone, low=1)) is not None
            always, ever = known[kind]
            if always:
                sure.add(each)
            elif ever:
                unsure.add(each)
        return frozenset(sure), frozenset(unsure)

    def _leave_open(self, members: frozenset[str]) -> None:
        bound = self.bounds[-1]
        self.open = bound.low - len(bound.members & self.taken), tuple(sorted(members))

    def _fullest(
        self, wanted: frozenset[str] = frozenset(), more: Bound | None = None
    ) -> frozenset[str] | None:
        bounds = self.bounds if more is None else (*self.bounds, more)
        return fullest(bounds, self.taken, self.free, wanted, self.order)
