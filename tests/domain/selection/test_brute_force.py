"""The selection against brute force: every subset of the candidates, tried one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.selection import (
    Candidate,
    Cap,
    Exclusion,
    Floor,
    Rules,
    Standing,
    Waiver,
    prospect,
    select,
)

VALUES = {"province": ("p", "q", "r"), "region": ("west", "east"), "kind": ("city", "district")}


@dataclass(frozen=True)
class Case:
    candidates: list[Candidate]
    rules: Rules
    kept: frozenset[str]


@st.composite
def cases(draw: st.DrawFn, most: int = 7) -> Case:
    size = draw(st.integers(0, most))
    places = st.one_of(st.none(), st.integers(1, 3))
    candidates = [
        Candidate(
            id=f"c{number}",
            score=Fraction(draw(st.integers(0, 4))),
            groups={
                group: draw(st.sampled_from(values))
                for group, values in VALUES.items()
                if draw(st.integers(0, 3))
            },
            place=draw(places),
        )
        for number in range(size)
    ]
    groups = st.sampled_from(sorted(VALUES))
    caps = [
        Cap(draw(groups), draw(st.integers(0, 3)), f"第{number}条")
        for number in range(draw(st.integers(0, 3)))
    ]
    floors = []
    for number in range(draw(st.integers(0, 3))):
        group = draw(groups)
        values = draw(st.sets(st.sampled_from(VALUES[group]), min_size=1))
        floors.append(Floor(group, sorted(values), draw(st.integers(0, 2)), f"第1{number}条"))
    excluded = draw(st.sets(st.sampled_from([each.id for each in candidates]))) if size else set()
    exclusions = [Exclusion(each, "第20条", "移出。", hard=draw(st.booleans())) for each in sorted(excluded)]
    rules = Rules(draw(st.integers(0, 5)), caps, floors, exclusions)
    kept: frozenset[str] = frozenset()
    if draw(st.integers(0, 3)) == 0 and (lists := [*legal(candidates, rules, kept)]):
        kept = frozenset(sorted(draw(st.sampled_from(lists)))[: draw(st.integers(0, 2))])
    return Case(candidates, rules, kept)


def legal(candidates: list[Candidate], rules: Rules, kept: frozenset[str]) -> Iterator[frozenset[str]]:
    out = {each.candidate for each in rules.exclusions}
    free = [each for each in candidates if each.id not in out or each.id in kept]
    for size in range(rules.quota + 1):
        for chosen in combinations(free, size):
            capped = all(
                sum(each.groups.get(cap.group) == value for each in chosen) <= cap.maximum
                for cap in rules.caps
                for value in VALUES[cap.group]
            )
            floored = all(
                sum(each.groups.get(floor.group) in floor.values for each in chosen) >= floor.minimum
                for floor in rules.floors
            )
            ids = frozenset(each.id for each in chosen)
            if capped and floored and kept <= ids:
                yield ids


Answer = tuple[str, frozenset[str], int]
"""What it comes to (`list`, `vote`, `conflict`), who is listed or voted on, and the places open."""


def most_of(lists: list[frozenset[str]], ids: frozenset[str]) -> list[frozenset[str]]:
    most = max(len(each & ids) for each in lists)
    return [each for each in lists if len(each & ids) == most]


def outlook(lists: list[frozenset[str]], ids: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Who of `ids` is in every list; who in some of them only."""
    always, ever = frozenset.intersection(*lists) & ids, frozenset.union(*lists) & ids
    return always, ever - always


def answer(case: Case) -> Answer:
    """As rules.md says it, over all subsets."""
    lists = [*legal(case.candidates, case.rules, case.kept)]
    if not lists:
        return "conflict", frozenset(), 0
    longest = max(map(len, lists))
    lists = [each for each in lists if len(each) == longest]
    places: Mapping[str, int | None] = {each.id: each.place for each in case.candidates}
    ordered = sorted(case.candidates, key=lambda each: -each.score)
    for _, group in groupby(ordered, key=lambda each: each.score):
        ids = frozenset(each.id for each in group)
        lists = most_of(lists, ids)
        always, some = outlook(lists, ids)
        if some and None in (places[each] for each in some):
            return "vote", some, len(lists[0] & ids) - len(always)
        for _, voted in groupby(sorted(some, key=lambda each: places[each] or 0), key=places.get):
            equal = frozenset(voted)
            lists = most_of(lists, equal)
            sure, unsure = outlook(lists, equal)
            if unsure:
                return "vote", unsure, len(lists[0] & equal) - len(sure)
    assert len(set(lists)) == 1
    return "list", lists[0], 0


def found(case: Case) -> Answer:
    selection = select(case.candidates, case.rules, case.kept or None)
    if selection.conflict is not None:
        return "conflict", frozenset(), 0
    if selection.tie is not None:
        return "vote", frozenset(selection.tie.members), selection.tie.places
    return "list", frozenset(selection.selected), 0


@given(cases())
@settings(deadline=None, max_examples=1000)
def test_the_list_the_vote_or_the_conflict_is_what_brute_force_finds(case: Case) -> None:
    assert found(case) == answer(case)


