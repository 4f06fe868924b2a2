"""Waived limits and repeats against brute force: every subset of a few candidates, by plain counting."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.selection import (
    Candidate,
    Cap,
    Floor,
    Repeat,
    Rules,
    RulesRefused,
    Standing,
    Waiver,
    describe,
    limits,
    repeated,
    select,
)

CITIES = ("370100", "370200", "370300")


@st.composite
def counties(draw: st.DrawFn) -> list[Candidate]:
    """Up to seven candidates of three cities, all of different score: no vote is due."""
    return [
        Candidate(f"c{number}", Fraction(90 - number), {"city": draw(st.sampled_from(CITIES))})
        for number in range(draw(st.integers(1, 7)))
    ]


def lists(candidates: list[Candidate], quota: int, most: Mapping[str, int], least: int) -> list[set[str]]:
    """Every set that has at most so many of a city, and at least so many of the first two together."""
    found = []
    for size in range(quota + 1):
        for chosen in combinations(candidates, size):
            cities = [each.groups["city"] for each in chosen]
            if any(cities.count(city) > most[city] for city in CITIES):
                continue
            if sum(city in CITIES[:2] for city in cities) >= least:
                found.append({each.id for each in chosen})
    return found


def best(found: list[set[str]], candidates: list[Candidate]) -> set[str]:
    """Of the longest the one that, down the ranking, holds whom it can."""
    longest = [each for each in found if len(each) == max(map(len, found))]
    for candidate in candidates:
        holding = [each for each in longest if candidate.id in each]
        longest = holding or longest
    (one,) = longest
    return one


@given(counties(), st.integers(0, 4), st.integers(0, 2), st.integers(1, 3), st.data())
@settings(deadline=None, max_examples=300)
def test_a_waived_limit_is_kept_to_as_the_rule_itself_would_be(
    candidates: list[Candidate], quota: int, maximum: int, minimum: int, data: st.DataObject
) -> None:
    stated = Rules(quota, [Cap("city", maximum, "第1条")], [Floor("city", CITIES[:2], minimum, "第2条")])
    most, least, waivers = dict.fromkeys(CITIES, maximum), minimum, []
    for key, bound in limits(candidates, stated).items():
        eased = data.draw(st.sampled_from(["kept", "lifted", "lowered"]))
        limit = None
        if eased == "kept":
            continue
        if bound.high is not None:
            limit = None if eased == "lifted" else bound.high + 1
            most[key.split(":")[3]] = len(candidates) if limit is None else limit
        else:
            limit = None if eased == "lifted" or bound.low == 1 else bound.low - 1
            least = 0 if limit is None else limit
        waivers.append(Waiver(key, "理由", "部务会", "1号", limit))
    selection = select(candidates, replace(stated, waivers=waivers))
    found = lists(candidates, quota, most, least)
    assert (selection.conflict is not None) == (not found)
    if found:
        assert set(selection.selected) == best(found, candidates)


@given(counties(), st.integers(0, 4), st.sets(st.sampled_from(CITIES)), st.booleans(), st.data())
@settings(deadline=None, max_examples=300)
def test_of_a_city_that_is_listed_no_county_is_but_whom_a_decision_admits(
    candidates: list[Candidate], quota: int, listed: set[str], principle: bool, data: st.DataObject
) -> None:
    holders = {city: f"{city}已列入市级名单" for city in listed}
    repeat = Repeat("city", holders, "第13条", principle)
    stated = Rules(quota, exclusions=repeated(candidates, [repeat]))
    barred = [each.id for each in candidates if each.groups["city"] in listed]
    admitted = set(data.draw(st.sets(st.sampled_from(barred)))) if barred and principle else set()
    waivers = [Waiver(f"exclusion:第13条:{each}", "理由", "厅党组会", "1号") for each in sorted(admitted)]
    selection = select(candidates, replace(stated, waivers=waivers))
    free = [each.id for each in candidates if each.id not in barred or each.id in admitted]
    assert list(selection.selected) == free[:quota]
    for each in candidates:
        placed = selection.of(each.id)
        if each.id in barred and each.id not in admitted:
            assert placed.standing == Standing.EXCLUDED
            assert placed.rules == (describe(candidates, stated)[f"exclusion:第13条:{each.id}"],)
            word = "原则上不再重复列入" if principle else "不再重复列入"
            assert f"按第13条不能列入：{each.groups['city']}已列入市级名单，{word}。" in placed.reason
        elif each.id in admitted and each.id in selection.selected:
            assert "已由厅党组会决定不适用，1号：理由" in placed.reason


def test_what_holds_without_exception_cannot_be_waived() -> None:
    candidates = [Candidate("甲县", Fraction(90), {"city": "370100"})]
    repeat = Repeat("city", {"370100": "济南市已列入市级名单"}, "第13条")
    rules = Rules(
        1,
        exclusions=repeated(candidates, [repeat]),
        waivers=[Waiver("exclusion:第13条:甲县", "理由", "厅党组会", "1号")],
    )
    with pytest.raises(RulesRefused, match="不能豁免：甲县不得列入（济南市已列入市级名单，不再重复列入）。"):
        select(candidates, rules)


@pytest.mark.parametrize(
    ("rule", "limit"), [("cap", 1), ("cap", 2), ("floor", 2), ("floor", 3), ("floor", 0)]
)
def test_a_waiver_that_eases_nothing_is_refused(rule: str, limit: int) -> None:
    candidates = [Candidate(key, Fraction(90), {"city": CITIES[0]}) for key in "甲乙丙"]
    rules = Rules(3, [Cap("city", 2, "第1条")], [Floor("city", CITIES[:1], 2, "第2条")])
    key = next(key for key in limits(candidates, rules) if key.startswith(rule))
    waived = replace(rules, waivers=[Waiver(key, "理由", "部务会", "1号", limit)])
    with pytest.raises(RulesRefused, match="没有放宽"):
        select(candidates, waived)
