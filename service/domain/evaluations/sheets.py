"""Sheets: individual, sealed until the evaluation is closed, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import calendars, editions, rounds
from service.domain.applications import Application
from service.domain.committees import NotMember, Recusal
from service.domain.errors import Conflict, Invalid
from service.domain.evaluations.models import Evaluation, last
from service.domain.evaluations.panels import panel
from service.domain.rules import rule
from service.domain.scores import ScoreSheet
from service.domain.scoring import Rules
from service.engine import seals
from service.engine.services import Context


class ScoreOutOfRange(Invalid):
    """总分应在 0 至 {maximum} 之间，不能是 {score}。"""

    place, form = "/total", "score_sheet"


class SheetSubmitted(Conflict):
    """您已经提交过对这份实施方案的打分，提交后不能更改。"""


@rule("打分在规定的工作日内进行，到期汇总", "scoring.working_days")
def open_scoring(
    context: Context, application: Application, parameters: Mapping[str, Any]
) -> tuple[Evaluation, list[str]]:
    """Ask everybody of the panel who has not handed in a sheet yet: who, and until when."""
    session, before = context.session, last(context.session, application.id)
    days = int(parameters["scoring"]["working_days"])
    ends_at = calendars.end_of_day(calendars.working_days_after(session, context.now, days))
    again = before is not None and before.score is None
    number = (before.number if before else 0) + (0 if again else 1)
    done = {sheet.person_id for sheet in sheets(session, application.id, number)}
    asked = [each.person_id for each in panel(session, application) if each.person_id not in done]
    if before is not None and again:
        evaluation = before
    else:
        evaluation = Evaluation(
            application_id=application.id,
            number=number,
            round_id=application.round_id,
            opened_at=context.now,
        )
        session.add(evaluation)
    evaluation.closed_at = None
    evaluation.ends_at, evaluation.asked = ends_at, len(done) + len(asked)
    session.flush()
    context.record(
        "evaluation_opened",
        application_id=application.id,
        number=evaluation.number,
        asked=evaluation.asked,
        sealed=seals.of(evaluation),
    )
    return evaluation, asked


def submit(
    context: Context, application: Application, person_id: str, total: str, parameters: Mapping[str, Any]
) -> None:
    """Hand in one member's sheet, for good. NotMember, SheetSubmitted, ScoreOutOfRange."""
    session, evaluation = context.session, last(context.session, application.id)
    # Who was asked may finish, though the committee has been seated anew since.
    if evaluation is None or session.get(Recusal, (application.id, person_id)) is not None:
        raise NotMember
    maximum = Fraction(str(parameters["scoring"]["maximum"]))
    if not 0 <= Fraction(total) <= maximum:
        raise ScoreOutOfRange(maximum=maximum, score=total)
    if person_id in {each.person_id for each in sheets(session, application.id, evaluation.number)}:
        raise SheetSubmitted
    sheet = ScoreSheet(
        round_id=application.round_id,
        scoring_pass=evaluation.number,
        person_id=person_id,
        application_id=application.id,
        score=total,
        submitted_at=context.now,
    )
    session.add(sheet)
    session.flush()
    context.record(
        "plan_scored", application_id=application.id, number=evaluation.number, sealed=seals.of(sheet)
    )


def recuse(context: Context, application: Application, person_id: str, reason: str) -> None:
    """A member finds a reason to withdraw only now."""
    recusal = Recusal(
        application_id=application.id,
        person_id=person_id,
        round_id=application.round_id,
        automatic=False,
        reason=reason,
        recorded_at=context.now,
    )
    context.session.add(recusal)
    context.session.flush()
    context.record("panelist_recused", application_id=application.id, sealed=seals.of(recusal))


@rule(
    "总分为各成员打分的平均数，打分份数不足的不汇总",
    "scoring",
    "committee.minimum_sheets",
    given="scoring.standard_maximum",
)
def close_scoring(context: Context, application: Application, parameters: Mapping[str, Any]) -> bool:
    """Open the sheets that are in, if they are enough: the mean, exact and as it is published."""
    session, rules = context.session, Rules.of(parameters)
    evaluation = last(session, application.id)
    assert evaluation is not None
    given = sheets(session, application.id, evaluation.number)
    evaluation.closed_at, evaluation.sheets = context.now, len(given)
    evaluation.exact, evaluation.score = _mean(given, rules)
    session.flush()
    context.record(
        "evaluation_closed",
        application_id=application.id,
        number=evaluation.number,
        sheets=len(given),
        sealed=seals.of(evaluation),
    )
    return evaluation.score is not None


def broken(session: Session) -> Iterator[str]:
    """A sentence for every evaluation whose mean is not what the sheets that counted come to."""
    query = select(Evaluation).where(Evaluation.closed_at.is_not(None))
    for each in session.scalars(query.order_by(Evaluation.application_id, Evaluation.number)):
        edition = editions.get(session, rounds.get(session, each.round_id).edition_id)
        given = sheets(session, each.application_id, each.number, at=each.closed_at)
        if (each.exact, each.score) != _mean(given, Rules.of(edition.parameters)) or each.sheets != len(
            given
        ):
            name = f"定量打分（evaluation {each.application_id}/{each.number}）"
            yield f"{name}的平均分或份数与打分表算出的不符。"


def _mean(given: Sequence[ScoreSheet], rules: Rules) -> tuple[str | None, str | None]:
    """Exact and as it is published; None twice where the sheets are too few."""
    if len(given) < rules.minimum_sheets:
        return None, None
    exact = rules.mean([Fraction(sheet.score) for sheet in given])
    return str(exact), rules.text(rules.published(exact))


def sheets(
    session: Session, application_id: str, number: int, *, at: datetime | None = None
) -> Sequence[ScoreSheet]:
    """The sheets of one evaluation that count: not of who was found to withdraw only after handing one in.

    `at`: those that counted then; who withdraws from a later evaluation leaves the closed one as it is.
    Whether they are sealed is not asked.
    """
    withdrawn = select(Recusal.person_id).where(Recusal.application_id == application_id)
    if at is not None:
        withdrawn = withdrawn.where(Recusal.recorded_at <= at)
    query = select(ScoreSheet).where(
        ScoreSheet.application_id == application_id,
        ScoreSheet.scoring_pass == number,
        ScoreSheet.person_id.not_in(withdrawn),
    )
    return session.scalars(query.order_by(ScoreSheet.person_id)).all()
