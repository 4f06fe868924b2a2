"""Whole rounds with the real engine and BPMN: up to an award, and what objections and fraud do to it."""

import pytest

from service.domain import sanctions
from service.domain.applications import Status
from service.domain.objections import ObjectionStatus
from service.domain.rounds import Outcome, Stage
from service.domain.sanctions import Barred
from service.engine import history
from tests.domain.world import CITIES, HANGZHOU, YUHANG, ZHEJIANG, World

Twelve = tuple[World, str, dict[str, str]]


def falling(applications: dict[str, str], first: int = 95) -> dict[str, str]:
    """Scores falling by one in the order of the division codes."""
    return {application: str(first - place) for place, application in enumerate(applications.values())}


def test_a_county_comes_up_to_an_award_that_lasts_a_year(either_world: World) -> None:
    world = either_world
    round_id = world.open_round()
    county = world.bring_up(round_id, YUHANG)
    assert world.application(county).status == Status.READY
    world.recommend(round_id, ZHEJIANG)
    assert world.application(county).status == Status.RECOMMENDED
    world.accept(county)
    cities = world.accepted(round_id, [city for city in CITIES if city != HANGZHOU])
    world.review(round_id, {**falling(cities), county: "99.5"})
    notice = world.publish(round_id)
    assert (str(notice.starts_on), str(notice.ends_on)) == ("2018-04-11", "2018-04-18")
    assert world.entries(notice) == sorted([YUHANG, *list(cities)[:9]])
    world.advance_to("2018-04-18")
    assert world.open_tasks(f"round:{round_id}") == []
    world.advance_to("2018-04-19")
    world.announce(round_id)
    assert world.application(county).status == Status.AWARDED
    assert world.application(county).reason == "入选，激励期自2018年4月19日至2019年4月18日。"
    left_out = world.application(list(cities.values())[-1])
    assert (left_out.status, left_out.reason) == (
        Status.NOT_SELECTED,
        "得分 85.00，第 12 名，第5条（名额 10 个）已由排在前面的用完。",
    )
    world.advance_to("2019-04-18")
    assert world.application(county).status == Status.AWARDED
    world.advance_to("2019-04-19")
    assert world.application(county).status == Status.AWARD_ENDED
    assert world.round(round_id).stage == Stage.ANNOUNCED
    with world.database.read() as session:
        assert history.verify(session) == []


def test_fraud_found_during_the_award_bars_the_city_and_its_province(either_world: World) -> None:
    world = either_world
    round_id = world.open_round()
    cities = world.accepted(round_id, [HANGZHOU, "320500"])
    world.review(round_id, falling(cities))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    world.announce(round_id)
    world.advance_to("2018-09-03")
    case = world.open_case(cities[HANGZHOU])
    world.decide_objection(case, "fraud")
    decision = {"number": "工信处〔2018〕7号", "date": "2018-09-03", "facts": "虚报技术改造投资。"}
    world.do(f"objection:{case}", "sanction_decision", "impose", given={"sanction": decision})
    world.settle()
    assert world.objection(case).status == ObjectionStatus.FRAUD
    assert world.application(cities[HANGZHOU]).status == Status.AWARD_REVOKED
    assert world.application(cities["320500"]).status == Status.AWARDED

    world.advance_to("2019-03-01")
    next_round = world.open_round(2019, "2019-04-10")
    for division, barred in ((HANGZHOU, HANGZHOU), ("330200", ZHEJIANG)):
        with pytest.raises(Barred, match="工信处〔2018〕7号"):
            world.apply(next_round, division)
        with world.database.read() as session:
            bar = sanctions.check(session, division, "miit_industry", 2021)
            assert bar is not None
            assert (bar.division_code, bar.first_year, bar.last_year) == (barred, 2019, 2021)
            assert sanctions.check(session, division, "miit_industry", 2022) is None
    world.apply(next_round, "320500")


def test_an_upheld_objection_removes_the_city_and_nobody_moves_up_while_ten_remain(twelve: Twelve) -> None:
    world, round_id, cities = twelve
    world.review(round_id, falling(cities), quota=11)
    notice = world.publish(round_id)
    objection = world.object_to(notice.id, cities["130100"])
    world.advance_to("2018-04-20")
    assert world.open_tasks(f"round:{round_id}") == [], "the notice waits for the objection"
    world.decide_objection(objection, "upheld")
    world.settle()
    assert world.application(cities["130100"]).status == Status.DISQUALIFIED
    world.announce(round_id)
    awarded = [city for city, each in cities.items() if world.application(each).status == Status.AWARDED]
    assert awarded == CITIES[1:11]


def test_below_ten_the_next_moves_up_with_a_sign_off_and_a_notice_of_its_own(twelve: Twelve) -> None:
    world, round_id, cities = twelve
    world.review(round_id, falling(cities))
    notice = world.publish(round_id)
    objection = world.object_to(notice.id, cities["140100"])
    world.decide_objection(objection, "upheld")
    world.advance_to("2018-04-19")
    world.do(f"round:{round_id}", "sign_off_replacement", "agree")
    world.do(f"round:{round_id}", "publish_notice", "publish")
    second = world.notices(round_id)[0]
    assert world.entries(second) == [CITIES[10]]
    assert (str(second.starts_on), str(second.ends_on)) == ("2018-04-19", "2018-04-26")
    world.advance_to("2018-04-27")
    world.announce(round_id)
    assert world.application(cities[CITIES[10]]).status == Status.AWARDED
    assert world.application(cities[CITIES[11]]).status == Status.NOT_SELECTED
    reason = world.application(cities["140100"]).reason
    assert reason is not None
    assert "经核查成立：经核查认定。" in reason


