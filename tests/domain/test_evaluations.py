"""Evaluations: whose sheets count, from the first time that a committee is asked to the last."""

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy.orm import Session

from service.domain import committees, evaluations
from service.domain.applications import Application
from service.domain.committees import CommitteeMember, CommitteeRefused
from service.domain.procedures.effects.evaluations import EFFECTS
from service.domain.rounds import Round, Stage
from service.engine.services import Completion
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import HANGZHOU, START, World

PARAMETERS = {
    "scoring": {"working_days": 5, "maximum": 100, "mean": "plain"},
    "committee": {"minimum_sheets": 2},
}


def test_a_sheet_of_who_withdraws_afterwards_does_not_count(world: World) -> None:
    round_id, ids = accepted_rows(world, [HANGZHOU])
    with world.database.write() as session:
        people = [world.member(session, "expert", number) for number in range(1, 5)]
        seat(session, round_id, people)
        acting, application = context(session), session.get_one(Application, ids[HANGZHOU])
        _, asked = evaluations.open_scoring(acting, application, PARAMETERS)
        assert sorted(asked) == sorted(people)
        evaluations.submit(acting, application, people[0], "100", PARAMETERS)
        assert not evaluations.close_scoring(acting, application, PARAMETERS)

        declared, round_ = {people[0]: "曾任该市顾问。"}, session.get_one(Round, round_id)
        evaluations.convene(acting, round_, application, declared, PARAMETERS)
        evaluation, asked = evaluations.open_scoring(acting, application, PARAMETERS)
        assert (sorted(asked), evaluation.asked) == (sorted(people[1:]), 3)
        for person_id in people[1:3]:
            evaluations.submit(acting, application, person_id, "60", PARAMETERS)
        assert evaluations.close_scoring(acting, application, PARAMETERS)
        assert (evaluation.sheets, evaluation.score) == (2, "60.00")

        later = context(session, START + timedelta(days=1))
        evaluations.recuse(later, application, people[1], "现任该市顾问。")
        given = evaluations.sheets(session, application.id, evaluation.number, at=evaluation.closed_at)
        assert [sheet.person_id for sheet in given] == sorted(people[1:3])
        assert len(evaluations.sheets(session, application.id, evaluation.number)) == 1


def test_members_come_in_where_too_few_are_left_though_the_year_has_ended(world: World) -> None:
    round_id, ids = accepted_rows(world, [HANGZHOU])
    key = f"application:{ids[HANGZHOU]}"
    with world.database.write() as session:
        people = [world.member(session, "expert", number) for number in range(1, 4)]
        seat(session, round_id, people[:2])
        session.get_one(Round, round_id).stage = Stage.ENDED
    declared = {people[0]: {"recused": True, "reason": "曾任该市顾问。"}, people[1]: {"recused": False}}

    def convene(*added: str) -> list[str]:
        rows = [{"person": each, "role": "expert", "division": "", "reason": "补足人数"} for each in added]
        content = {"panel": {"members": declared, "added": rows}}
        with world.database.write() as session:
            acting = context(session, business_key=key, parameters=PARAMETERS)
            completion = cast(Completion, SimpleNamespace(content=content))
            EFFECTS["evaluations.convene"](acting, completion)
            application = session.get_one(Application, ids[HANGZHOU])
            return [each.person_id for each in evaluations.panel(session, application)]

    with pytest.raises(evaluations.PanelTooSmall, match="请在“增补成员”中至少增补 1 名。") as refused:
        convene()
    assert [(each.form, each.place) for each in refused.value.problems] == [("panel", "/added")]
    with pytest.raises(CommitteeRefused) as sitting:
        convene(people[1])
    assert "此人已是专家咨询委成员" in sitting.value.problems[0].message
    with pytest.raises(CommitteeRefused):
        convene("nobody")
    assert convene(people[2]) == people[1:]
    with world.database.read() as session:
        assert [each.position for each in committees.members(session, round_id)] == [1, 2, 3]


def seat(session: Session, round_id: str, people: list[str]) -> None:
    session.add_all(
        CommitteeMember(
            round_id=round_id,
            person_id=person_id,
            position=position,
            role="expert",
            seated_by="a" * 32,
            seated_at=START,
        )
        for position, person_id in enumerate(people, start=1)
    )
    session.flush()
