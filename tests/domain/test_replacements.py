"""Replacements: who falls ill leaves the committee at work, and the round goes on with whoever comes in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from service.domain import (
    access,
    applications,
    committees,
    offices,
    overviews,
    people,
    replacements,
    scores,
    shortlists,
    user_tasks,
    verifying,
    visibility,
)
from service.domain.access import Actor, OfficeNeeded
from service.domain.committees import Recusal
from service.domain.divisions import NATION
from service.domain.forms import FormDraft
from service.domain.replacements import (
    AlreadyReplaced,
    CommitteeDone,
    MemberReplaced,
    NotSeatedYet,
    ReplacementRefused,
)
from service.domain.rounds import RoundMissing
from service.domain.user_tasks import UserTaskHidden
from service.engine import history
from tests.domain.world import HANGZHOU, ZHEJIANG, World

SUZHOU = "320500"


class Panel:
    """A round with accepted applications, Hangzhou's and Suzhou's among them, and nine members.

    The first of them is an expert, the sixth is an official of the ministry and in the chair.
    """

    def __init__(self, world: World, round_id: str, ids: dict[str, str]) -> None:
        self.world = world
        self.round_id = round_id
        self.key = f"round:{round_id}"
        self.ids = ids
        self.rows = world.seats()
        self.seats = [row["person"] for row in self.rows]
        with world.database.write() as session:
            self.expert = world.member(session, "expert", 6)
            self.other = world.member(session, "expert", 7)
            self.official = world.member(session, "bureau", 6)
            self.other_official = world.member(session, "bureau", 7)

    def seated(self) -> "Panel":
        self.world.form_committee(self.round_id, self.rows)
        return self

    def scoring(self, *more: dict[str, Any]) -> "Panel":
        self.world.open_scores(self.round_id, [*self.rows, *more])
        return self

    def replace(self, leaver: str, alternate: str, **decided: Any) -> None:
        self.world.replace(self.round_id, leaver, alternate, **decided)

    def refused(self, leaver: str, alternate: str, **decided: Any) -> list[tuple[str, str]]:
        with pytest.raises(ReplacementRefused) as refused:
            self.replace(leaver, alternate, **decided)
        return [(each.place, each.message) for each in refused.value.problems]

    def hand_in(self, *people: str | None, hangzhou: str = "90", suzhou: str = "80") -> None:
        """These members' sheets; the other applications get falling scores."""
        given = {application: str(70 - place) for place, application in enumerate(self.ids.values())}
        given |= {self.ids[HANGZHOU]: hangzhou, self.ids[SUZHOU]: suzhou}
        for person in people:
            sheet = self.world.sheet(self.round_id, given, person)
            self.world.do(self.key, "score", "submit", given=sheet, person_id=person)

    def asked(self) -> list[str | None]:
        with self.world.database.read() as session:
            return [task.assignee_id for task in self.world.tasks(session, self.key)]

    def task(self, person: str) -> str:
        with self.world.database.read() as session:
            return next(t.id for t in self.world.tasks(session, self.key) if t.assignee_id == person)

    def actor(self, person: str) -> Actor:
        with self.world.database.read() as session:
            return access.actor(session, person, self.world.clock.now())

    def ranking(self) -> dict[str, tuple[str, int]]:
        """{division code: (score, sheets)}."""
        codes = {application: code for code, application in self.ids.items()}
        with self.world.database.read() as session:
            round_ = self.world.round(self.round_id)
            found = shortlists.candidates(session, round_)
        given = {codes[each.application_id]: (each.score, each.sheets) for each in found}
        return {code: given[code] for code in (HANGZHOU, SUZHOU)}

    def holds(self) -> None:
        """Nothing that counts is otherwise than the history says."""
        with self.world.database.read() as session:
            assert list(verifying.broken(session)) == []


@pytest.fixture
def panel(twelve: tuple[World, str, dict[str, str]]) -> Panel:
    return Panel(*twelve)


