"""Impacts: before an objection is decided, who would move is told by the selection that will move them."""

from typing import Any

from service.clock import SHANGHAI
from service.domain import applications, impacts, overviews, shortlists
from service.domain.impacts import Impact
from service.domain.objections import Objection
from service.domain.rounds import Round, Stage
from service.domain.shortlists import CandidateState
from tests.domain.contexts import accepted_rows
from tests.domain.world import CITIES, World

Twelve = tuple[World, str, dict[str, str]]


def falling(ids: dict[str, str], **equal: str) -> dict[str, str]:
    places = {application: str(95 - place) for place, application in enumerate(ids.values())}
    return {**places, **{list(ids.values())[int(key[1:])]: score for key, score in equal.items()}}


def impact(
    world: World, objection_id: str, office: tuple[str, str] = ("industry", "000000")
) -> Impact | None:
    with world.database.write() as session:
        actor = world.official(session, *office)
        return impacts.of_objection(session, actor, session.get_one(Objection, objection_id))


def moves(told: Impact | None, ids: dict[str, str]) -> list[tuple[str, str]]:
    assert told is not None
    codes = {application: code for code, application in ids.items()}
    return [(codes[each.application_id], each.change) for each in told.moves]


def selected(world: World, round_id: str, *states: CandidateState) -> set[str]:
    with world.database.read() as session:
        found = shortlists.candidates(session, session.get_one(Round, round_id), *states)
        return {each.application_id for each in found}


def object_to(world: World, round_id: str, application: str, **fields: Any) -> str:
    (notice,) = world.notices(round_id)
    return world.object_to(notice.id, application, **fields)


def test_during_the_notice_the_next_is_told_and_is_who_comes_in(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.publish(round_id)
    objection = object_to(world, round_id, ids[CITIES[2]])
    told = impact(world, objection)
    assert moves(told, ids) == [(CITIES[2], "leaves"), (CITIES[10], "enters")]
    assert told is not None
    assert told.summary == "它在已公示的名单上；认定成立的移出，名单不足 10 个的依次递补，已公示的不变。"
    assert told.moves[1].reason == "得分 85.00，第 11 名，名单不足 10 个，依次递补。"
    assert told.moves[1].division == "河南省洛阳市"
    world.decide_objection(objection, "upheld")
    assert impact(world, objection) is None
    world.advance_to("2018-04-19")
    assert selected(world, round_id, CandidateState.PROMOTED) == {ids[CITIES[10]]}


def test_fraud_takes_off_the_lists_of_years_to_come_as_well(twelve: Twelve) -> None:
    """A bar of three years: where the applicant is under review already, it goes on no further."""
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.publish(round_id)
    objection = object_to(world, round_id, ids[CITIES[2]])
    told = impact(world, objection)
    assert told is not None
    assert "弄虚作假" not in told.summary
    _, of_later = accepted_rows(world, [CITIES[2], CITIES[3]], year=2019, stage=Stage.COLLECTING)
    told = impact(world, objection)
    assert told is not None
    assert told.summary.endswith(
        "认定弄虚作假的，辽宁省大连市在“2019年度工业稳增长和转型升级成效明显市（州）”中的申报也不再参加评选。"
    )
    world.decide_objection(objection, "fraud")
    day = {"date": world.clock.now().astimezone(SHANGHAI).date().isoformat()}
    world.do(f"objection:{objection}", "sanction_decision", "impose", given={"sanction": day})
    with world.database.read() as session:
        assert set(applications.barred(session, of_later.values())) == {of_later[CITIES[2]]}


def test_looking_changes_nothing(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.publish(round_id)
    objection = object_to(world, round_id, ids[CITIES[2]])
    before = selected(world, round_id, CandidateState.SELECTED)
    impact(world, objection)
    assert selected(world, round_id, CandidateState.SELECTED) == before


def test_before_the_notice_a_case_tells_how_the_list_would_be_made_anew(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids, p10="80", p11="80"))
    case = world.open_case(ids[CITIES[0]])
    told = impact(world, case)
    assert moves(told, ids) == [(CITIES[0], "leaves"), (CITIES[10], "tied"), (CITIES[11], "tied")]  # By name.
    assert told is not None
    assert told.summary == "它在名单上；认定成立的，名单按规则重新确定；余下 1 个名额须由评审委员会表决。"
    below = world.open_case(ids[CITIES[11]])
    assert impact(world, below) == Impact("它不在名单上；没有递补。", [], [])


def test_before_the_ranking_nobody_can_move(twelve: Twelve) -> None:
    world, _, ids = twelve
    case = world.open_case(ids[CITIES[0]])
    assert impact(world, case) == Impact("排名还没有确定；认定成立的，不再参加评审。", [], [])


def test_after_the_announcement_the_award_is_taken_and_nobody_comes_in(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    world.announce(round_id)
    awarded, other = world.open_case(ids[CITIES[0]]), ids[CITIES[11]]
    assert impact(world, awarded) == Impact("本轮次已经公布；认定成立的，撤销激励，不再递补。", [], [])
    assert other not in selected(world, round_id, CandidateState.SELECTED)


def test_whom_the_ranking_does_not_concern_is_not_told(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.publish(round_id)
    objection = object_to(world, round_id, ids[CITIES[2]])
    assert impact(world, objection, ("industry", CITIES[2])) is None
    with world.database.write() as session:
        ministry = world.official(session, "industry", "000000")
        view = overviews.of_objection(session, ministry, objection)
        assert view.impact is not None
