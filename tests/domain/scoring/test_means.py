"""Means and published figures are exact."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import scoring

hundredths = st.integers(0, 10_000).map(lambda n: Fraction(n, 100))
several = st.lists(hundredths, min_size=5, max_size=20)


@given(st.lists(hundredths, min_size=1, max_size=20))
@settings(deadline=None)
def test_the_mean_is_exact(values: list[Fraction]) -> None:
    assert scoring.mean(values) * len(values) == sum(values)


def test_a_trimmed_mean_leaves_out_the_highest_and_the_lowest() -> None:
    given = [Fraction(n) for n in (100, 91, 90, 92, 0)]
    assert scoring.mean(given, "trimmed") == 91
    assert scoring.mean(given, "trimmed", 2) == 91
    assert scoring.mean(given, "plain") == Fraction(373, 5)


def test_of_equal_extremes_only_one_is_left_out() -> None:
    given = [Fraction(n) for n in (90, 90, 80, 70, 70)]
    assert scoring.mean(given, "trimmed") == 80


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_mean_needs_a_score_that_is_left(count: int) -> None:
    with pytest.raises(ValueError, match="no score is left"):
        scoring.mean([Fraction(90)] * count, "trimmed")


def test_an_unknown_kind_of_mean_is_an_error() -> None:
    with pytest.raises(ValueError, match="median"):
        scoring.mean([Fraction(90)], "median")


@given(several, st.permutations(range(20)), st.integers(0, 2))
@settings(deadline=None)
def test_no_mean_depends_on_the_order_of_the_sheets(
    values: list[Fraction], order: list[int], trim: int
) -> None:
    shuffled = [values[place] for place in order if place < len(values)]
    for kind in scoring.Mean:
        assert scoring.mean(shuffled, kind, trim) == scoring.mean(values, kind, trim)


@given(several, st.integers(0, 4), hundredths, st.integers(0, 2))
@settings(deadline=None)
def test_a_higher_sheet_never_lowers_a_mean(
    values: list[Fraction], place: int, more: Fraction, trim: int
) -> None:
    better = [*values]
    better[place] += more
    for kind in scoring.Mean:
        assert scoring.mean(better, kind, trim) >= scoring.mean(values, kind, trim)


@given(several, st.integers(0, 2))
@settings(deadline=None)
def test_a_mean_lies_between_the_sheets_that_count(values: list[Fraction], trim: int) -> None:
    kept = sorted(values)[trim : len(values) - trim]
    assert kept[0] <= scoring.mean(values, "trimmed", trim) <= kept[-1]


def test_a_mean_that_floats_would_get_wrong_is_rounded_half_up_once() -> None:
    # 0.285 lies below its double; 28.5 hundredths must become 29.
    assert scoring.published(scoring.mean([Fraction("0.28"), Fraction("0.29")])) == Fraction("0.29")
    assert scoring.text(scoring.published(Fraction("94.285"))) == "94.29"


@given(st.fractions(min_value=0, max_value=100, max_denominator=999), st.integers(0, 4))
@settings(deadline=None)
def test_published_figures_agree_with_decimal_arithmetic(value: Fraction, places: int) -> None:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert scoring.text(scoring.published(value, places), places) == f"{rounded:.{places}f}"


@pytest.mark.parametrize(
    ("figure", "shown"), [(Fraction(95), "95.00"), (Fraction("95.3"), "95.30"), (Fraction("0.05"), "0.05")]
)
def test_a_published_figure_has_both_decimals(figure: Fraction, shown: str) -> None:
    assert scoring.text(figure) == shown
