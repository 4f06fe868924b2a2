"""Scores: sealed sheets by scoring pass, and the ranking by what they come to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import committees, editions, rounds
from service.domain.applications import Applicant
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.rounds import Round, Stage
from service.domain.rules import rule
from service.domain.scoring import Result as Result
from service.domain.scoring import Rules, tally
from service.domain.scoring import SheetsMissing as SheetsMissing
from service.domain.scoring import ranks as ranks
from service.domain.scoring import text as text
from service.engine import seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime

_SCORE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?", re.ASCII)


class ScoreSheet(Sealed, Base):
    """What one member gave one application in one pass. Nobody reads a sheet of others before all are in."""

    __tablename__ = "score_sheet"
    __table_args__ = (Index(None, "application_id", "scoring_pass"),)

    TITLE = "评分"
    SEALED = ("score", "comment", "submitted_at")

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    scoring_pass: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    score: Mapped[str] = mapped_column(String(20))
    """A decimal string, as it was entered."""
    comment: Mapped[str | None]
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Line(NamedTuple):
    """What a member hands in for one application: a score, or a recusal."""

    score: str | None
    comment: str | None
    recused: bool = False


class SheetRefused(Invalid):
    """评分表有 {count} 处需要改正，没有提交。"""


class SheetSubmitted(Conflict):
    """您已经提交过本次评分，提交后不能更改。"""


def open_pass(context: Context, round_id: str) -> Round:
    """Open scores for the first time, or afresh (复评); the quota must have been recorded."""
    round_ = rounds.locked(context.session, round_id)
    if round_.quota is None:
        raise rounds.QuotaMissing
    round_.scoring_pass += 1
    round_.scores_opened_at = context.now
    round_.ranked_at = None
    round_.noticed_at = None
    context.record(
        "scores_opened",
        round_id=round_.id,
        scoring_pass=round_.scoring_pass,
        quota=round_.quota,
        sealed=seals.of(round_),
    )
    rounds.enter(context, round_, Stage.SCORING)
    return round_


def assignments(
    session: Session, round_: Round, applicants: Sequence[Applicant]
) -> dict[str, list[Applicant]]:
    """What everybody who has something to score is to score, by person, in the order of the committee.

    Of the current pass: who has submitted and then left the committee is still one of them.
    """
    minimum = int(editions.get(session, round_.edition_id).parameters["committee"]["minimum_sheets"])
    scoring = committees.of_pass(session, round_.id, round_.scoring_pass)
    seats = [(member.person_id, member.alternate) for member in scoring]
    recused: dict[str, set[str]] = {}
    for recusal in committees.recusals(session, round_.id):
        recused.setdefault(recusal.application_id, set()).add(recusal.person_id)
    given: dict[str, list[Applicant]] = {person_id: [] for person_id, _ in seats}
    for each in applicants:
        for person_id in committees.scorers(seats, recused.get(each.application_id, set()), minimum):
            given[person_id].append(each)
    return {person_id: mine for person_id, mine in given.items() if mine}


def submit(
    context: Context,
    round_: Round,
    person_id: str,
    applicants: Sequence[Applicant],
    lines: Mapping[str, Line],
    parameters: Mapping[str, Any],
) -> None:
    """Hand in one member's sheet of the current pass, whole and for good.

    `parameters` are the edition's whole set (`scoring.maximum`, `committee.minimum_sheets`).
    """
    session = context.session
    if person_id not in {member.person_id for member in committees.members(session, round_.id)}:
        raise committees.NotMember
    # Nothing is left to score for who was asked before the last of it was disqualified: an empty sheet.
    mine = assignments(session, round_, applicants).get(person_id, [])
    if sheets(session, round_.id, round_.scoring_pass, person_id):
        raise SheetSubmitted
    if problems := list(_faults(mine, lines, Fraction(parameters["scoring"]["maximum"]))):
        raise SheetRefused(problems)
    written = []
    for applicant in mine:
        line = lines[applicant.application_id]
        if line.recused:
            committees.recuse(context, round_, person_id, applicant, parameters["committee"])
            continue
        assert line.score is not None
        sheet = ScoreSheet(
            round_id=round_.id,
            scoring_pass=round_.scoring_pass,
            person_id=person_id,
            application_id=applicant.application_id,
            score=line.score,
            comment=line.comment,
            submitted_at=context.now,
        )
        written.append(sheet)
    session.add_all(written)
    session.flush()
    context.record(
        "score_sheet_submitted",
        round_id=round_.id,
        scoring_pass=round_.scoring_pass,
        sealed=seals.of(*written),
    )


def sheets(
    session: Session, round_id: str, scoring_pass: int, person_id: str | None = None
) -> Sequence[ScoreSheet]:
    """The sheets of one pass, of one member where a person is given. Whether they are sealed is not asked."""
    query = select(ScoreSheet).where(ScoreSheet.round_id == round_id, ScoreSheet.scoring_pass == scoring_pass)
    if person_id is not None:
        query = query.where(ScoreSheet.person_id == person_id)
    return session.scalars(query.order_by(ScoreSheet.application_id, ScoreSheet.person_id)).all()


@rule("得分为各委员评分的平均数，得分相同的名次并列，其后的名次顺延", "scoring", given="quota")
def rank(session: Session, round_: Round, applicants: Sequence[Applicant]) -> dict[str, Result]:
    """Figures and ranks of the current pass by application id, by the edition's mean; see `scoring.tally`.

    Every sheet that was submitted counts: also that of an alternate who would not be asked any more, since a
    member who was recused has been replaced by one who is not.
    """
    given: dict[str, dict[str, Fraction]] = {each.application_id: {} for each in applicants}
    for sheet in sheets(session, round_.id, round_.scoring_pass):
        if sheet.application_id in given:
            given[sheet.application_id][sheet.person_id] = Fraction(sheet.score)
    due: dict[str, list[str]] = {}
    for person_id, mine in assignments(session, round_, applicants).items():
        for each in mine:
            due.setdefault(each.application_id, []).append(person_id)
    return tally(given, due, Rules.of(editions.get(session, round_.edition_id).parameters))


def _faults(mine: Sequence[Applicant], lines: Mapping[str, Line], maximum: Fraction) -> Iterable[Problem]:
    for applicant in mine:
        line, place = lines.get(applicant.application_id), f"/scores/{applicant.application_id}/score"
        if line is None or (line.score is None and not line.recused):
            yield Problem(place, f"{applicant.name}还没有打分；须回避的请选择“回避”。")
        elif not line.recused and not _is_score(line.score or "", maximum):
            yield Problem(place, f"{applicant.name}的得分应为 0 至 {maximum} 的数，最多两位小数。")
    known = {each.application_id for each in mine}
    for application_id in lines:
        if application_id not in known:
            yield Problem(f"/scores/{application_id}", "这份申报不在您的评分范围内，请刷新页面。")


def _is_score(text: str, maximum: Fraction) -> bool:
    return bool(_SCORE.fullmatch(text)) and Fraction(text) <= maximum
