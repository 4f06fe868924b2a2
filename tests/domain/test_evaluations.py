"""Evaluations: whose sheets count, from the first time that a committee is asked to the last."""

from sqlalchemy.orm import Session

from service.domain import evaluations
from service.domain.applications import Application
from service.domain.committees import CommitteeMember
from service.domain.rounds import Round
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
