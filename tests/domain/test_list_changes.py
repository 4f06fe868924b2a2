"""What a disqualification does to a round at each step: nobody waits for ever, nobody is passed by."""

import pytest
from sqlalchemy import select

from service.domain import shortlists
from service.domain.applications import Status
from service.domain.procedures.effects.shortlists import ListChanged, ListUnchanged
from service.domain.rounds import AnnouncementMisdated, Outcome, Round
from service.domain.shortlists import Candidate, CandidateState
from tests.domain.world import CITIES, World

Twelve = tuple[World, str, dict[str, str]]


def falling(ids: dict[str, str]) -> dict[str, str]:
    """95, 94, 93 … in the order of the division codes."""
    return {application: str(95 - place) for place, application in enumerate(ids.values())}


def listed(world: World, round_id: str, ids: dict[str, str]) -> list[str]:
    """Division codes of the selected, in rank order."""
    codes = {application: code for code, application in ids.items()}
    with world.database.read() as session:
        round_ = session.get_one(Round, round_id)
        found = shortlists.candidates(session, round_, CandidateState.SELECTED)
    return [codes[each.application_id] for each in found]


def disqualify(world: World, *applications: str) -> None:
    for application in applications:
        world.decide_objection(world.open_case(application), "upheld")
    world.settle()


def open_scoring(world: World, round_id: str) -> None:
    key = f"round:{round_id}"
    world.do(key, "form_committee", "seat", given={"committee": {"members": world.seats()}})
    world.do(key, "record_quota", "record", given={"quota": {"quota": "10"}})


def end_without_a_list(world: World, round_id: str) -> None:
    """From the committee's opinion to the end, where nobody is left."""
    key = f"round:{round_id}"
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "agree")
    assert world.open_tasks(key) == []
    assert world.round(round_id).outcome == Outcome.NONE_LEFT


@pytest.fixture
def two(world: World) -> tuple[World, str, list[str]]:
    """The collection has ended with two accepted applications."""
    round_id = world.open_round()
    ids = list(world.accepted(round_id, CITIES[:2]).values())
    world.advance_to("2018-04-11")
    world.do(f"round:{round_id}", "close_intake", "close")
    return world, round_id, ids


def test_nobody_is_left_to_score(two: tuple[World, str, list[str]]) -> None:
    world, round_id, ids = two
    disqualify(world, *ids)
    open_scoring(world, round_id)
    end_without_a_list(world, round_id)


def test_a_member_to_whom_nothing_is_left_hands_in_an_empty_sheet(two: tuple[World, str, list[str]]) -> None:
    world, round_id, ids = two
    open_scoring(world, round_id)
    with world.database.write() as session:
        first = world.member(session, "expert", 1)
    sheet = world.sheet(round_id, dict.fromkeys(ids, "90"), first)
    world.do(f"round:{round_id}", "score", "submit", given=sheet, person_id=first)
    disqualify(world, *ids)
    world.score(round_id, {})
    end_without_a_list(world, round_id)


def test_nobody_is_left_when_the_list_is_decided(two: tuple[World, str, list[str]]) -> None:
    world, round_id, ids = two
    open_scoring(world, round_id)
    world.score(round_id, dict.fromkeys(ids, "90"))
    disqualify(world, *ids)
    end_without_a_list(world, round_id)
    assert {world.application(each).status for each in ids} == {Status.DISQUALIFIED}


def test_a_notice_names_nobody_who_was_disqualified_after_the_decision(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, falling(ids))
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "agree")
    with pytest.raises(ListUnchanged):
        world.do(key, "publish_notice", "return", opinion="再议。")
    disqualify(world, ids[CITIES[0]])
    with pytest.raises(ListChanged, match=r"河北省石家庄市已不能入选.*“名单有变，退回审定”"):
        world.do(key, "publish_notice", "publish")
    world.do(key, "publish_notice", "return", opinion="石家庄市已取消资格。")
    world.do(key, "decide_list", "agree")
    world.do(key, "publish_notice", "publish")
    assert world.entries(world.notices(round_id)[0]) == CITIES[1:11]