@pytest.fixture
def either_panel(either_world: World) -> Panel:
    """One on each kind of database, with two applications."""
    round_id = either_world.open_round()
    return Panel(either_world, round_id, either_world.accepted(round_id, [SUZHOU, HANGZHOU]))


# What happens.


def test_the_alternate_takes_the_open_user_task_and_the_round_comes_to_its_ranking(
    either_panel: Panel,
) -> None:
    panel = either_panel
    panel.scoring()
    leaver, *others = panel.seats
    task_id = panel.task(leaver)
    panel.replace(leaver, panel.expert)
    assert panel.task(panel.expert) == task_id
    assert leaver not in panel.asked()
    panel.hand_in(*others)
    panel.hand_in(panel.expert, hangzhou="99", suzhou="80")
    assert panel.ranking() == {HANGZHOU: ("91.00", 9), SUZHOU: ("80.00", 9)}
    panel.world.publish(panel.round_id)
    panel.world.advance_to("2018-04-19")
    panel.world.announce(panel.round_id)
    panel.holds()


def test_the_seat_is_recorded_with_the_decision(panel: Panel) -> None:
    panel.scoring()
    panel.replace(panel.seats[0], panel.expert, reason=" 因病。 ", decision_number="工信厅函〔2018〕12号")
    with panel.world.database.read() as session:
        old, new = committees.everybody(session, panel.round_id)[:2]
        sitting = [each.person_id for each in committees.members(session, panel.round_id)]
        (event,) = [
            each
            for each in history.of_chain(session, panel.world.round(panel.round_id).instance_id or "")
            if each.type == "committee_member_replaced"
        ]
    assert sitting == [panel.expert, *panel.seats[1:]]
    assert (old.person_id, old.replaced_by, old.ended_reason) == (panel.seats[0], panel.expert, "因病。")
    assert (old.decision_number, old.decided_on) == ("工信厅函〔2018〕12号", date(2018, 4, 11))
    assert (new.position, new.role, new.chair) == (old.position, old.role, False)
    assert (old.ended_at, new.seated_at) == (panel.world.clock.now(), panel.world.clock.now())
    assert (event.data["leaver"], event.data["alternate"]) == (panel.seats[0], panel.expert)
    assert "因病" not in str(event.data)
    panel.holds()


def test_a_sheet_that_was_submitted_stands_and_the_alternate_scores_from_the_next_pass_on(
    either_panel: Panel,
) -> None:
    panel = either_panel
    panel.scoring()
    leaver, *others = panel.seats
    panel.hand_in(leaver, hangzhou="99", suzhou="80")
    panel.replace(leaver, panel.expert)
    assert panel.expert not in panel.asked()
    panel.hand_in(*others)
    assert panel.ranking() == {HANGZHOU: ("91.00", 9), SUZHOU: ("80.00", 9)}
    panel.world.do(panel.key, "committee_opinion", "propose")
    panel.world.do(panel.key, "decide_list", "rescore", opinion="请复评。")
    assert set(panel.asked()) == {panel.expert, *others}
    panel.hand_in(panel.expert, *others, hangzhou="70", suzhou="75")
    assert panel.ranking() == {HANGZHOU: ("70.00", 9), SUZHOU: ("75.00", 9)}
    panel.holds()


def test_before_scores_are_open_the_alternate_is_simply_asked_instead(panel: Panel) -> None:
    panel.seated()
    panel.replace(panel.seats[0], panel.expert)
    panel.world.do(panel.key, "record_quota", "record", given={"quota": {"quota": "10"}})
    assert set(panel.asked()) == {panel.expert, *panel.seats[1:]}
    panel.holds()


