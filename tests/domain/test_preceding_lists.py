"""A list that another precedes waits for it, leaves out whom it has taken, and follows what becomes of it."""

from datetime import date

import pytest
from sqlalchemy import delete, update

from service.clock import SHANGHAI
from service.domain import awards, impacts, shortlists, user_tasks
from service.domain.access import Actor, ActorMembership
from service.domain.applications import Application, Status
from service.domain.awards import Award
from service.domain.editions import Edition
from service.domain.objections import Objection, ObjectionStatus
from service.domain.procedures.effects.shortlists import ListUnchanged
from service.domain.rounds import Round, Stage
from service.domain.shortlists import Candidate, CandidateState, ListAwaited, ListMoved, ListUnmoved
from service.store.database import new_id
from tests.domain.test_selection_rules import Twelve, candidates, scores, selected
from tests.domain.test_waivers import decision
from tests.domain.world import CITIES, MINISTRY, World

AUDITOR = Actor("auditor", "审计", (ActorMembership("", "", "auditor"),))
NO_REPEAT = {
    "no_repeat": [
        {"tracks": ["main"], "against": "first", "group": "province", "principle": True, "article": "5"}
    ]
}
QINGDAO = CITIES[9]
MOVED = "先行名单有变。"
WHO = "山东省青岛市已列入“2018年度先行”名单，原则上不再重复列入"


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Edition, "selection", NO_REPEAT)
    tracks = [{"key": "main", "title": "主要"}, {"key": "first", "title": "先行"}]
    document = Edition.document
    assert isinstance(document, property)
    assert document.fget is not None
    read = document.fget
    monkeypatch.setattr(Edition, "document", property(lambda self: {**read(self), "tracks": tracks}))


def first_list(world: World, round_id: str, *applications: str, stage: Stage = Stage.NOTICE) -> str:
    """The other track's round of the same year, with these on its list; its id."""
    with world.database.write() as session:
        own = session.get_one(Round, round_id)
        other = Round(
            id=new_id(),
            edition_id=own.edition_id,
            programme=own.programme,
            year=own.year,
            track="first",
            division_code=own.division_code,
            title="2018年度先行",
            stage=stage,
            quota=3,
            scoring_pass=1,
            created_by=own.created_by,
            created_at=world.clock.now(),
        )
        session.add(other)
        session.flush()
        for each in applications:
            session.add(listed(world, other.id, each))
        return other.id


def listed(world: World, round_id: str, application_id: str) -> Candidate:
    return Candidate(
        round_id=round_id,
        scoring_pass=1,
        application_id=application_id,
        score="90.00",
        exact="90",
        sheets=9,
        rank=1,
        state=CandidateState.SELECTED,
        reason="",
        changed_at=world.clock.now(),
    )


def first_list_of_its_own(world: World, round_id: str) -> tuple[str, str]:
    """The other list with an application of 青岛's own to it; the round's id and the application's."""
    other = first_list(world, round_id)
    return other, first_list_entry(world, round_id, other, QINGDAO)


def reviewed_beside(world: World, round_id: str, ids: dict[str, str]) -> tuple[str, str, str]:
    """The list ranked while 青岛 is on the other: its key, the other round, 青岛's application to that."""
    other, holder = first_list_of_its_own(world, round_id)
    world.review(round_id, scores(ids))
    return f"round:{round_id}", other, holder


def first_list_entry(world: World, round_id: str, other: str, division: str) -> str:
    """One more of the other list, who applied for that alone."""
    with world.database.write() as session:
        applied = Application(
            id=new_id(),
            round_id=other,
            track="first",
            division_code=division,
            province_code=f"{division[:2]}0000",
            status=Status.ACCEPTED,
            created_by="a" * 32,
            created_at=world.clock.now(),
            accepted_at=world.clock.now(),
        )
        session.add(applied)
        session.flush()
        session.add(listed(world, other, applied.id))
        return applied.id


def uphold(world: World, round_id: str, application_id: str) -> None:
    """An objection against one of the other list, whose notice has not ended."""
    with world.database.write() as session:
        session.add(
            Objection(
                id=new_id(),
                number=application_id[:8],
                round_id=round_id,
                application_id=application_id,
                anonymous=False,
                statement="数据有误。",
                evidence="见附件。",
                files=[],
                status=ObjectionStatus.UPHELD,
                filed_at=world.clock.now(),
                closed_at=world.clock.now(),
            )
        )


def enter(world: World, round_id: str, stage: Stage) -> None:
    with world.database.write() as session:
        session.execute(update(Round).where(Round.id == round_id).values(stage=stage))


def told_before(world: World, key: str) -> list[str]:
    """What the page of the open task warns of."""
    with world.database.write() as session:
        (task,) = world.tasks(session, key)
        return user_tasks.view(session, world.official(session, *MINISTRY), task.id).warnings


