"""No list keeps to all rules: the procedure stops for a recorded decision on one of them, then goes on."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select, update

from service.domain import shortlists, verifying, waivers
from service.domain.editions import Edition
from service.domain.rounds import Round
from service.domain.scoring import Result
from service.domain.shortlists import LISTED, ConflictStands, Next, NothingToWaive, WaiversRefused
from service.domain.waivers import Decision, Waiver
from tests.domain.contexts import accepted_rows, context
from tests.domain.test_selection_rules import Twelve, candidates, scores, selected
from tests.domain.world import CITIES, MINISTRY, START, World

PLANNED = {"group": "tag", "values": ["separately-planned"], "title": "计划单列市", "article": "5"}
UNREACHABLE = {"floors": [{**PLANNED, "minimum": 4}]}
"""Three of the twelve cities are 计划单列市."""
CITED = "第5条（计划单列市合计至少 4 个）"


def decision(world: World, round_id: str, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The form's content; `rows` by the rule's text."""
    with world.database.read() as session:
        round_ = session.get_one(Round, round_id)
        known = {each.text: shortlists.row_key(each) for each in shortlists.waivable(session, round_, 10)}
    given: dict[str, Mapping[str, Any]] = {key: {"waived": False} for key in known.values()}
    given |= {known[text]: row for text, row in rows.items()}
    document = {"decider": "部党组会", "number": "工信党组〔2018〕9号", "decided_on": "2018-04-11"}
    return {"waiver": {"rules": given, **document}}


def exempt(text: str, limit: int | None = None) -> dict[str, dict[str, Any]]:
    row = {"waived": True, "reason": "申报的计划单列市不足。"}
    return {text: row if limit is None else {**row, "limit": str(limit)}}


def test_a_floor_that_cannot_be_met_is_lowered_by_a_recorded_decision(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edition, "selection", UNREACHABLE)
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids, ((2, 7, 9), "50")))
    assert world.open_tasks(key) == ["waive_rules"]
    rows = candidates(world, round_id, ids)
    assert {each.state for each in rows.values()} == {"waiting"}
    assert (
        rows[CITIES[0]].reason
        == f"得分 95.00，第 1 名，没有符合全部规则的名单，须决定哪一项不适用：{CITED}。"
    )

    with pytest.raises(ConflictStands, match="至少一项作出例外：第5条（计划单列市合计至少 4 个）"):
        world.do(key, "waive_rules", "record", given=decision(world, round_id, {}))
    with pytest.raises(WaiversRefused) as refused:
        world.do(
            key,
            "waive_rules",
            "record",
            given=decision(world, round_id, exempt("计划单列市合计至少 4 个", 4)),
        )
    assert "没有放宽" in refused.value.problems[0].message
    world.do(
        key, "waive_rules", "record", given=decision(world, round_id, exempt("计划单列市合计至少 4 个", 3))
    )
    listed = selected(world, round_id, ids)
    assert {CITIES[2], CITIES[7], CITIES[9]} <= set(listed)
    assert len(listed) == 10
    assert "第5条（计划单列市合计至少 4 个，已决定改按 3 个执行（工信党组〔2018〕9号））" in (
        candidates(world, round_id, ids)[CITIES[11]].reason
    )
    with world.database.read() as session:
        (kept,) = waivers.of_round(session, round_id)
        assert (kept.article, kept.text, kept.limit) == ("第5条", "计划单列市合计至少 4 个", 3)
        assert (kept.reason, kept.decider, kept.number) == (
            "申报的计划单列市不足。",
            "部党组会",
            "工信党组〔2018〕9号",
        )
        assert list(verifying.broken(session)) == []
    world.publish(round_id)


def test_a_recorded_decision_that_was_changed_is_found(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edition, "selection", UNREACHABLE)
    world, round_id, ids = twelve
    world.review(round_id, scores(ids))
    given = decision(world, round_id, exempt("计划单列市合计至少 4 个"))
    world.do(f"round:{round_id}", "waive_rules", "record", given=given)
    with world.database.write() as session:
        session.execute(update(Waiver).values(number="工信党组〔2018〕10号"))
    with world.database.read() as session:
        (fault,) = verifying.broken(session)
    assert fault.startswith("规则的例外（waiver ")