def test_two_leave_one_seat_one_after_the_other(panel: Panel) -> None:
    panel.scoring()
    leaver, *others = panel.seats
    panel.replace(leaver, panel.expert)
    panel.replace(panel.expert, panel.other)
    panel.hand_in(*others, panel.other)
    assert panel.ranking()[HANGZHOU] == ("90.00", 9)
    with panel.world.database.read() as session:
        sheets = scores.sheets(session, panel.round_id, 1)
    assert {each.person_id for each in sheets} == {panel.other, *others}
    panel.holds()


# Recusals.


def recused(panel: Panel) -> set[tuple[str, str]]:
    with panel.world.database.read() as session:
        rows = session.scalars(select(Recusal).where(Recusal.round_id == panel.round_id)).all()
    return {(each.application_id, each.person_id) for each in rows}


def test_the_alternate_has_recusals_of_its_own_and_none_of_the_leavers(panel: Panel) -> None:
    panel.rows[0]["recused"] = [panel.ids[HANGZHOU]]
    panel.scoring()
    leaver, *others = panel.seats
    panel.replace(leaver, panel.expert, recused=[panel.ids[SUZHOU]])
    assert recused(panel) == {(panel.ids[HANGZHOU], leaver), (panel.ids[SUZHOU], panel.expert)}
    panel.hand_in(*others, panel.expert)
    assert panel.ranking() == {HANGZHOU: ("90.00", 9), SUZHOU: ("80.00", 8)}
    panel.holds()


def test_the_alternates_home_and_offices_recuse_it_as_at_the_seating(panel: Panel) -> None:
    panel.scoring()
    with panel.world.database.write() as session:
        now = panel.world.clock.now()
        office = offices.ensure(session, offices.INDUSTRY, SUZHOU, now=now)
        people.join(session, panel.expert, people.OFFICIAL, now=now, office_id=office.id)
    panel.replace(panel.seats[0], panel.expert, division_code=ZHEJIANG)
    assert recused(panel) == {(panel.ids[HANGZHOU], panel.expert), (panel.ids[SUZHOU], panel.expert)}
    actor = panel.actor(panel.expert)
    with panel.world.database.read() as session:
        assert not visibility.sees(session, actor, f"application:{panel.ids[HANGZHOU]}")


def test_an_alternate_that_stood_by_in_the_list_may_come_in(panel: Panel) -> None:
    panel.scoring({"person": panel.expert, "role": "alternate", "chair": False, "recused": []})
    panel.replace(panel.seats[0], panel.expert)
    panel.hand_in(panel.expert, *panel.seats[1:])
    with panel.world.database.read() as session:
        assert [each.role for each in committees.members(session, panel.round_id)].count("alternate") == 0
    assert panel.ranking()[HANGZHOU] == ("90.00", 9)
    panel.holds()


def test_a_sheet_that_an_alternate_gave_for_a_recused_member_still_counts(panel: Panel) -> None:
    for row in panel.rows[:5]:
        row["recused"] = [panel.ids[HANGZHOU]]
    panel.scoring({"person": panel.expert, "role": "alternate", "chair": False, "recused": []})
    panel.hand_in(panel.expert, hangzhou="100")
    panel.replace(panel.seats[0], panel.other)
    panel.hand_in(panel.other, *panel.seats[1:])
    # Four bureaus, the one who came in, and the alternate.
    assert panel.ranking()[HANGZHOU] == ("91.67", 6)
    panel.holds()


def test_nobody_comes_in_whose_recusal_would_leave_too_few_sheets(panel: Panel) -> None:
    for row in panel.rows[:4]:
        row["recused"] = [panel.ids[HANGZHOU]]
    panel.scoring({"person": panel.other, "role": "alternate", "chair": False, "recused": []})
    fifth = panel.seats[4]
    # The alternate of the list could make it five, but was asked for nothing when the scores were opened.
    (problem,) = panel.refused(fifth, panel.expert, recused=[panel.ids[HANGZHOU]])
    assert problem == (
        "/alternate",
        "由此人接任，浙江省杭州市的评分将少于要求的 5 份；请另选一位不须回避它的人员。",
    )
    assert fifth in panel.asked()
    assert recused(panel) == {(panel.ids[HANGZHOU], person) for person in panel.seats[:4]}
    panel.holds()


