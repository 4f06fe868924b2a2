"""Selections: the list, a reason for everybody, and what it waits for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.domain.selection import lists, reasons, rules
from service.domain.selection.lists import Conflict, Tie
from service.domain.selection.reasons import Placement, Standing
from service.domain.selection.rules import Candidate, Rules


@dataclass(frozen=True, slots=True)
class Selection:
    """The outcome; the list is final where there is neither a tie nor a conflict."""

    placements: tuple[Placement, ...]
    """In rank order."""
    length: int
    """How many the list holds once it is final; without a legal list, how many it held before."""
    tie: Tie | None = None
    conflict: Conflict | None = None

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids in rank order."""
        return tuple(each.id for each in self.placements if each.standing == Standing.SELECTED)

    def of(self, candidate: str) -> Placement:
        return next(each for each in self.placements if each.id == candidate)


def select(candidates: Sequence[Candidate], stated: Rules, kept: Collection[str] | None = None) -> Selection:
    """The best legal list, with a reason for every candidate; it may stop for a vote or a decision.

    With `kept` a list that was published is filled up to the quota: whoever is kept stays on it, and only
    the places left go to the next legal candidates. Raises RulesRefused.
    """
    rules.require_sound(candidates, stated)
    descent = lists.descend(candidates, stated, kept or ())
    placements = reasons.tell(candidates, stated, kept, descent)
    return Selection(placements, descent.length, descent.tie, descent.conflict)
