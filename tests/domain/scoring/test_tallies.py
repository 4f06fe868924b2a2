"""What the sheets come to: sealed until all are in, by the edition's mean, ranked by the published figure."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import scoring
from service.domain.scoring import Mean, Rules, SheetsMissing, SheetsTooFew

MEMBERS = ["甲", "乙", "丙", "丁", "戊"]
DUE = {"杭州市": MEMBERS, "苏州市": MEMBERS}


def given_by(*scores: str) -> dict[str, Fraction]:
    return {member: Fraction(score) for member, score in zip(MEMBERS, scores, strict=False)}


def test_nothing_is_told_while_a_sheet_is_out() -> None:
    sheets = {"杭州市": given_by("90", "91", "92", "93", "94"), "苏州市": given_by("90", "91", "92")}
    with pytest.raises(SheetsMissing, match="2 份"):
        scoring.tally(sheets, DUE, Rules())


def test_a_recused_member_leaves_an_absent_sheet_that_is_no_zero() -> None:
    sheets = {"杭州市": given_by("90", "90", "90", "90"), "苏州市": given_by("90", "90", "90", "90", "80")}
    results = scoring.tally(sheets, {**DUE, "杭州市": MEMBERS[:4]}, Rules(minimum_sheets=4))
    assert results["杭州市"] == (Fraction(90), Fraction(90), 4, 1, "90.00")
    assert results["苏州市"] == (Fraction(88), Fraction(88), 5, 2, "88.00")


def test_recusals_never_leave_fewer_sheets_than_the_minimum() -> None:
    sheets = {"杭州市": given_by("90", "90", "90", "90")}
    with pytest.raises(SheetsTooFew, match="1 个申报的评分少于要求的 5 份"):
        scoring.tally(sheets, {"杭州市": MEMBERS[:4]}, Rules(minimum_sheets=5))


def test_a_sheet_of_who_would_not_be_asked_any_more_counts() -> None:
    sheets = {"杭州市": given_by("90", "90", "90", "90", "80")}
    assert scoring.tally(sheets, {"杭州市": MEMBERS[:4]}, Rules())["杭州市"].sheets == 5


def test_the_mean_the_decimals_and_the_minimum_are_the_editions() -> None:
    parameters = {
        "scoring": {"mean": "trimmed", "trim": 2, "decimals": 1},
        "committee": {"minimum_sheets": 5},
    }
    rules = Rules.of(parameters)
    assert rules == Rules(Mean.TRIMMED, 2, 1, 5)
    sheets = {
        "杭州市": given_by("0", "90", "91.25", "92", "100"),
        "苏州市": given_by("0", "1", "91.3", "99", "100"),
    }
    results = scoring.tally(sheets, DUE, rules)
    # 91.25 and 91.3 are published as 91.3 both: equal.
    assert results["杭州市"] == (Fraction("91.25"), Fraction("91.3"), 5, 1, "91.3")
    assert results["苏州市"] == (Fraction("91.3"), Fraction("91.3"), 5, 1, "91.3")


def test_an_edition_that_says_nothing_more_has_plain_means_of_two_decimals() -> None:
    plain = {"scoring": {"mean": "plain", "maximum": 100}, "committee": {"minimum_sheets": 5}}
    assert Rules.of(plain) == Rules(Mean.PLAIN, 1, 2, 5)


hundredths = st.integers(0, 10_000).map(lambda n: Fraction(n, 100))
panels = st.dictionaries(
    st.text(min_size=1),
    st.dictionaries(st.sampled_from("甲乙丙丁戊己庚"), hundredths, min_size=3),
    min_size=1,
)


@given(panels, st.sampled_from(Mean), st.integers(0, 3))
@settings(deadline=None)
def test_who_has_the_higher_published_figure_has_the_better_rank(
    sheets: dict[str, dict[str, Fraction]], kind: Mean, decimals: int
) -> None:
    results = scoring.tally(sheets, sheets, Rules(kind, 1, decimals, 3))
    for one in results.values():
        for other in results.values():
            assert (one.rank < other.rank) == (one.published > other.published)
        assert Fraction(one.shown) == one.published
        assert abs(one.published - one.exact) <= Fraction(1, 2 * 10**decimals)