# The chair.


def test_who_comes_in_for_the_chair_is_in_the_chair_only_if_said_so(panel: Panel) -> None:
    panel.scoring()
    chair = panel.world.chair
    second = panel.seats[6]
    assert panel.refused(chair, panel.official) == [("/chair", "退出的是主任委员，请选择接任的主任委员。")]
    panel.replace(chair, panel.official, chair_id=second)
    panel.hand_in(*[person for person in panel.seats if person != chair], panel.official)
    assert panel.asked() == [second]
    panel.world.do(panel.key, "committee_opinion", "propose")
    assert panel.world.open_tasks(panel.key) == ["decide_list"]
    panel.holds()


def test_the_opinion_that_waits_for_the_chair_goes_to_the_next_one(either_panel: Panel) -> None:
    panel = either_panel
    panel.scoring()
    chair = panel.world.chair
    panel.hand_in(*panel.seats)
    assert panel.asked() == [chair]
    panel.replace(chair, panel.official, chair_id=panel.official)
    assert panel.asked() == [panel.official]
    panel.world.do(panel.key, "committee_opinion", "propose")
    # A second pass asks whoever sits by then, and the new chair concludes it.
    panel.world.do(panel.key, "decide_list", "rescore", opinion="请复评。")
    panel.hand_in(*panel.asked())
    assert panel.asked() == [panel.official]
    panel.holds()