def test_it_waits_until_the_other_is_published_and_says_for_what(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, scores(ids))
    assert world.open_tasks(key) == ["await_list"]
    rows = candidates(world, round_id, ids)
    assert {each.state for each in rows.values()} == {"waiting"}
    assert rows[CITIES[0]].reason == (
        "第5条：须先确定本年度“先行”名单，该名单的轮次还没有建立。请先建立并办理该轮次，排名先行保留。"
    )
    objection = world.open_case(ids[CITIES[0]])
    with world.database.write() as session:
        ministry = world.official(session, *MINISTRY)
        told = impacts.of_objection(session, ministry, session.get_one(Objection, objection))
    assert told is not None
    assert told.summary.startswith("名单还没有排定（第5条：须先确定本年度“先行”名单")
    assert told_before(world, key) == [
        "本名单还要等待：第5条：须先确定本年度“先行”名单，该名单的轮次还没有建立。请先建立并办理该轮次。"
    ]
    with pytest.raises(ListAwaited, match="该名单的轮次还没有建立"):
        world.do(key, "await_list", "place")
    other = first_list(world, round_id, ids[QINGDAO], stage=Stage.DELIBERATION)
    with pytest.raises(ListAwaited, match="目前处于“研究确定”阶段，名单公示后方可排定本名单"):
        world.do(key, "await_list", "place")
    enter(world, other, Stage.NOTICE)
    assert told_before(world, key) == []
    world.do(key, "await_list", "place")
    assert world.open_tasks(key) == ["committee_opinion"]
    assert QINGDAO not in selected(world, round_id, ids)
    assert CITIES[10] in selected(world, round_id, ids)
    assert candidates(world, round_id, ids)[QINGDAO].reason == (
        f"得分 86.00，第 10 名，按第5条不能列入：{WHO}。"
    )


def test_what_holds_in_principle_gives_way_to_a_recorded_decision(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    first_list(world, round_id, ids[QINGDAO])
    world.review(round_id, scores(ids))
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "waive")
    row = {f"山东省青岛市不得列入（{WHO}）": {"waived": True, "reason": "情况特殊。"}}
    world.do(key, "waive_rules", "record", given=decision(world, round_id, row))
    assert selected(world, round_id, ids) == CITIES[:10]
    assert f"第5条（山东省青岛市不得列入（{WHO}））已由部党组会决定不适用" in (
        candidates(world, round_id, ids)[QINGDAO].reason
    )


