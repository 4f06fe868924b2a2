"""Zhejiang's points: worked example 1 digit for digit, its alternatives, and what holds of any figures."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import scoring
from service.domain.scoring import Attainment, County, DataMissing, Measure, PointRules, Standard, Ties

INDICATORS = {"i1": "劳动生产率增速", "i2": "小升规企业", "i3": "腾出用能"}
PARAMETERS = {
    "items": [
        {"key": "plan", "title": "实施方案", "cap": 2},
        {"key": "yearly", "title": "年度工作要点或计划", "cap": 2},
        {"key": "policy", "title": "配套政策", "cap": 4},
        {"key": "coordination", "title": "工作协调机制", "cap": 4},
        {"key": "pilot", "title": "分行业省级试点", "cap": 4},
        {"key": "praise", "title": "批示或典型发言", "each": 1, "cap": 4},
    ]
}
RULES = PointRules.of(PARAMETERS)
RATES = {"A": (150, 110, 120), "B": (120, 120, 100), "C": (100, 90, 150), "D": (150, 120, 100)}
# 政策机制 18, 16, 16, 11: which items were met, in the order above.
MET = {"A": (1, 1, 1, 1, 1, 2), "B": (1, 1, 1, 1, 1, 0), "C": (1, 1, 1, 1, 0, 5), "D": (1, 1, 1, 0, 0, 3)}


def county(key: str, rates: tuple[int, ...], met: tuple[int, ...] = (1, 1, 1, 1, 1, 0)) -> County:
    """Completion rates in %, of targets that differ from county to county."""
    target = Fraction(ord(key), 7)
    attained = {
        name: Attainment(target, target * rate / 100) for name, rate in zip(INDICATORS, rates, strict=True)
    }
    return County(key, f"{key}县", attained, dict(zip(RULES.items, met, strict=True)))


EXAMPLE = [county(key, RATES[key], MET[key]) for key in RATES]


def totals(rules: PointRules, winners: frozenset[str] = frozenset()) -> dict[str, str]:
    return {key: each.shown for key, each in scoring.score(INDICATORS, EXAMPLE, rules, winners).items()}


# Worked example 1.


@pytest.mark.parametrize(
    ("key", "points", "sum_", "completion", "excess_points", "excess", "mechanism", "total", "rank"),
    [
        ("A", "10 9 9.5", "28.5", "57.00", "10 9 9.5", "19.00", 18, "94.00", 1),
        ("B", "9 10 9", "28", "56.00", "9 10 0", "12.67", 16, "84.67", 2),
        ("D", "10 10 9", "29", "58.00", "10 10 0", "13.33", 11, "82.33", 3),
        ("C", "8.5 8.5 10", "27", "54.00", "0 0 10", "6.67", 16, "76.67", 4),
    ],
)
def test_the_worked_example_digit_for_digit(
    key: str,
    points: str,
    sum_: str,
    completion: str,
    excess_points: str,
    excess: str,
    mechanism: int,
    total: str,
    rank: int,
) -> None:
    mine = scoring.score(INDICATORS, EXAMPLE, RULES)[key]
    assert [line.points for line in mine.lines.values()] == [Fraction(each) for each in points.split()]
    assert mine.points == Fraction(sum_)
    assert scoring.text(scoring.published(mine.completion)) == completion
    assert [line.excess_points for line in mine.lines.values()] == [
        Fraction(each) for each in excess_points.split()
    ]
    assert scoring.text(scoring.published(mine.excess)) == excess
    assert mine.mechanism == mechanism
    assert (mine.shown, mine.rank) == (total, rank)


def test_the_example_by_the_best_sum() -> None:
    rules = replace(RULES, standard=Standard.BEST)
    assert totals(rules) == {"A": "96.97", "B": "87.26", "D": "85.04", "C": "78.88"}


def test_the_example_with_dense_ties() -> None:
    rules = replace(RULES, ties=Ties.DENSE)
    assert totals(rules) == {"A": "95.33", "B": "86.00", "D": "82.33", "C": "78.67"}


def test_the_example_with_last_years_winner_taken_out_of_the_pool() -> None:
    rules = replace(RULES, winners_ranked=False)
    assert totals(rules, frozenset("A")) == {"B": "87.00", "D": "83.33", "C": "78.67"}


def test_last_years_winner_stays_in_the_pool_but_is_not_recommended() -> None:
    results = scoring.score(INDICATORS, EXAMPLE, RULES, frozenset("A"))
    assert results == scoring.score(INDICATORS, EXAMPLE, RULES)
    assert scoring.best(results) == ["A"]
    assert scoring.best(results, frozenset("A")) == ["B"]
    assert scoring.best(results, frozenset("ABCD")) == []


def test_equal_totals_are_all_named_for_a_recorded_decision() -> None:
    twins = [county("A", (120, 110, 100)), county("B", (120, 110, 100)), county("C", (90, 90, 90))]
    results = scoring.score(INDICATORS, twins, RULES)
    assert scoring.best(results) == ["A", "B"]
    assert {key: each.rank for key, each in results.items()} == {"A": 1, "B": 1, "C": 3}


def test_absolute_figures_are_the_alternative_to_rates() -> None:
    small = County("A", "甲县", {"i1": Attainment(Fraction(10), Fraction(15))}, dict.fromkeys(RULES.items, 0))
    large = County("B", "乙县", {"i1": Attainment(Fraction(90), Fraction(99))}, dict.fromkeys(RULES.items, 0))
    by_rate = scoring.score(INDICATORS, [small, large], RULES)
    assert by_rate["A"].lines["i1"] == (Fraction(3, 2), 1, Fraction(10), Fraction(1, 2), Fraction(10))
    by_figure = scoring.score(INDICATORS, [small, large], replace(RULES, measure=Measure.FIGURE))
    assert by_figure["A"].lines["i1"] == (Fraction(15), 2, Fraction("9.5"), Fraction(5), Fraction("9.5"))


def test_points_end_at_zero() -> None:
    many = [
        County(str(n), f"{n}县", {"i1": Attainment(Fraction(1), Fraction(n))}, dict.fromkeys(RULES.items, 0))
        for n in range(1, 31)
    ]
    points = {key: each.points for key, each in scoring.score(INDICATORS, many, RULES).items()}
    assert [points[key] for key in ("30", "29", "11")] == [10, Fraction("9.5"), Fraction("0.5")]
    assert {points[str(n)] for n in range(1, 11)} == {0}


# Data that are not there.


def without(key: str, indicator: str, attainment: Attainment) -> list[County]:
    return [
        replace(each, attained={**each.attained, indicator: attainment}) if each.key == key else each
        for each in EXAMPLE
    ]


def test_missing_data_block_and_all_are_named() -> None:
    gaps = without("B", "i2", Attainment(Fraction(5), None))
    gaps[3] = replace(gaps[3], met={**gaps[3].met, "policy": None})
    with pytest.raises(DataMissing, match="2 处") as refused:
        scoring.score(INDICATORS, gaps, RULES)
    assert refused.value.problems == [
        ("/B/i2", "B县的“小升规企业”没有完成数，请补报。", None),
        ("/D/policy", "D县的“配套政策”没有填写，请补报。", None),
    ]


def test_an_indicator_without_a_target_leaves_the_countys_n() -> None:
    for rules in (RULES, replace(RULES, standard=Standard.BEST)):
        results = scoring.score(INDICATORS, without("D", "i3", Attainment(None, None)), rules)
        assert list(results["D"].lines) == ["i1", "i2"]
        assert results["D"].completion == 60  # Twice the best of two.
        assert results["D"].excess == 20
    assert results["B"].lines["i3"].rank == 3


@pytest.mark.parametrize("target", ["0", "-3"])
def test_no_rate_is_taken_of_a_target_that_is_not_positive(target: str) -> None:
    odd = without("C", "i1", Attainment(Fraction(target), Fraction(1)))
    with pytest.raises(DataMissing, match="1 处"):
        scoring.score(INDICATORS, odd, RULES)
    assert scoring.score(INDICATORS, odd, replace(RULES, measure=Measure.FIGURE))["C"].total > 0


def test_a_county_without_any_target_is_not_scored() -> None:
    with pytest.raises(DataMissing) as refused:
        scoring.score(INDICATORS, [County("A", "甲县", {}, dict.fromkeys(RULES.items, 1))], RULES)
    assert [each.place for each in refused.value.problems] == ["/A"]


def test_how_often_an_item_was_met_is_no_negative_number() -> None:
    with pytest.raises(DataMissing):
        scoring.score(INDICATORS, [county("A", (100, 100, 100), (1, 1, 1, 1, 1, -1))], RULES)


def test_the_parameters_of_an_edition_are_read() -> None:
    rules = PointRules.of(
        {
            "completion": 50,
            "excess": "30",
            "best": 100,
            "step": "2.5",
            "measure": "figure",
            "standard": "best",
            "ties": "dense",
            "decimals": 1,
            "winners_ranked": False,
        }
    )
    assert rules == PointRules(
        Fraction(50),
        Fraction(30),
        Fraction(100),
        Fraction(5, 2),
        Measure.FIGURE,
        Standard.BEST,
        Ties.DENSE,
        1,
        False,
    )


# What holds of any figures.

percentages = st.integers(0, 300)
rows = st.tuples(percentages, percentages, percentages)
fields = st.dictionaries(st.sampled_from("ABCDEFGH"), rows, min_size=1)
variants = st.builds(
    replace,
    st.just(RULES),
    standard=st.sampled_from(Standard),
    ties=st.sampled_from(Ties),
    measure=st.sampled_from(Measure),
)


def results_of(field: Mapping[str, tuple[int, ...]], rules: PointRules) -> dict[str, scoring.PointResult]:
    return scoring.score(INDICATORS, [county(key, row) for key, row in field.items()], rules)


@given(fields, variants, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_no_total_depends_on_the_order_of_counties_or_indicators(
    field: dict[str, tuple[int, ...]], rules: PointRules, random: Random
) -> None:
    counties = [county(key, row) for key, row in field.items()]
    names = list(INDICATORS.items())
    random.shuffle(counties)
    random.shuffle(names)
    shuffled = scoring.score(dict(names), counties, rules)
    assert {key: (each.exact, each.rank) for key, each in shuffled.items()} == {
        key: (each.exact, each.rank) for key, each in results_of(field, rules).items()
    }


@given(fields, st.sampled_from(list(INDICATORS)), st.integers(1, 100))
@settings(deadline=None)
def test_who_completes_more_never_loses_and_nobody_else_gains(
    field: dict[str, tuple[int, ...]], indicator: str, more: int
) -> None:
    key = next(iter(field))
    place = list(INDICATORS).index(indicator)
    better = tuple(rate + more * (place == number) for number, rate in enumerate(field[key]))
    before, after = results_of(field, RULES), results_of({**field, key: better}, RULES)
    assert after[key].exact >= before[key].exact
    assert after[key].rank <= before[key].rank
    for other in field.keys() - {key}:
        assert after[other].points <= before[other].points


@given(fields, variants)
@settings(deadline=None)
def test_every_figure_stays_within_its_weight(field: dict[str, tuple[int, ...]], rules: PointRules) -> None:
    found = results_of(field, rules)
    for each in found.values():
        assert 0 <= each.completion <= 60
        assert 0 <= each.excess <= 20
        assert 0 <= each.mechanism <= 20
        assert 0 <= each.total <= 100
        assert all(0 <= line.points <= 10 and line.excess_points <= 10 for line in each.lines.values())
        assert abs(each.total - each.exact) <= Fraction(1, 200)
    if rules.standard is Standard.BEST:
        assert max(each.completion for each in found.values()) == 60
    for name in INDICATORS:
        assert max(each.lines[name].points for each in found.values()) == 10
    assert {key: each.rank for key, each in found.items()} == scoring.ranks(
        {key: each.total for key, each in found.items()}
    )
