"""Achievements by hand, and for any figures: exact, by direction, rounded half up once."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.cycles import Direction, achieve

FIGURES = st.fractions(min_value="0.0001", max_value=100_000, max_denominator=10_000)


@pytest.mark.parametrize(
    ("direction", "goal", "actual", "shown"),
    [
        ("higher", "1.6", "1.2", "75.00"),
        ("higher", "2", "2", "100.00"),
        ("higher", "3", "2", "66.67"),
        ("lower", "0.9", "0.75", "120.00"),
        ("lower", "0.8", "0.84", "95.24"),
        ("higher", "4", "0", "0.00"),
        ("higher", "4", "-1", "-25.00"),
        ("higher", "800", "1.44", "0.18"),
        ("higher", "200000", "199989", "99.99"),  # 99.9945
        ("higher", "200000", "199990", "100.00"),  # 99.995 is rounded up
    ],
)
def test_by_hand(direction: str, goal: str, actual: str, shown: str) -> None:
    assert achieve(direction, Fraction(goal), Fraction(actual)).shown == shown


@pytest.mark.parametrize(("direction", "goal", "actual"), [("higher", "0", "1"), ("lower", "1", "0")])
def test_nothing_is_divided_by_zero(direction: str, goal: str, actual: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        achieve(direction, Fraction(goal), Fraction(actual))


@given(FIGURES, FIGURES)
def test_the_directions_are_each_others_mirror(goal: Fraction, actual: Fraction) -> None:
    up, down = achieve(Direction.HIGHER, goal, actual), achieve(Direction.LOWER, actual, goal)
    assert up.rate == down.rate == 100 * actual / goal
    assert up.shown == down.shown


@given(FIGURES, FIGURES)
def test_a_target_is_reached_when_its_figure_is(goal: Fraction, actual: Fraction) -> None:
    reached = achieve(Direction.HIGHER, goal, actual)
    assert abs(Fraction(reached.shown) - reached.rate) <= Fraction(1, 200)
    if actual >= goal:
        assert reached.reaches(Fraction(100))
    if reached.rate < Fraction("99.995"):
        assert not reached.reaches(Fraction(100))