def test_a_rule_that_keeps_somebody_off_may_be_set_aside_before_the_list_is_decided(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fifth eastern city is the sixth best."""
    monkeypatch.setattr(Edition, "selection", {"caps": [{"group": "region", "maximum": 4, "article": "5"}]})
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids))
    assert CITIES[9] not in selected(world, round_id, ids)
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "waive")
    assert world.open_tasks(key) == ["waive_rules"]
    world.do(key, "waive_rules", "record", given=decision(world, round_id, exempt("东部至多 4 个", 5)))
    assert selected(world, round_id, ids) == CITIES[:10]
    assert candidates(world, round_id, ids)[CITIES[9]].reason == (
        "得分 86.00，第 10 名，在 10 个名额之内（第5条（东部至多 4 个）已由部党组会决定改按 5 个执行，"
        "工信党组〔2018〕9号：申报的计划单列市不足。）。"
    )
    assert world.open_tasks(key) == ["committee_opinion"]


def test_no_exception_is_studied_where_no_rule_could_be_set_aside(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, scores(ids))
    world.do(f"round:{round_id}", "committee_opinion", "propose")
    with pytest.raises(NothingToWaive):
        world.do(f"round:{round_id}", "decide_list", "waive")


def test_a_floor_that_an_upheld_objection_breaks_stops_the_procedure_after_the_notice(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three 计划单列市 is found out, and nobody else is one: what now is to be decided."""
    monkeypatch.setattr(Edition, "selection", {"floors": [{**PLANNED, "minimum": 3}]})
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids))
    notice = world.publish(round_id)
    world.decide_objection(world.object_to(notice.id, ids[CITIES[2]]), "upheld")
    world.advance(14)
    assert world.open_tasks(key) == ["waive_for_replacement"]
    given = decision(world, round_id, exempt("计划单列市合计至少 3 个"))
    world.do(key, "waive_for_replacement", "record", given=given)
    assert world.open_tasks(key) == ["sign_off_replacement"]
    states = {code: each.state for code, each in candidates(world, round_id, ids).items()}
    assert (states[CITIES[2]], states[CITIES[10]], states[CITIES[11]]) == (
        "removed",
        "promoted",
        "passed_over",
    )
    world.do(key, "sign_off_replacement", "refuse")
    assert world.open_tasks(key) == ["report_to_state_council"]
    assert candidates(world, round_id, ids)[CITIES[10]].state == "declined"
    with world.database.read() as session:
        assert session.scalar(select(Round.stage).where(Round.id == round_id)) == "approval"


def test_a_replacement_that_is_declined_does_not_leave_the_list_short_of_a_floor(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four central cities are asked for; the fourth and last to come in is not signed off."""
    floor = {"group": "region", "values": ["central"], "minimum": 4, "article": "5"}
    monkeypatch.setattr(Edition, "selection", {"floors": [floor]})
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids))
    assert selected(world, round_id, ids) == [*CITIES[:9], CITIES[10]]
    notice = world.publish(round_id)
    world.decide_objection(world.object_to(notice.id, ids[CITIES[1]]), "upheld")
    world.advance(14)
    assert world.open_tasks(key) == ["sign_off_replacement"]
    assert candidates(world, round_id, ids)[CITIES[11]].state == "promoted"
    assert candidates(world, round_id, ids)[CITIES[9]].state == "passed_over"
    world.do(key, "sign_off_replacement", "refuse")
    assert world.open_tasks(key) == ["waive_for_replacement"]
    given = decision(world, round_id, exempt("中部合计至少 4 个", 3))
    world.do(key, "waive_for_replacement", "record", given=given)
    assert world.open_tasks(key) == ["report_to_state_council"]
    assert CITIES[9] not in selected(world, round_id, ids)


def test_on_every_database_the_latest_decision_on_a_rule_counts_and_stands_through_later_passes(
    either_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edition, "selection", UNREACHABLE)
    world = either_world
    round_id, ids = accepted_rows(world, CITIES, quota=10)
    results = {
        application: Result(Fraction(95 - place), Fraction(95 - place), 9, place + 1, f"{95 - place}.00")
        for place, application in enumerate(ids.values())
    }
    document = Decision("部党组会", "1号", date(2018, 4, 11))
    with world.database.write() as session:
        clerk = world.person(session, *MINISTRY)
        round_ = session.get_one(Round, round_id)
        given = context(session)
        round_.scoring_pass = 1
        assert shortlists.record_ranking(given, round_, results) == Next.WAIVE
        (floor,) = shortlists.waivable(session, round_, 10)
        key = shortlists.row_key(floor)
        lowered = {key: {"waived": True, "limit": "3", "reason": "不足。"}}
        assert shortlists.waive(given, round_, lowered, document, clerk, 10) == Next.PROPOSE
    with world.database.write() as session:
        round_ = session.get_one(Round, round_id)
        given = context(session, START + timedelta(days=1))
        (floor,) = shortlists.waivable(session, round_, 10)
        lifted = {shortlists.row_key(floor): {"waived": True, "reason": "仍然不足。"}}
        assert shortlists.waive(given, round_, lifted, document, clerk, 10) == Next.PROPOSE
        assert [each.limit for each in waivers.of_round(session, round_id)] == [3, None]
        round_.scoring_pass = 2
        assert shortlists.record_ranking(given, round_, results) == Next.PROPOSE
        listed = [each.application_id for each in shortlists.candidates(session, round_, *LISTED)]
        assert listed == [ids[code] for code in CITIES[:10]]