def test_a_replacement_that_is_tied_is_voted_on_and_one_not_signed_off_is_not_published(
    twelve: Twelve,
) -> None:
    world, round_id, cities = twelve
    tied = {cities[CITIES[10]]: "80", cities[CITIES[11]]: "80"}
    world.review(round_id, {**falling(cities), **tied})
    notice = world.publish(round_id)
    world.decide_objection(world.object_to(notice.id, cities["140100"]), "upheld")
    world.advance_to("2018-04-19")
    votes = {cities[CITIES[10]]: {"votes": "3"}, cities[CITIES[11]]: {"votes": "6"}}
    world.do(f"round:{round_id}", "vote_replacement", "record", given={"tie_break": {"votes": votes}})
    world.do(f"round:{round_id}", "sign_off_replacement", "refuse")
    world.announce(round_id)
    assert world.application(cities[CITIES[11]]).reason == (
        "得分 80.00，第 11 名，同分表决第 1 位，名单不足 10 个，依次递补。递补未获同意。"
    )
    awarded = [each for each in cities.values() if world.application(each).status == Status.AWARDED]
    assert len(awarded) == 9


def test_a_mended_entry_is_published_again_alone(world: World) -> None:
    round_id = world.open_round()
    cities = world.accepted(round_id, CITIES[:3])
    world.review(round_id, falling(cities))
    notice = world.publish(round_id)
    objection = world.object_to(notice.id, cities["140100"])
    world.decide_objection(objection, "mendable")
    world.do(f"objection:{objection}", "mend", "submit")
    world.do(f"objection:{objection}", "confirm_mend", "agree")
    world.advance_to("2018-04-19")
    world.do(f"round:{round_id}", "publish_notice", "publish")
    assert world.entries(world.notices(round_id)[0]) == ["140100"]
    world.advance_to("2018-04-27")
    world.announce(round_id)
    assert world.application(cities["140100"]).status == Status.AWARDED


def test_two_objections_are_both_waited_for(world: World) -> None:
    round_id = world.open_round()
    cities = world.accepted(round_id, CITIES[:3])
    world.review(round_id, falling(cities))
    notice = world.publish(round_id)
    first = world.object_to(notice.id, cities["130100"])
    second = world.object_to(notice.id, cities["140100"])
    world.advance_to("2018-04-20")
    world.do(f"objection:{first}", "consider", "reject", opinion="没有证据。")
    world.settle()
    assert world.open_tasks(f"round:{round_id}") == []
    world.decide_objection(second, "not_upheld")
    world.settle()
    assert world.open_tasks(f"round:{round_id}") == ["report_to_state_council"]


def test_when_nobody_is_left_the_round_ends_without_a_list(world: World) -> None:
    round_id = world.open_round()
    cities = world.accepted(round_id, ["130100"])
    world.review(round_id, falling(cities))
    notice = world.publish(round_id)
    world.decide_objection(world.object_to(notice.id, cities["130100"]), "upheld")
    world.advance_to("2018-04-19")
    assert world.round(round_id).outcome == Outcome.NONE_LEFT
    assert world.application(cities["130100"]).status == Status.DISQUALIFIED


def test_the_state_council_may_send_the_list_back_and_refuse_it(world: World) -> None:
    round_id = world.open_round()
    key = f"round:{round_id}"
    cities = world.accepted(round_id, CITIES[:2])
    world.review(round_id, falling(cities))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    world.do(key, "report_to_state_council", "report")
    world.do(key, "state_council_approval", "return", opinion="请补充说明。")
    world.do(key, "decide_list", "onsite")
    world.do(key, "onsite_check_list", "report")
    world.do(key, "decide_list", "rescore")
    world.score(round_id, {cities["130100"]: "70", cities["140100"]: "80.25"})
    notice = world.publish(round_id)
    assert world.entries(notice) == ["130100", "140100"]
    world.advance_to("2018-04-27")
    world.do(key, "report_to_state_council", "report")
    world.do(key, "state_council_approval", "refuse", opinion="不予批复。")
    world.settle()
    assert world.round(round_id).outcome == Outcome.NOT_APPROVED
    for application in cities.values():
        assert world.application(application).status == Status.NOT_SELECTED
        assert world.application(application).reason == "批准机关未批复同意，本年度不公布名单。"


def test_without_an_accepted_application_the_round_ends(world: World) -> None:
    round_id = world.open_round()
    lapsed = world.apply(round_id, HANGZHOU)
    world.advance_to("2018-04-11")
    world.do(f"round:{round_id}", "close_intake", "close")
    assert world.round(round_id).outcome == Outcome.NO_CANDIDATES
    assert world.application(lapsed).status == Status.LAPSED
