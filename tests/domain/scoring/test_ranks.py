"""Equal scores share a rank; what follows depends on the parameter."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import scoring

hundredths = st.integers(0, 10_000).map(lambda n: Fraction(n, 100))
many = st.dictionaries(st.text(min_size=1), hundredths)
TIED = {"a": Fraction(10), "b": Fraction(10), "c": Fraction(9)}


def test_equal_scores_share_a_rank_and_the_next_is_skipped() -> None:
    assert scoring.ranks(TIED) == {"a": 1, "b": 1, "c": 3}


def test_dense_ranks_skip_none() -> None:
    assert scoring.ranks(TIED, "dense") == {"a": 1, "b": 1, "c": 2}


def test_other_ways_with_ties_are_unknown() -> None:
    with pytest.raises(ValueError, match="ordinal"):
        scoring.ranks(TIED, "ordinal")


@given(many)
@settings(deadline=None)
def test_a_rank_is_one_more_than_the_number_of_better_scores(given: dict[str, Fraction]) -> None:
    expected = {key: 1 + sum(other > score for other in given.values()) for key, score in given.items()}
    assert scoring.ranks(given) == expected


@given(many)
@settings(deadline=None)
def test_a_dense_rank_is_one_more_than_the_number_of_better_figures(given: dict[str, Fraction]) -> None:
    figures = set(given.values())
    expected = {key: 1 + sum(other > score for other in figures) for key, score in given.items()}
    assert scoring.ranks(given, "dense") == expected


@given(many, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_no_rank_depends_on_the_order_of_the_scores(given: dict[str, Fraction], random: Random) -> None:
    keys = list(given)
    random.shuffle(keys)
    for ties in scoring.Ties:
        assert scoring.ranks({key: given[key] for key in keys}, ties) == scoring.ranks(given, ties)
