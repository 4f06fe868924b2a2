"""A round of each track of the 2022 edition with the real engine and BPMN, from the call to the award."""

import pytest

from service.domain import awards, shortlists, verifying
from service.domain.applications import Status
from service.domain.rounds import Stage
from tests.domain.test_overrides import waived
from tests.domain.world import HANGZHOU
from tests.domain.world_2022 import World2022

CHENGDU, SHENYANG, HEFEI = "510100", "210100", "340100"
"""Of the west, of the northeast, of the middle."""


@pytest.mark.parametrize(("track", "condition"), [("a", "clusters"), ("b", "security")])
def test_a_round_of_each_track_comes_to_its_list(
    either_world_2022: World2022, track: str, condition: str
) -> None:
    world = either_world_2022
    round_id = world.open_track(track)
    cities = {}
    for division in (CHENGDU, SHENYANG, HEFEI):
        cities[division] = world.bring_up(round_id, division)
    cities[HANGZHOU] = world.submitted(round_id, HANGZHOU)
    world.do(f"application:{cities[HANGZHOU]}", "province_review", "agree", given=waived(condition))
    world.settle()
    for division, application in cities.items():
        asked = f"recommendation:{world.recommendation(round_id, division[:2] + '0000').id}"
        world.recommend(round_id, division[:2] + "0000")
        assert world.consented(asked) == (track == "b"), "only track B is recommended jointly"
        world.accept(application)
    given = {CHENGDU: "88", SHENYANG: "88", HEFEI: "90", HANGZHOU: "95"}
    points = {cities[division]: score for division, score in given.items()}
    world.review_track(round_id, points, bonus="2.5", praised=[cities[SHENYANG]])
    notice = world.publish(round_id)
    assert (str(notice.starts_on), str(notice.ends_on)) == ("2022-02-15", "2022-02-22")
    assert world.entries(notice) == sorted(cities), "published in the order of codes, unranked"
    world.advance_to("2022-02-23")
    world.announce(round_id)
    assert world.round(round_id).stage == Stage.ANNOUNCED
    assert {world.application(each).status for each in cities.values()} == {Status.AWARDED}
    assert world.application(cities[HANGZHOU]).reason == "入选，激励期自2022年2月23日至2023年2月22日。"
    with world.database.read() as session:
        assert list(verifying.broken(session)) == []
        assert len(awards.of_round(session, round_id)) == len(cities)
        placed = shortlists.candidates(session, world.round(round_id))
        scored = {each.application_id: (each.rank, each.score) for each in placed}
    assert scored[cities[SHENYANG]] == (2, "90.50"), "with its bonus it is ahead of who had more points"
    assert scored[cities[CHENGDU]] == (4, "88.00")