def test_a_tie_is_voted_on_under_the_new_chair_who_also_gives_the_opinion(panel: Panel) -> None:
    world = panel.world
    panel.scoring()
    chair = world.chair
    panel.replace(chair, panel.official, chair_id=panel.official)
    flat = dict.fromkeys(panel.ids.values(), "80")
    world.score(panel.round_id, flat)
    assert (panel.asked(), world.open_tasks(panel.key)) == ([panel.official], ["break_tie"])
    panel.replace(panel.official, panel.other_official, chair_id=panel.seats[6])
    assert panel.asked() == [panel.seats[6]]
    votes = {key: {"votes": str(9 - place // 2)} for place, key in enumerate(panel.ids.values())}
    world.do(panel.key, "break_tie", "record", given={"tie_break": {"votes": votes}})
    assert (panel.asked(), world.open_tasks(panel.key)) == ([panel.seats[6]], ["committee_opinion"])
    panel.holds()


# Who has left.


def test_who_has_left_sees_nothing_any_more_and_reads_why(panel: Panel) -> None:
    panel.scoring()
    leaver = panel.seats[0]
    task_id, actor = panel.task(leaver), panel.actor(leaver)
    application = f"application:{panel.ids[HANGZHOU]}"
    with panel.world.database.read() as session:
        assert visibility.sees(session, actor, application)
    panel.replace(leaver, panel.expert, reason="因病住院。")
    why = (
        "您已于2018年4月11日 09:00退出本轮次评审委员会，由expert6接任"
        "（工信厅函〔2018〕12号；原因：因病住院。），不能再查看和办理评审事项。"
    )
    with panel.world.database.write() as session:
        for look in (
            lambda: user_tasks.view(session, actor, task_id),
            lambda: user_tasks.claim(session, panel.world.engine, actor, task_id),
            lambda: user_tasks.complete(session, panel.world.engine, actor, task_id, decision="submit"),
        ):
            with pytest.raises(MemberReplaced) as refused:
                look()
            assert str(refused.value) == why
        assert not visibility.sees(session, actor, application)
        assert not visibility.sees(session, actor, panel.key)
        assert user_tasks.todo(session, actor).rows == []
        view = overviews.of_round(session, actor, panel.round_id, panel.world.clock.now())
    assert (view.left, view.committee, view.ranking) == (why, None, None)


def test_who_has_submitted_and_left_does_not_read_the_papers_by_that(panel: Panel) -> None:
    panel.scoring()
    leaver = panel.seats[0]
    task_id = panel.task(leaver)
    panel.hand_in(leaver)
    panel.replace(leaver, panel.expert)
    actor = panel.actor(leaver)
    with panel.world.database.read() as session:
        assert not visibility.sees(session, actor, panel.key)
        with pytest.raises(MemberReplaced):
            user_tasks.view(session, actor, task_id)
        with pytest.raises(UserTaskHidden):
            user_tasks.view(session, panel.actor(panel.expert), task_id)


def test_what_the_leaver_had_typed_and_claimed_is_dropped(panel: Panel) -> None:
    panel.scoring()
    leaver = panel.seats[0]
    task_id, actor = panel.task(leaver), panel.actor(leaver)
    typed = {"scores": {panel.ids[HANGZHOU]: {"score": "12.34"}}}
    with panel.world.database.write() as session:
        user_tasks.claim(session, panel.world.engine, actor, task_id)
        user_tasks.save_draft(session, panel.world.engine, actor, task_id, "score_sheet", typed, version=0)
    panel.replace(leaver, panel.expert)
    with panel.world.database.read() as session:
        assert session.scalars(select(FormDraft).where(FormDraft.user_task_id == task_id)).all() == []
        view = user_tasks.view(session, panel.actor(panel.expert), task_id)
        assert (view.may_complete, view.claimed_by) == (True, None)
        assert "12.34" not in str([form.content for form in view.forms])
        events = history.of_chain(session, panel.world.round(panel.round_id).instance_id or "")
    assert (
        next(each.data for each in events if each.type == "committee_member_replaced")["drafts_dropped"] == 1
    )
    reassigned = next(each.data for each in events if each.type == "user_task_reassigned")
    assert (reassigned["from"], reassigned["to"], reassigned["claimed_by"]) == (leaver, panel.expert, leaver)


def test_why_a_member_left_is_for_the_ministry_and_auditors(panel: Panel) -> None:
    panel.scoring()
    panel.replace(panel.seats[0], panel.expert, reason="因病住院。")
    now = panel.world.clock.now()
    with panel.world.database.write() as session:
        ministry = panel.world.official(session, offices.INDUSTRY, NATION)
        member = access.actor(session, panel.seats[1], now)
        for actor, reason in ((ministry, "因病住院。"), (member, None)):
            view = overviews.of_round(session, actor, panel.round_id, now)
            assert view.committee is not None
            gone, came = view.committee[:2]
            assert (gone.replaced_by, gone.decision_number, gone.reason) == (
                "expert6",
                "工信厅函〔2018〕12号",
                reason,
            )
            assert (came.name, came.ended_at) == ("expert6", None)
            assert view.may_replace == (actor is ministry)


# Refusals.


def test_each_field_that_is_wrong_says_so(panel: Panel) -> None:
    panel.scoring()
    leaver = panel.seats[0]
    empty = {"reason": " ", "decision_number": "", "decided_on": None}
    assert panel.refused("", "", **empty) == [
        ("/reason", "请填写更换的原因，不超过 500 个字。"),
        ("/decision_number", "请填写决定的文号，不超过 120 个字。"),
        ("/decided_on", "请填写作出决定的日期。"),
        ("/leaver", "请选择退出的委员。"),
    ]
    assert panel.refused(leaver, "", decided_on=date(2018, 4, 12), chair_id=panel.seats[1]) == [
        ("/decided_on", "作出决定的日期不能晚于今天，请改正。"),
        ("/alternate", "请选择接任的委员。"),
        ("/chair", "退出的委员不是主任委员，主任委员不变，请不要选择这一项。"),
    ]
    assert panel.refused(leaver, panel.expert, recused=["别的申报"], division_code="999999") == [
        ("/recused", "回避的申报中有的已不在评审范围内，请刷新页面后重新选择。"),
        ("/division_code", "没有这一行政区划，请重新选择。"),
    ]
    assert panel.refused(panel.expert, panel.other) == [("/leaver", "此人不是本轮次的评审委员，请重新选择。")]
    assert leaver in panel.asked()


def test_only_who_may_sit_in_that_seat_comes_in(panel: Panel) -> None:
    panel.scoring({"person": panel.other, "role": "alternate", "chair": False, "recused": []})
    leaver, second = panel.seats[:2]
    with panel.world.database.write() as session:
        stranger = panel.world.person(session, offices.INDUSTRY, HANGZHOU)

    def why(alternate: str, leaver: str = leaver) -> str:
        ((place, message),) = panel.refused(leaver, alternate)
        assert place == "/alternate"
        return message

    assert why(leaver) == "接任的委员不能是退出的委员本人，请另选一人。"
    assert why(second).startswith("此人已是本轮次的评审委员（2018年4月11日 09:00由industry-000000指定）")
    assert why(panel.official) == "此人不是评审专家，不能作为专家；请改正身份，或另选一人。"
    assert why(stranger) == "此人不在专家和部内人员名单中，或者任职已经结束，请另选。"
    assert why("0" * 32) == "此人不在专家和部内人员名单中，或者任职已经结束，请另选。"
    with panel.world.database.write() as session:
        fresh = panel.world.member(session, "expert", 8)
        people.deactivate(session, fresh, now=panel.world.clock.now())
    assert why(fresh) == "此人不在专家和部内人员名单中，或者任职已经结束，请另选。"
    panel.replace(leaver, panel.expert)
    assert why(leaver, second).startswith("此人已于2018年4月11日 09:00退出本轮次评审委员会")
    assert why(panel.expert, panel.other) == (
        "此人已是本轮次的评审委员（2018年4月11日 09:00由industry-000000指定），请另选一人。"
    )


def test_an_alternate_that_scores_already_is_not_given_a_second_sheet(panel: Panel) -> None:
    for row in panel.rows[:5]:
        row["recused"] = [panel.ids[HANGZHOU]]
    panel.scoring({"person": panel.expert, "role": "alternate", "chair": False, "recused": []})
    expected = [("/alternate", "此人已作为候补委员参加本次评分，不能再接任，请另选一人。")]
    assert panel.refused(panel.seats[0], panel.expert) == expected
    panel.hand_in(panel.expert)
    assert panel.refused(panel.seats[0], panel.expert) == expected


def test_the_chair_is_a_sitting_member(panel: Panel) -> None:
    panel.scoring({"person": panel.other, "role": "alternate", "chair": False, "recused": []})
    chair = panel.world.chair
    expected = [("/chair", "主任委员应是接任的委员，或者现任的一名委员，请重新选择。")]
    for wrong in (chair, panel.expert, panel.other):
        assert panel.refused(chair, panel.official, chair_id=wrong) == expected


def test_members_are_replaced_only_while_the_committee_is_at_work(panel: Panel) -> None:
    with pytest.raises(NotSeatedYet):
        panel.replace(panel.seats[0], panel.expert)
    panel.scoring()
    panel.hand_in(*panel.seats)
    panel.world.do(panel.key, "committee_opinion", "propose")
    with pytest.raises(CommitteeDone):
        panel.replace(panel.seats[0], panel.expert)
    with panel.world.database.write() as session:
        ministry = panel.world.official(session, offices.INDUSTRY, NATION)
        now = panel.world.clock.now()
        with pytest.raises(CommitteeDone):
            replacements.choices(session, ministry, panel.round_id, now)
        assert not overviews.of_round(session, ministry, panel.round_id, now).may_replace


def test_it_is_an_act_of_the_ministry(panel: Panel) -> None:
    panel.scoring()
    decision = replacements.Replacement(panel.seats[0], panel.expert, "因病。", "文号", date(2018, 4, 11))
    with panel.world.database.write() as session:
        for kind, code in ((offices.INDUSTRY, ZHEJIANG), (offices.STATE_COUNCIL, NATION)):
            actor = panel.world.official(session, kind, code)
            with pytest.raises(OfficeNeeded):
                replacements.replace(session, panel.world.engine, actor, panel.round_id, decision)
            with pytest.raises(OfficeNeeded):
                replacements.choices(session, actor, panel.round_id, panel.world.clock.now())
        ministry = panel.world.official(session, offices.INDUSTRY, NATION)
        with pytest.raises(RoundMissing):
            replacements.replace(session, panel.world.engine, ministry, "0" * 32, decision)


def test_of_two_who_replace_the_same_member_the_second_reads_who_was_first(either_panel: Panel) -> None:
    panel = either_panel
    panel.scoring()
    leaver = panel.seats[0]

    def attempt(alternate: str) -> str:
        try:
            panel.replace(leaver, alternate)
        except AlreadyReplaced as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(attempt, [panel.expert, panel.other]))
    winner = "expert6" if answers[0] == "" else "expert7"
    (refusal,) = [each for each in answers if each]
    assert refusal == (
        f"expert1已于2018年4月11日 09:00由industry-000000更换为{winner}（工信厅函〔2018〕12号），"
        "本次更换没有生效。请刷新页面查看现在的名单。"
    )
    assert len(panel.asked()) == 9
    panel.holds()


def test_a_sheet_that_comes_in_at_the_same_time_either_stands_or_is_refused(either_panel: Panel) -> None:
    panel = either_panel
    panel.scoring()
    leaver = panel.seats[0]
    task_id, actor = panel.task(leaver), panel.actor(leaver)
    given = {panel.ids[HANGZHOU]: "90", panel.ids[SUZHOU]: "80"}
    sheet = panel.world.sheet(panel.round_id, given, leaver)
    sheet["score_sheet"]["scores"] = {
        key: {**row, "comment": ""} for key, row in sheet["score_sheet"]["scores"].items()
    }

    def submit() -> bool:
        try:
            with panel.world.database.write() as session:
                user_tasks.complete(
                    session, panel.world.engine, actor, task_id, decision="submit", contents=sheet
                )
        except MemberReplaced:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        submitted = pool.submit(submit)
        pool.submit(panel.replace, leaver, panel.expert).result()
    assert (panel.expert in panel.asked()) is not submitted.result()
    panel.hand_in(*panel.asked())
    assert panel.ranking()[HANGZHOU] == ("90.00", 9)
    panel.holds()


def test_what_may_be_chosen_is_told(panel: Panel) -> None:
    panel.scoring({"person": panel.other, "role": "alternate", "chair": False, "recused": []})
    panel.hand_in(panel.seats[0])
    panel.replace(panel.seats[1], panel.expert)
    with panel.world.database.write() as session:
        ministry = panel.world.official(session, offices.INDUSTRY, NATION)
        found = replacements.choices(session, ministry, panel.round_id, panel.world.clock.now())
        names = dict(committees.eligible_people(session, NATION, panel.world.clock.now()))
        assert [each.division_code for each in found.applicants] == [
            each.division_code for each in applications.applicants(session, panel.round_id)
        ]
    assert [each.person_id for each in found.members] == [
        panel.seats[0],
        panel.expert,
        *panel.seats[2:],
        panel.other,
    ]
    assert [each.submitted for each in found.members].count(True) == 1
    assert [each.chair for each in found.members].count(True) == 1
    free = {each.person_id for each in found.alternates}
    assert free == names.keys() - {*panel.seats, panel.expert}
    assert panel.other in free
    assert (ZHEJIANG, "浙江省") in found.homes