@given(cases())
@settings(deadline=None, max_examples=100)
def test_the_conflicting_rules_are_minimal(case: Case) -> None:
    selection = select(case.candidates, case.rules, case.kept or None)
    if selection.conflict is None:
        return
    keys = {rule.key for rule in selection.conflict.rules}
    assert any(rule.waivable for rule in selection.conflict.rules)

    def feasible(standing: set[str]) -> bool:
        rules = case.rules
        exclusions = [
            each for each in rules.exclusions if f"exclusion:{each.article}:{each.candidate}" in standing
        ]
        quota = rules.quota if "quota" in standing else len(case.candidates)
        free = replace(rules, quota=quota, exclusions=exclusions, caps=(), floors=())
        for chosen in legal(case.candidates, free, case.kept):
            groups = [each.groups for each in case.candidates if each.id in chosen]
            if all(_kept_to(key, groups) for key in standing):
                return True
        return False

    assert not feasible(keys)
    for key in keys:
        assert feasible(keys - {key})


def _kept_to(key: str, groups: list[Mapping[str, str]]) -> bool:
    kind, *rest = key.split(":")
    if kind not in ("cap", "floor"):
        return True
    _, group, values, limit = rest
    count = sum(each.get(group) in values.split("+") for each in groups)
    return count <= int(limit) if kind == "cap" else count >= int(limit)


@given(cases())
@settings(deadline=None, max_examples=100)
def test_waiving_what_can_be_waived_of_conflicts_comes_to_a_list_or_a_vote(case: Case) -> None:
    rules = case.rules
    for _ in range(20):
        selection = select(case.candidates, rules, case.kept or None)
        if selection.conflict is None:
            return
        rule = next(each for each in selection.conflict.rules if each.waivable)
        rules = replace(rules, waivers=[*rules.waivers, Waiver(rule.key, "理由", "部务会", "1号")])
    raise AssertionError("there is always another conflict")


@given(cases(), st.randoms())
@settings(deadline=None, max_examples=100)
def test_the_order_of_entry_changes_nothing(case: Case, random: object) -> None:
    shuffled = list(case.candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    kept = case.kept or None
    assert select(shuffled, case.rules, kept) == select(case.candidates, case.rules, kept)


@given(cases())
@settings(deadline=None, max_examples=100)
def test_recorded_votes_lead_to_a_list_whatever_the_classes(case: Case) -> None:
    """Every vote settles its own class for good: each is named once, then the list is whole."""
    candidates = [replace(each, place=None) for each in case.candidates]
    voted: set[str] = set()
    while True:
        selection = select(candidates, case.rules, case.kept or None)
        if selection.tie is None:
            break
        members = set(selection.tie.members)
        assert not members & voted
        voted |= members
        order = {each: place for place, each in enumerate(sorted(members), start=1)}
        candidates = [replace(each, place=order.get(each.id, each.place)) for each in candidates]
    if selection.conflict is None:
        lists = [*legal(candidates, case.rules, case.kept)]
        assert frozenset(selection.selected) in lists
        assert len(selection.selected) == max(map(len, lists))


@given(cases(most=6), st.data())
@settings(deadline=None, max_examples=100)
def test_the_points_missing_are_the_least_that_brute_force_finds(case: Case, data: st.DataObject) -> None:
    if not case.candidates:
        return
    one = data.draw(st.sampled_from(case.candidates))
    told = prospect(case.candidates, case.rules, one.id, case.kept or None, step=Fraction(1, 2))
    selection = select(case.candidates, case.rules, case.kept or None)
    if selection.of(one.id).standing == Standing.SELECTED:
        assert told.missing == 0
        return
    least = None
    for steps in range(1, 12):
        raised = replace(one, score=one.score + Fraction(steps, 2), place=None)
        tried = replace(case, candidates=[raised if each.id == one.id else each for each in case.candidates])
        if select(tried.candidates, case.rules, case.kept or None).of(one.id).standing == Standing.SELECTED:
            least = raised.score
            break
    assert told.needed == least
    assert (told.missing is None) == (least is None)


@given(cases())
@settings(deadline=None, max_examples=100)
def test_everybody_gets_a_sentence_and_a_standing_that_agrees_with_the_outcome(case: Case) -> None:
    selection = select(case.candidates, case.rules, case.kept or None)
    assert sorted(each.id for each in selection.placements) == sorted(each.id for each in case.candidates)
    standings = {each.standing for each in selection.placements}
    assert all(each.reason.endswith("。") for each in selection.placements)
    if selection.tie is None and selection.conflict is None:
        assert standings <= {Standing.SELECTED, Standing.PASSED_OVER, Standing.EXCLUDED}
        assert len(selection.selected) == selection.length
    tied = {each.id for each in selection.placements if each.standing == Standing.TIED}
    assert tied == set(selection.tie.members if selection.tie else ())


@given(cases())
@settings(deadline=None, max_examples=100)
def test_who_is_passed_over_cannot_stand_beside_those_before_by_the_rules_named(case: Case) -> None:
    """Brute force over lists that keep to the quota and to the rules of the reason alone."""
    selection = select(case.candidates, case.rules, case.kept or None)
    if selection.tie is not None or selection.conflict is not None:
        return
    by_id = {each.id: each for each in case.candidates}
    for passed in selection.placements:
        if passed.standing != Standing.PASSED_OVER or not passed.rules:
            continue
        better = {
            each for each in selection.selected if by_id[each].score > passed.score or each in case.kept
        }
        held = frozenset({*better, passed.id, *case.kept})
        free = replace(case.rules, caps=(), floors=())
        keys = [rule.key for rule in passed.rules]
        equals = [
            each for each in case.candidates if each.score == passed.score and each.id in selection.selected
        ]
        if equals:
            continue  # What equals gain by one another stands in the reason too.
        longest = len(selection.selected)
        for chosen in legal(case.candidates, free, held):
            groups = [by_id[each].groups for each in chosen]
            assert len(chosen) < longest or not all(_kept_to(key, groups) for key in keys)
