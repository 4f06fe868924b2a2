"""Means, published figures and ranks are exact; sheets are whole, sealed and final."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import scores

hundredths = st.integers(0, 10_000).map(lambda n: Fraction(n, 100))


@given(st.lists(hundredths, min_size=1, max_size=20))
def test_the_mean_is_exact(values: list[Fraction]) -> None:
    assert scores.mean(values) * len(values) == sum(values)


def test_a_mean_that_floats_would_get_wrong_is_rounded_half_up_once() -> None:
    # 0.285 lies below its double; 28.5 hundredths must become 29.
    assert scores.published(scores.mean([Fraction("0.28"), Fraction("0.29")])) == Fraction("0.29")
    assert scores.text(scores.published(Fraction("94.285"))) == "94.29"


@given(st.fractions(min_value=0, max_value=100, max_denominator=999))
def test_published_figures_agree_with_decimal_arithmetic(value: Fraction) -> None:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert scores.text(scores.published(value)) == f"{rounded:.2f}"


def test_equal_scores_share_a_rank_and_the_next_is_skipped() -> None:
    given = {"a": Fraction(10), "b": Fraction(10), "c": Fraction(9)}
    assert scores.ranks(given) == {"a": 1, "b": 1, "c": 3}


@given(st.dictionaries(st.text(min_size=1), hundredths))
def test_a_rank_is_one_more_than_the_number_of_better_scores(given: dict[str, Fraction]) -> None:
    expected = {key: 1 + sum(other > score for other in given.values()) for key, score in given.items()}
    assert scores.ranks(given) == expected


@pytest.mark.parametrize(
    ("figure", "shown"), [(Fraction(95), "95.00"), (Fraction("95.3"), "95.30"), (Fraction("0.05"), "0.05")]
)
def test_a_published_figure_has_both_decimals(figure: Fraction, shown: str) -> None:
    assert scores.text(figure) == shown
