"""Reasons: what became of every candidate, by which rule of which article, in favour of whom."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from service.domain.scoring import text as figure
from service.domain.selection import conflicts, lists, rules, texts
from service.domain.selection.lists import Descent, Step
from service.domain.selection.programs import Bound
from service.domain.selection.rules import (
    LENGTH,
    MOST,
    QUOTA,
    VOTED,
    Candidate,
    Exclusion,
    Rule,
    Rules,
)


class Standing(StrEnum):
    """What a selection says of a candidate."""

    SELECTED = "selected"
    PASSED_OVER = "passed_over"
    EXCLUDED = "excluded"
    TIED = "tied"
    """One of those on whom a vote decides."""
    WAITING = "waiting"
    """Not reached yet: a vote or a decision on conflicting rules comes first."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of one candidate, and why."""

    id: str
    rank: int
    score: Fraction
    """The published figure, with the bonus."""
    standing: Standing
    reason: str
    """A sentence."""
    rules: tuple[Rule, ...] = ()
    """By which it was passed over, where it was not simply below the last place."""
    favoured: tuple[str, ...] = ()
    """In favour of whom, in rank order."""


def tell(
    candidates: Sequence[Candidate], stated: Rules, kept: Collection[str] | None, descent: Descent
) -> tuple[Placement, ...]:
    """Every candidate's placement, in rank order."""
    return _Teller(candidates, stated, kept, descent).tell()


Preferred = dict[str, tuple[Rule, tuple[str, ...]]]
"""Who is listed for a floor's sake → the floor, and the better whom that passed over."""


