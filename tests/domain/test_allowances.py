"""How many a recommending unit may recommend: the fifth of Shandong's cities, counted by hand."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from service.domain import allowances, divisions
from service.domain.allowances import (
    Allowance,
    Excess,
    ExcessUnapproved,
    NothingExceeded,
    TooManyRecommended,
)
from service.domain.editions import EditionFolder
from tests.editions.drawings import ROOT

FIFTH = {
    "370100": ("济南市", 12, 2),
    "370200": ("青岛市", 10, 2),
    "370300": ("淄博市", 8, 1),
    "370400": ("枣庄市", 6, 1),
    "370500": ("东营市", 5, 1),
    "370600": ("烟台市", 11, 2),
    "370700": ("潍坊市", 12, 2),
    "370800": ("济宁市", 11, 2),
    "370900": ("泰安市", 6, 1),
    "371000": ("威海市", 4, 1),
    "371100": ("日照市", 4, 1),
    "371300": ("临沂市", 12, 2),
    "371400": ("德州市", 11, 2),
    "371500": ("聊城市", 8, 1),
    "371600": ("滨州市", 7, 1),
    "371700": ("菏泽市", 9, 1),
}
"""By hand: city, its counties, a fifth of them rounded down, never fewer than one (reading 7)."""

LEAVE = Excess("多个县成效突出。", "市政府主要领导", "济工信函〔2024〕3号", date(2024, 3, 1))


@pytest.fixture
def loaded(session: Session, now: datetime) -> Session:
    """With the table of divisions."""
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
    return session


def parameters() -> dict[str, object]:
    return dict(EditionFolder.read(ROOT, "shandong_industry/2023").document.parameters)


def test_the_table_holds_every_city_and_all_counties_of_shandong(loaded: Session) -> None:
    cities = divisions.at_level(loaded, "city", below="370000")
    assert {each.code: each.name for each in cities} == {code: name for code, (name, _, _) in FIFTH.items()}
    assert sum(count for _, count, _ in FIFTH.values()) == 136
    assert len(divisions.at_level(loaded, "county", below="370000")) == 136


@pytest.mark.parametrize("track", ["county_a", "county_b"])
def test_a_fifth_of_the_counties_of_every_city(loaded: Session, track: str) -> None:
    for code, (name, count, most) in FIFTH.items():
        found = allowances.of_unit(loaded, parameters(), track, code)
        assert (found.most, found.below, found.principle) == (most, count, True), name


@pytest.mark.parametrize("track", ["city_a", "city_b"])
def test_a_city_recommends_itself_and_that_is_no_matter_of_principle(loaded: Session, track: str) -> None:
    assert allowances.of_unit(loaded, parameters(), track, "370100") == Allowance(1, False)


def test_the_unit_reads_how_its_number_comes_about(loaded: Session) -> None:
    found = allowances.of_unit(loaded, parameters(), "county_a", "371000")
    told = allowances.sentence(found, divisions.get(loaded, "371000"))
    assert told == "威海市所辖共 4 个，按 1/5 计算不足 1 个，原则上至多推荐 1 个。"


IN_PRINCIPLE, HARD = Allowance(2, True, 12), Allowance(2, False)


def test_within_the_allowance_nothing_need_be_said() -> None:
    allowances.require(IN_PRINCIPLE, 2, None)
    allowances.require(HARD, 2, None)
    allowances.require(Allowance(None, False), 99, None)


def test_in_principle_more_may_be_recommended_with_recorded_leave() -> None:
    with pytest.raises(ExcessUnapproved, match="原则上不超过 2 个，现选了 3 个"):
        allowances.require(IN_PRINCIPLE, 3, None)
    allowances.require(IN_PRINCIPLE, 3, LEAVE)


def test_a_hard_cap_knows_no_leave() -> None:
    with pytest.raises(TooManyRecommended, match="至多推荐 2 个"):
        allowances.require(HARD, 3, LEAVE)


def test_leave_that_nobody_needs_is_refused() -> None:
    with pytest.raises(NothingExceeded, match="没有超过 2 个"):
        allowances.require(IN_PRINCIPLE, 2, LEAVE)
