"""Prospects: what would have had to be different for a candidate to be listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from service.domain.scoring import text as figure
from service.domain.selection import lists, rules, texts
from service.domain.selection.reasons import Standing, cite
from service.domain.selection.rules import Candidate, Rule, Rules
from service.domain.selection.selections import select

STEP = Fraction(1, 100)
"""Published figures have two decimals."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """The least published score, bonus included, with which a candidate is listed; None where none helps."""

    text: str
    needed: Fraction | None = None
    missing: Fraction | None = None
    rules: tuple[Rule, ...] = ()
    """Because of which no score helps."""


def prospect(
    candidates: Sequence[Candidate],
    stated: Rules,
    candidate: str,
    kept: Collection[str] | None = None,
    step: Fraction = STEP,
) -> Prospect:
    """How many points are missing, all else being equal, exact at the step of published figures.

    Whoever is listed with a score is listed with any higher one: the classes above are decided as before, and
    in a class of its own it is taken. So bisection finds the least, by the same selection.
    """
    now = select(candidates, stated, kept).of(candidate)
    if now.standing == Standing.SELECTED:
        return Prospect(texts.LISTED, needed=now.score, missing=Fraction(0))
    barred = rules.excluded(stated).get(candidate)
    if barred is not None:
        known = rules.describe(candidates, stated)[rules.exclusion_key(barred)]
        return Prospect(texts.NO_SCORE.format(why=cite(known)), rules=(known,))

    def with_score(total: Fraction) -> list[Candidate]:
        return [
            replace(each, score=each.score + total - now.score, place=None) if each.id == candidate else each
            for each in candidates
        ]

    best = max(lists.totals(candidates, stated).values())
    low, high = 0, int((best - now.score) / step) + 1
    top = select(with_score(now.score + high * step), stated, kept)
    if top.conflict is not None:
        return Prospect(texts.UNDECIDED, rules=top.conflict.rules)
    placed = top.of(candidate)
    if placed.standing != Standing.SELECTED:
        why = "；".join(map(cite, placed.rules)) or placed.reason.rstrip("。")
        return Prospect(texts.NO_SCORE.format(why=why), rules=placed.rules)
    while high - low > 1:  # Listed with `high` steps more, not with `low`.
        middle = (low + high) // 2
        descent = lists.descend(with_score(now.score + middle * step), stated, kept or (), until=candidate)
        listed = any(candidate in each.chosen for each in descent.steps)
        low, high = (low, middle) if listed else (middle, high)
    needed = now.score + high * step
    text = texts.NEEDED.format(needed=figure(needed), missing=figure(high * step))
    return Prospect(text, needed=needed, missing=high * step)