def test_the_next_moves_up_when_one_is_disqualified_after_the_notice(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, falling(ids))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    with pytest.raises(ListUnchanged):
        world.do(key, "report_to_state_council", "return", opinion="再议。")
    disqualify(world, ids[CITIES[0]])
    with pytest.raises(ListChanged, match=r"河北省石家庄市已不能入选.*“名单有变，重新核定”"):
        world.do(key, "report_to_state_council", "report")
    world.do(key, "report_to_state_council", "return", opinion="石家庄市已取消资格。")
    world.do(key, "sign_off_replacement", "agree")
    world.do(key, "publish_notice", "publish")
    assert world.entries(world.notices(round_id)[0]) == [CITIES[10]]
    world.advance_to("2018-04-27")

    world.do(key, "report_to_state_council", "report")
    world.do(key, "state_council_approval", "agree")
    disqualify(world, ids[CITIES[1]])
    with pytest.raises(ListChanged, match="山西省太原市"):
        world.do(key, "announce", "announce")
    world.do(key, "announce", "return", opinion="太原市已取消资格。")
    world.do(key, "sign_off_replacement", "refuse", opinion="不再递补。")
    world.announce(round_id)
    assert listed(world, round_id, ids) == CITIES[2:11]
    awarded = [city for city, each in ids.items() if world.application(each).status == Status.AWARDED]
    assert awarded == CITIES[2:11]


def test_who_is_disqualified_before_the_announcement_is_left_out_where_nobody_can_move_up(
    two: tuple[World, str, list[str]],
) -> None:
    world, round_id, ids = two
    open_scoring(world, round_id)
    world.score(round_id, dict.fromkeys(ids, "90"))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    disqualify(world, ids[0])
    world.do(f"round:{round_id}", "report_to_state_council", "report")
    world.do(f"round:{round_id}", "state_council_approval", "agree")
    disqualify(world, ids[1])
    with pytest.raises(ListChanged):
        world.do(f"round:{round_id}", "announce", "announce")
    world.do(f"round:{round_id}", "announce", "return", opinion="名单中已无市（州）。")
    assert world.round(round_id).outcome == Outcome.NONE_LEFT


@pytest.mark.parametrize("day", ["2018-04-10", "2018-04-20", "2019-04-19"])
def test_an_award_begins_between_the_public_notice_and_the_day_of_its_announcement(
    two: tuple[World, str, list[str]], day: str
) -> None:
    world, round_id, ids = two
    key = f"round:{round_id}"
    open_scoring(world, round_id)
    world.score(round_id, dict.fromkeys(ids, "90"))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    world.do(key, "report_to_state_council", "report")
    world.do(key, "state_council_approval", "agree")
    with pytest.raises(AnnouncementMisdated, match="不早于2018年4月11日、不晚于今天（2018年4月19日）"):
        world.do(key, "announce", "announce", given={"announcement": {"date": day}})
    world.do(key, "announce", "announce", given={"announcement": {"date": "2018-04-11"}})
    assert str(world.round(round_id).award_starts_on) == "2018-04-11"


def test_whom_a_decision_bars_during_the_review_is_not_selected(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.bar(CITIES[0], 2018)
    notice = world.publish(round_id)
    assert world.entries(notice) == CITIES[1:11]
    with world.database.read() as session:
        row = session.scalars(select(Candidate).where(Candidate.application_id == ids[CITIES[0]])).one()
    assert row.state == CandidateState.REMOVED
    assert "石家庄市在2018年度被取消评选资格，不能申报。" in row.reason
    world.advance_to("2018-04-19")
    world.bar(CITIES[1], 2018)
    with pytest.raises(ListChanged, match="山西省太原市"):
        world.do(f"round:{round_id}", "report_to_state_council", "report")
