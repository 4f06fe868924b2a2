"""Prospects as those who may read them do: the organiser, auditors, and in the end the applicant itself."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications, rounds, scoring, shortlists
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.errors import Forbidden, NotFound
from service.domain.offices import INDUSTRY
from service.domain.overviews.rounds import RankingSealed, reads_prospects
from service.domain.rounds import Round
from service.domain.selection import cite
from service.domain.shortlists import CandidateState


class ProspectHidden(Forbidden):
    """差多少分可以入选，只供主办部门和审计员查看；结果公布后，申报单位可以查看本单位的。"""


class NotRanked(NotFound):
    """这一申报没有参加排名。"""


class ProspectView(NamedTuple):
    """Where a candidate stands, why, and what would have had to be different."""

    round: Round
    application_id: str
    division: str
    rank: int
    score: str
    state: str
    state_label: str
    reason: str
    sentences: list[str]
    needed: str | None
    """The least published score with which it would be listed; null where no score helps."""
    missing: str | None
    rules: list[str]
    """By which no score helps, with their articles."""


def prospect(session: Session, actor: Actor, round_id: str, application_id: str) -> ProspectView:
    """What one candidate lacks; ProspectHidden, RankingSealed, NotRanked."""
    round_ = rounds.get(session, round_id)
    application = applications.get(session, application_id)
    if application.round_id != round_.id:
        raise NotRanked
    own = (INDUSTRY, application.division_code) in actor.offices() and round_.announced_at is not None
    if not (own or reads_prospects(actor, round_)):
        raise ProspectHidden
    if round_.ranked_at is None:
        raise RankingSealed
    row = shortlists.of_application(session, round_, application_id)
    if row is None:
        raise NotRanked
    told = shortlists.prospect(session, round_, row)
    return ProspectView(
        round=round_,
        application_id=application_id,
        division=applications.name_of(session, application),
        rank=row.rank,
        score=row.score,
        state=row.state,
        state_label=CandidateState(row.state).label,
        reason=row.reason,
        sentences=told.sentences,
        needed=None if told.needed is None else scoring.text(told.needed),
        missing=None if told.missing is None else scoring.text(told.missing),
        rules=[cite(each) for each in told.rules],
    )


def reads_own(session: Session, actor: Actor, application: Application) -> bool:
    """Whether there is something to read for the actor of this one application."""
    round_ = rounds.get(session, application.round_id)
    ranked = round_.ranked_at is not None
    own = (INDUSTRY, application.division_code) in actor.offices() and round_.announced_at is not None
    return (
        ranked
        and (own or reads_prospects(actor, round_))
        and shortlists.of_application(session, round_, application.id) is not None
    )