def test_a_change_of_the_other_list_is_followed_before_the_list_is_decided(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    other = first_list(world, round_id)
    world.review(round_id, scores(ids))
    world.do(key, "committee_opinion", "propose")
    with pytest.raises(ListUnmoved):
        world.do(key, "decide_list", "settle")
    with world.database.write() as session:
        session.add(listed(world, other, ids[QINGDAO]))
    with pytest.raises(ListMoved):
        world.do(key, "decide_list", "agree")
    world.do(key, "decide_list", "settle")
    assert QINGDAO not in selected(world, round_id, ids)
    world.publish(round_id)


def test_who_comes_on_the_other_list_later_leaves_this_one_for_the_next(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    other = first_list(world, round_id)
    world.review(round_id, scores(ids))
    notice = world.publish(round_id)
    assert QINGDAO in world.entries(notice)
    with world.database.write() as session:
        session.add(listed(world, other, ids[QINGDAO]))
    world.advance(14)
    assert world.open_tasks(key) == ["sign_off_replacement"]
    rows = candidates(world, round_id, ids)
    assert (rows[QINGDAO].state, rows[CITIES[10]].state) == ("passed_over", "promoted")
    assert WHO in rows[QINGDAO].reason


def test_who_is_disqualified_on_the_other_list_keeps_nobody_off_even_before_its_notice_ends(
    twelve: Twelve,
) -> None:
    world, round_id, ids = twelve
    key, other, holder = reviewed_beside(world, round_id, ids)
    world.do(key, "committee_opinion", "propose")
    assert QINGDAO not in selected(world, round_id, ids)
    uphold(world, other, holder)
    with pytest.raises(ListMoved):
        world.do(key, "decide_list", "agree")
    world.do(key, "decide_list", "settle")
    assert QINGDAO in selected(world, round_id, ids)
    assert QINGDAO in world.entries(world.publish(round_id))


def test_who_is_freed_before_the_notice_sends_the_list_back(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key, other, holder = reviewed_beside(world, round_id, ids)
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "agree")
    with pytest.raises(ListUnchanged):
        world.do(key, "publish_notice", "return", opinion=MOVED)
    uphold(world, other, holder)
    with pytest.raises(ListMoved, match="“名单有变，退回审定”"):
        world.do(key, "publish_notice", "publish")
    world.do(key, "publish_notice", "return", opinion=MOVED)
    world.do(key, "decide_list", "settle")
    assert QINGDAO in selected(world, round_id, ids)


def test_who_is_freed_after_the_notice_fills_a_place_that_is_empty_and_takes_nobodys(
    twelve: Twelve,
) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    other, holder = first_list_of_its_own(world, round_id)
    kept_off = [first_list_entry(world, round_id, other, CITIES[place]) for place in (10, 11)]
    world.review(round_id, scores(ids))
    first = world.entries(world.publish(round_id))
    assert len(first) == 9
    world.advance(14)
    with pytest.raises(ListUnchanged):
        world.do(key, "report_to_state_council", "return", opinion=MOVED)
    uphold(world, other, holder)
    uphold(world, other, kept_off[0])
    with pytest.raises(ListMoved, match="“名单有变，重新核定”"):
        world.do(key, "report_to_state_council", "report")
    world.do(key, "report_to_state_council", "return", opinion=MOVED)
    assert world.open_tasks(key) == ["sign_off_replacement"]
    rows = candidates(world, round_id, ids)
    assert (rows[QINGDAO].state, rows[CITIES[10]].state) == ("promoted", "passed_over")
    assert {code for code, row in rows.items() if row.state == "selected"} == set(first)


def test_an_objection_to_the_other_list_tells_who_would_move_on_this_one_too(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    next_on_it = CITIES[8]
    other = first_list(world, round_id, ids[QINGDAO])
    with world.database.write() as session:
        session.execute(update(Round).where(Round.id == other).values(quota=1, ranked_at=world.clock.now()))
        second = listed(world, other, ids[next_on_it])
        second.score, second.exact, second.rank, second.state = "80.00", "80", 2, CandidateState.PASSED_OVER
        session.add(second)
    world.review(round_id, scores(ids))
    assert QINGDAO not in selected(world, round_id, ids)
    with world.database.write() as session:
        session.add(
            Objection(
                id="against-the-other",
                number="YY1",
                round_id=other,
                application_id=ids[QINGDAO],
                anonymous=False,
                statement="数据有误。",
                evidence="见附件。",
                files=[],
                filed_at=world.clock.now(),
            )
        )
        session.flush()
        told = impacts.of_objection(session, AUDITOR, session.get_one(Objection, "against-the-other"))
    assert told is not None
    codes = {application: code for code, application in ids.items()}
    assert [(codes[each.application_id], each.change) for each in told.moves] == [
        (QINGDAO, "leaves"),
        (next_on_it, "enters"),
        (next_on_it, "leaves"),
        (QINGDAO, "enters"),
    ]
    assert [each.reason.startswith("“2018") for each in told.moves] == [False, False, True, True]
    assert "已列入“2018年度先行”名单，原则上不再重复列入" in told.moves[2].reason


def test_it_is_announced_only_after_the_other_and_an_award_counts_until_it_is_revoked(
    twelve: Twelve,
) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    other = first_list(world, round_id, ids[QINGDAO])
    world.review(round_id, scores(ids))
    world.publish(round_id)
    world.advance(14)
    world.do(key, "report_to_state_council", "report")
    world.do(key, "state_council_approval", "agree")
    (told,) = told_before(world, key)
    assert "“2018年度先行”的名单还没有公布" in told
    with pytest.raises(ListAwaited, match="“2018年度先行”的名单还没有公布（目前处于“公示”阶段）"):
        world.do(key, "announce", "announce")
    enter(world, other, Stage.ANNOUNCED)
    with world.database.write() as session:
        round_ = session.get_one(Round, other)
        session.execute(delete(Candidate).where(Candidate.round_id == other))
        application = session.get_one(Application, ids[CITIES[0]])
        awards.grant(
            session,
            programme=round_.programme,
            edition_id=round_.edition_id,
            round_id=other,
            track="first",
            year=2018,
            application_id=application.id,
            division_code=application.division_code,
            starts_on=date(2018, 6, 1),
            years=1,
            now=world.clock.now(),
            actor_id=None,
        )
    with world.database.write() as session:
        round_ = session.get_one(Round, round_id)
        assert shortlists.barred(session, round_) == [ids[CITIES[0]]]
        session.execute(update(Award).values(status="revoked"))
        session.expire_all()
        assert shortlists.barred(session, round_) == []
    today = world.clock.now().astimezone(SHANGHAI).date().isoformat()
    world.do(key, "announce", "announce", given={"announcement": {"date": today}})
    with world.database.read() as session:
        assert session.get_one(Round, round_id).stage == Stage.ANNOUNCED


def test_a_round_that_ended_without_a_list_bars_nobody(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    first_list(world, round_id, ids[QINGDAO], stage=Stage.CLOSED)
    world.review(round_id, scores(ids))
    assert selected(world, round_id, ids) == CITIES[:10]
