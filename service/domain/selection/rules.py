"""Rules: what a list must keep to, as an edition states it and as a round adds to it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from service.domain.selection import texts
from service.domain.selection.programs import Bound

QUOTA = "quota"
LENGTH = "length"
MOST = "most"
VOTED = "most:voted"
"""What equals gain by one another: as many as any set of the class, and of a place in its vote."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One scored candidate. `score` is the published figure, before any bonus of `Rules`."""

    id: str
    score: Fraction
    groups: Mapping[str, str] = field(default_factory=dict)
    """Group → the value that the candidate belongs to: {"province": "440000", "region": "east"}."""
    name: str = ""
    """How reasons call it; its id where it is empty."""
    place: int | None = None
    """The place among equals that a recorded vote gave it, 1 first."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `maximum` of every value of a group."""

    group: str
    maximum: int
    article: str


@dataclass(frozen=True, slots=True)
class Floor:
    """At least `minimum` of the values together; `title` is what people call these."""

    group: str
    values: Collection[str]
    minimum: int
    article: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A candidate that may not be listed: no repeat, a condition not met, an upheld objection, a sanction."""

    candidate: str
    article: str
    reason: str
    hard: bool = True
    """Accident and fraud are; what holds "原则上" is not, and may be waived (reading 14)."""


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points that are added to a candidate's score before ranking (reading 11)."""

    candidate: str
    points: Fraction
    article: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A recorded human decision that one rule does not apply this time; `rule` is its key."""

    rule: str
    reason: str
    decider: str
    number: str
    limit: int | None = None
    """Of a cap or a floor: the number that applies in its place; None where none does."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a list must keep to. `labels` gives groups and their values the names that people read."""

    quota: int
    caps: Sequence[Cap] = ()
    floors: Sequence[Floor] = ()
    exclusions: Sequence[Exclusion] = ()
    bonuses: Sequence[Bonus] = ()
    waivers: Sequence[Waiver] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    quota_article: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as a conflict or a reason names it."""

    key: str
    article: str
    text: str
    waivable: bool


class RulesRefused(ValueError):
    """The rules cannot be applied; the message says which one and why."""


def points(candidates: Sequence[Candidate], rules: Rules) -> dict[str, Fraction]:
    """The bonus of every candidate, 0 where there is none."""
    found = {each.id: Fraction(0) for each in candidates}
    for bonus in rules.bonuses:
        if bonus.candidate in found:
            found[bonus.candidate] += bonus.points
    return found


def excluded(rules: Rules) -> dict[str, Exclusion]:
    """By candidate the exclusion that stands, the hard one where there are several."""
    waived = {each.rule for each in rules.waivers}
    standing: dict[str, Exclusion] = {}
    for each in rules.exclusions:
        if exclusion_key(each) in waived and not each.hard:
            continue
        if each.candidate not in standing or each.hard:
            standing[each.candidate] = each
    return standing


def exclusion_key(exclusion: Exclusion) -> str:
    return f"exclusion:{exclusion.article}:{exclusion.candidate}"


def bounds(candidates: Sequence[Candidate], rules: Rules) -> list[Bound]:
    """Quota, caps and floors that are not waived, in the order in which they are stated.

    A cap that has no more candidates than it admits is left out: nothing can break it.
    """
    lifted = {each.rule for each in rules.waivers if each.limit is None}
    limits = [Bound(QUOTA, frozenset(each.id for each in candidates), high=rules.quota)]
    limits += [bound for bound, _ in _caps(candidates, rules) if len(bound.members) > (bound.high or 0)]
    limits += [bound for bound, _ in _floors(candidates, rules)]
    return [each for each in limits if each.key not in lifted]


def describe(candidates: Sequence[Candidate], rules: Rules) -> dict[str, Rule]:
    """Every rule by its key."""
    names = {each.id: each.name or each.id for each in candidates}
    found = {
        QUOTA: Rule(QUOTA, rules.quota_article, texts.QUOTA.format(quota=rules.quota), waivable=False),
        LENGTH: Rule(LENGTH, "", texts.LENGTH, waivable=False),
        MOST: Rule(MOST, "", texts.MOST, waivable=False),
        VOTED: Rule(VOTED, "", texts.MOST, waivable=False),
    }
    for bound, rule in (*_caps(candidates, rules), *_floors(candidates, rules)):
        found[bound.key] = rule
    for each in rules.exclusions:
        name = names.get(each.candidate, each.candidate)
        text = texts.EXCLUSION.format(name=name, reason=each.reason.rstrip("。"))
        key = exclusion_key(each)
        found[key] = Rule(key, each.article, text, waivable=not each.hard)
    return found


def waived(candidates: Sequence[Candidate], rules: Rules) -> list[tuple[Waiver, Rule, frozenset[str]]]:
    """The waivers of caps and exclusions, with whom they let on the list; rules as they stood before."""
    stated = replace(rules, waivers=())
    members = {bound.key: bound.members for bound, _ in _caps(candidates, stated)}
    members |= {exclusion_key(each): frozenset({each.candidate}) for each in rules.exclusions}
    known = describe(candidates, stated)
    return [(each, known[each.rule], members[each.rule]) for each in rules.waivers if each.rule in members]


def require_sound(candidates: Sequence[Candidate], rules: Rules) -> None:
    """RulesRefused: a candidate twice, a negative number, a waiver of none, of a hard one or for nothing."""
    ids = [each.id for each in candidates]
    if len(set(ids)) < len(ids):
        raise RulesRefused("有候选人重复。")
    counts = [rules.quota, *(cap.maximum for cap in rules.caps), *(floor.minimum for floor in rules.floors)]
    if min(counts) < 0:
        raise RulesRefused("名额、上限和下限不能小于零。")
    known = describe(candidates, replace(rules, waivers=()))
    numbered = limits(candidates, rules)
    for waiver in rules.waivers:
        if waiver.rule not in known:
            raise RulesRefused(f"没有规则“{waiver.rule}”，不能豁免。")
        if not known[waiver.rule].waivable:
            raise RulesRefused(f"不能豁免：{known[waiver.rule].text}。")
        if not (waiver.reason and waiver.decider and waiver.number):
            raise RulesRefused("豁免应写明理由、决定人和文号。")
        if waiver.limit is not None and not eases(numbered.get(waiver.rule), waiver.limit):
            raise RulesRefused(f"豁免改按 {waiver.limit} 个执行，没有放宽：{known[waiver.rule].text}。")


def eases(bound: Bound | None, limit: int) -> bool:
    """Whether the number asks less than a cap or a floor does, and still something; no other has a number."""
    if bound is None:
        return False
    return 0 < limit < bound.low if bound.high is None else limit > bound.high


def limits(candidates: Sequence[Candidate], rules: Rules) -> dict[str, Bound]:
    """Caps and floors by key as they are stated, without any waiver."""
    stated = replace(rules, waivers=())
    return {bound.key: bound for bound, _ in (*_caps(candidates, stated), *_floors(candidates, stated))}


def _caps(candidates: Sequence[Candidate], rules: Rules) -> Iterator[tuple[Bound, Rule]]:
    for cap in rules.caps:
        members: dict[str, set[str]] = defaultdict(set)
        for each in candidates:
            if cap.group in each.groups:
                members[each.groups[cap.group]].add(each.id)
        for value in sorted(members):
            key = f"cap:{cap.article}:{cap.group}:{value}:{cap.maximum}"
            text = texts.CAP.format(value=rules.labels.get(value, value), maximum=cap.maximum)
            high, text = _eased(rules, key, cap.maximum, text)
            yield Bound(key, frozenset(members[value]), high=high), Rule(key, cap.article, text, True)


def _floors(candidates: Sequence[Candidate], rules: Rules) -> Iterator[tuple[Bound, Rule]]:
    for floor in rules.floors:
        members = frozenset(each.id for each in candidates if each.groups.get(floor.group) in floor.values)
        values = sorted(floor.values)
        key = f"floor:{floor.article}:{floor.group}:{'+'.join(values)}:{floor.minimum}"
        named = floor.title or "、".join(rules.labels.get(value, value) for value in floor.values)
        text = texts.FLOOR.format(values=named, minimum=floor.minimum)
        low, text = _eased(rules, key, floor.minimum, text)
        yield Bound(key, members, low=low), Rule(key, floor.article, text, True)


def _eased(rules: Rules, key: str, limit: int, text: str) -> tuple[int, str]:
    """The number that applies, which a waiver may have changed, and what is said of it."""
    for waiver in rules.waivers:
        if waiver.rule == key and waiver.limit is not None:
            return waiver.limit, texts.EASED.format(rule=text, limit=waiver.limit, number=waiver.number)
    return limit, text
