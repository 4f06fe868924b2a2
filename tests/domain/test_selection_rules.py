"""The list of a round whose edition has caps and floors: the divisions table tells the groups."""

from typing import Any

import pytest

from service.domain import impacts, shortlists
from service.domain.editions import Edition
from service.domain.objections import Objection
from service.domain.rounds import Round
from service.domain.shortlists import CandidateState
from tests.domain.world import CITIES, World

Twelve = tuple[World, str, dict[str, str]]

RULES = {
    "caps": [{"group": "region", "maximum": 4, "article": "5"}],
    "floors": [
        {
            "group": "tag",
            "values": ["separately-planned"],
            "title": "计划单列市",
            "minimum": 3,
            "article": "5",
        }
    ],
}


def scores(ids: dict[str, str], *equal: tuple[tuple[int, ...], str]) -> dict[str, str]:
    """95, 94, 93 … in the order of the division codes, but for who is equal."""
    found = {application: str(95 - place) for place, application in enumerate(ids.values())}
    keys = list(ids.values())
    return found | {keys[place]: score for places, score in equal for place in places}


def candidates(world: World, round_id: str, ids: dict[str, str]) -> dict[str, shortlists.Candidate]:
    codes = {application: code for code, application in ids.items()}
    with world.database.read() as session:
        rows = shortlists.candidates(session, session.get_one(Round, round_id))
        return {codes[each.application_id]: each for each in rows}


def selected(world: World, round_id: str, ids: dict[str, str]) -> list[str]:
    rows = candidates(world, round_id, ids)
    return sorted(code for code, each in rows.items() if each.state == CandidateState.SELECTED)


def votes(ids: dict[str, str], counts: dict[int, int]) -> dict[str, Any]:
    given = {list(ids.values())[place]: {"votes": str(count)} for place, count in counts.items()}
    return {"tie_break": {"votes": given}}


def test_caps_and_floors_make_the_list_and_its_reasons(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four of the five eastern cities; two of these are 计划单列市, of which three must be listed."""
    monkeypatch.setattr(Edition, "selection", RULES)
    world, round_id, ids = twelve
    world.review(round_id, scores(ids))
    assert selected(world, round_id, ids) == [*CITIES[:5], *CITIES[6:11]]
    rows = candidates(world, round_id, ids)
    assert rows["330100"].reason == (
        "得分 90.00，第 6 名，按第5条（东部至多 4 个）；第5条（计划单列市合计至少 3 个）不能列入，"
        "列入的是河北省石家庄市、江苏省苏州市、福建省厦门市、山东省青岛市。"
    )
    assert rows["420500"].reason == "得分 84.00，第 12 名，第5条（名额 10 个）已由排在前面的用完。"


def test_an_objection_that_leaves_no_legal_list_says_so_before_it_is_decided(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edition, "selection", RULES)
    world, round_id, ids = twelve
    world.review(round_id, scores(ids))
    notice = world.publish(round_id)
    objection = world.object_to(notice.id, ids["370200"])
    with world.database.write() as session:
        ministry = world.official(session, "industry", "000000")
        told = impacts.of_objection(session, ministry, session.get_one(Objection, objection))
    assert told is not None
    assert [(each.division, each.change) for each in told.moves] == [("山东省青岛市", "leaves")]
    assert "第5条（计划单列市合计至少 3 个）" in told.rules


def test_a_second_class_that_is_tied_is_voted_on_before_the_list_goes_on(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of four equal eastern cities, then three of four equal central ones: the vote comes again."""
    monkeypatch.setattr(Edition, "selection", {"caps": RULES["caps"]})
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids, ((4, 5, 7, 9), "88"), ((6, 8, 10, 11), "80")))
    states = {code: each.state for code, each in candidates(world, round_id, ids).items()}
    assert {code for code, state in states.items() if state == "tied"} == {CITIES[n] for n in (4, 5, 7, 9)}
    assert {code for code, state in states.items() if state == "waiting"} == {
        CITIES[n] for n in (6, 8, 10, 11)
    }
    world.do(key, "break_tie", "record", given=votes(ids, {4: 1, 5: 6, 7: 7, 9: 8}))
    states = {code: each.state for code, each in candidates(world, round_id, ids).items()}
    assert {code for code, state in states.items() if state == "tied"} == {CITIES[n] for n in (6, 8, 10, 11)}
    assert world.open_tasks(key) == ["break_tie"]
    world.do(key, "break_tie", "record", given=votes(ids, {6: 4, 8: 5, 10: 6, 11: 7}))
    assert len(selected(world, round_id, ids)) == 10
    assert CITIES[6] not in selected(world, round_id, ids)
    assert world.open_tasks(key) == ["committee_opinion"]


def test_replacements_are_voted_on_class_by_class_and_keep_to_the_caps(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three regions at most three each: one eastern and one central city are found out."""
    monkeypatch.setattr(Edition, "selection", {"caps": [{"group": "region", "maximum": 3, "article": "5"}]})
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids, ((7, 9), "60"), ((10, 11), "50")))
    assert selected(world, round_id, ids) == [CITIES[n] for n in (0, 1, 2, 3, 4, 5, 6, 8)]
    notice = world.publish(round_id)
    for number in (0, 1):
        world.decide_objection(world.object_to(notice.id, ids[CITIES[number]]), "upheld")
    world.advance(14)
    assert world.open_tasks(key) == ["vote_replacement"]
    world.do(key, "vote_replacement", "record", given=votes(ids, {7: 5, 9: 4}))
    assert world.open_tasks(key) == ["vote_replacement"]
    world.do(key, "vote_replacement", "record", given=votes(ids, {10: 3, 11: 6}))
    assert world.open_tasks(key) == ["sign_off_replacement"]
    states = {code: each.state for code, each in candidates(world, round_id, ids).items()}
    assert {code for code, state in states.items() if state == "promoted"} == {CITIES[7], CITIES[11]}
    assert {code for code, state in states.items() if state == "passed_over"} == {CITIES[9], CITIES[10]}
    world.do(key, "sign_off_replacement", "agree")
    world.do(key, "publish_notice", "publish")
    assert world.entries(world.notices(round_id)[0]) == [CITIES[7], CITIES[11]]
