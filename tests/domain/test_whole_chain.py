"""A county's application through every office to an award, and what fraud costs, with the real engine and BPMN."""

import pytest

from service.domain import sanctions
from service.domain.applications import Status
from service.domain.rounds import Stage
from service.store.database import Database
from tests.domain.world import CITIES, YUHANG, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def scores_of(applications: dict[str, str], first: int = 95) -> dict[str, str]:
    """Scores falling by one in the order of the division codes."""
    return {application: str(first - place) for place, application in enumerate(applications.values())}


def test_a_county_comes_up_to_an_award_that_lasts_a_year(world: World) -> None:
    round_id = world.open_round()
    county = world.bring_up(round_id, YUHANG)
    assert world.application(county).status == Status.READY
    world.recommend(round_id, "330000")
    assert world.application(county).status == Status.RECOMMENDED
    world.accept(county)
    cities = world.accepted(round_id, [city for city in CITIES if city != "330100"])
    world.review(round_id, {**scores_of(cities), county: "99.5"})
    notice = world.publish(round_id)
    assert (str(notice.starts_on), str(notice.ends_on)) == ("2018-04-11", "2018-04-18")
    assert world.entries(notice) == sorted([YUHANG, *list(cities)[:9]])
    world.advance_to("2018-04-19")
    world.announce(round_id)
    assert world.application(county).status == Status.AWARDED
    assert world.application(county).reason == "入选，激励期自2018年4月19日至2019年4月18日。"
    left_out = world.application(list(cities.values())[-1])
    assert (left_out.status, left_out.reason) == (
        Status.NOT_SELECTED,
        "得分 85.00，第 12 名，10 个名额已由排在前面的用完。",
    )
    world.advance_to("2019-04-18")
    assert world.application(county).status == Status.AWARDED
    world.advance_to("2019-04-19")
    assert world.application(county).status == Status.AWARD_ENDED
    assert world.round(round_id).stage == Stage.ANNOUNCED