class _Teller:
    """Knows the whole outcome while it tells of one candidate after the other."""

    def __init__(
        self, candidates: Sequence[Candidate], stated: Rules, kept: Collection[str] | None, descent: Descent
    ) -> None:
        self.stated, self.descent = stated, descent
        self.refilled, self.kept = kept is not None, frozenset(kept or ())
        self.ordered = [each for equals in lists.classes(candidates, stated) for each in equals]
        self.names = {each.id: each.name or each.id for each in self.ordered}
        self.total = lists.totals(candidates, stated)
        self.points = rules.points(candidates, stated)
        self.ranks = lists.ranking(candidates, stated)
        self.excluded = rules.excluded(stated)
        self.rules = rules.describe(candidates, stated)
        self.waived = rules.waived(candidates, stated)
        self.chosen = self.kept.union(*(step.chosen for step in descent.steps))
        self.steps = {each: step for step in descent.steps for each in step.members}
        self.standing = {each.id: self._standing(each.id) for each in self.ordered}

    def tell(self) -> tuple[Placement, ...]:
        passed = {
            each.id: self._passed_over(each)
            for each in self.ordered
            if self.standing[each.id] == Standing.PASSED_OVER
        }
        preferred = self._preferred(passed.values())
        placements: dict[str, Placement] = {}
        before = removed = skipped = 0
        for _, group in groupby(self.ordered, key=lambda each: (self.total[each.id], each.place)):
            equals = list(group)
            before += len(equals)
            gone = sum(self.standing[each.id] == Standing.EXCLUDED for each in equals)
            out = sum(self.standing[each.id] == Standing.PASSED_OVER for each in equals)
            removed, skipped = removed + gone, skipped + out
            for each in equals:
                if each.id in passed:
                    placements[each.id] = passed[each.id]
                elif self.standing[each.id] == Standing.SELECTED:
                    why = self._listed(each.id, before, removed, skipped, bool(gone or out))
                    why = self._why_waived(each.id, self._why_preferred(each.id, why, preferred))
                    placements[each.id] = self._placed(each, why)
                else:
                    placements[each.id] = self._undecided(each)
        return tuple(placements[each.id] for each in self.ordered)

    def _standing(self, candidate: str) -> Standing:
        tie = self.descent.tie
        if candidate in self.chosen:
            return Standing.SELECTED
        if candidate in self.excluded:
            return Standing.EXCLUDED
        if tie is not None and candidate in tie.members:
            return Standing.TIED
        if self.descent.conflict is not None:
            return Standing.WAITING
        full = len(self.chosen) + (tie.places if tie else 0) >= self.descent.length
        return Standing.PASSED_OVER if candidate in self.steps or full else Standing.WAITING

    def _placed(self, candidate: Candidate, why: str) -> Placement:
        key = candidate.id
        reason = texts.REASON.format(standing=self._stands(candidate), why=why)
        return Placement(key, self.ranks[key], self.total[key], self.standing[key], reason)

    def _stands(self, candidate: Candidate) -> str:
        """Score, rank and vote."""
        key = candidate.id
        form = texts.STANDING_BONUS if self.points[key] else texts.STANDING
        stands = form.format(
            score=figure(self.total[key]), rank=self.ranks[key], points=figure(self.points[key])
        )
        if candidate.place is None:
            return stands
        return texts.STANDING_VOTED.format(standing=stands, place=candidate.place)

    def _listed(self, key: str, before: int, removed: int, skipped: int, among_equals: bool) -> str:
        """Why somebody is on the list: within the quota by rank, or because others are not."""
        quota = self.stated.quota
        if self.refilled:
            return texts.STANDS if key in self.kept else texts.ENTERS.format(quota=quota)
        if before <= quota:
            return texts.WITHIN.format(quota=quota)
        counts = ((texts.REMOVED, removed), (texts.NOT_ADMITTED, skipped))
        causes = "、".join(text.format(count=count) for text, count in counts if count)
        others = texts.AHEAD_OR_EQUAL if among_equals else texts.AHEAD
        return texts.MOVED_UP.format(others=others, causes=causes, quota=quota)

    def _undecided(self, candidate: Candidate) -> Placement:
        """Excluded, tied or waiting."""
        key, tie, conflict = candidate.id, self.descent.tie, self.descent.conflict
        if key in self.excluded and key not in self.chosen:
            return self._excluded(candidate, self.excluded[key])
        if conflict is not None:
            named = "；".join(map(cite, conflict.rules))
            return self._placed(candidate, texts.STUCK.format(rules=named))
        assert tie is not None
        if key in tie.members:
            why = texts.TIED.format(count=len(tie.members), open=tie.places)
        else:
            why = texts.WAITING.format(names=self._named(self._in_order(tie.members)))
        return self._placed(candidate, why)

    def _excluded(self, candidate: Candidate, exclusion: Exclusion) -> Placement:
        """By an article that bars it from this list; or as the decision says that took it off for good."""
        if not exclusion.article:
            return replace(self._placed(candidate, ""), reason=exclusion.reason)
        reason = exclusion.reason.rstrip("。")
        why = texts.EXCLUDED.format(article=exclusion.article, reason=reason)
        rule = self.rules[rules.exclusion_key(exclusion)]
        return replace(self._placed(candidate, why), rules=(rule,))

    def _passed_over(self, candidate: Candidate) -> Placement:
        """Below the last place, or by which rules in favour of whom."""
        step = self.steps.get(candidate.id)
        if step is None or len(step.taken) >= self.stated.quota:
            return self._placed(candidate, self._below())
        blocking = conflicts.blocking(candidate.id, step.taken, step.free, step.bounds)
        keys = {bound.key for bound in blocking}
        if keys <= {QUOTA}:
            return self._placed(candidate, self._below())
        named = tuple(self.rules[key] for key in sorted(keys - _SILENT))
        favoured = self._in_order(self._favoured(blocking, step))
        cited, names = "；".join(map(cite, named)), self._named(favoured)
        if not named:
            why = texts.OUTNUMBERED
        elif LENGTH in keys:
            why = texts.SHORTENING.format(rules=cited)
        elif not favoured:
            why = texts.BARRED.format(rules=cited)
        elif len(named) > 1:
            why = texts.BARRED_FOR.format(rules=cited, names=names)
        else:
            text = texts.CAPPED if named[0].key.startswith("cap:") else texts.FLOORED
            why = text.format(rule=cited, names=names)
        return replace(self._placed(candidate, why), rules=named, favoured=favoured)

    def _below(self) -> str:
        """All places are taken by those before; the list is published unranked, so nobody is named."""
        text = texts.REFILLED if self.refilled else texts.FULL
        return text.format(rule=cite(self.rules[QUOTA]))

    def _favoured(self, blocking: Iterable[Bound], step: Step) -> set[str]:
        """Who fills a cap already; for whom a floor keeps places; of equals, who is listed."""
        found: set[str] = set()
        for bound in blocking:
            if bound.key.startswith("cap:"):
                found |= bound.members & (step.taken | step.chosen)
            elif bound.key.startswith("floor:"):
                found |= bound.members & (self.chosen - step.taken)
            elif bound.key in (MOST, VOTED):
                found |= step.chosen
        return found

    def _preferred(self, passed: Iterable[Placement]) -> Preferred:
        found: Preferred = {}
        for each in passed:
            for rule in each.rules:
                for key in each.favoured if rule.key.startswith("floor:") else ():
                    if self.total[key] < each.score:
                        found[key] = (rule, (*found.get(key, (rule, ()))[1], each.id))
        return found

    def _why_preferred(self, key: str, why: str, preferred: Preferred) -> str:
        if key not in preferred:
            return why
        rule, better = preferred[key]
        return texts.FOR_A_FLOOR.format(why=why, rule=cite(rule), names=self._named(better))

    def _why_waived(self, key: str, why: str) -> str:
        """What would keep it off the list, had nobody decided otherwise."""
        for waiver, rule, members in self.waived:
            if key in members:
                instead = texts.LIFTED if waiver.limit is None else texts.LIMITED.format(limit=waiver.limit)
                said = asdict(waiver) | {"rule": cite(rule), "instead": instead}
                why = texts.WAIVED.format(why=why, **said)
        return why

    def _in_order(self, keys: Collection[str]) -> tuple[str, ...]:
        return tuple(each.id for each in self.ordered if each.id in keys)

    def _named(self, keys: Iterable[str]) -> str:
        return "、".join(self.names[key] for key in keys)


def cite(rule: Rule) -> str:
    """A rule with its article: `第11条（广东省至多 1 个）`."""
    return texts.CITED.format(article=rule.article, text=rule.text) if rule.article else rule.text


_SILENT = frozenset({QUOTA, LENGTH, MOST, VOTED})
