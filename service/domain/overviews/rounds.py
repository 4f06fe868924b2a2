"""Rounds as those who may see them read them: standing, committee, ranking, result."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import (
    applications,
    awards,
    calls,
    divisions,
    editions,
    notices,
    offices,
    organisers,
    replacements,
    rounds,
    shortlists,
    standings,
    subjects,
    targets,
    tracks,
    visibility,
    waivers,
)
from service.domain.access import Actor
from service.domain.applications import Application, Status
from service.domain.awards import AwardStatus
from service.domain.calls import Call
from service.domain.divisions import Division
from service.domain.editions import Edition
from service.domain.errors import Conflict, Forbidden
from service.domain.memberships import AUDITOR
from service.domain.notices import Notice
from service.domain.overviews import cycles
from service.domain.overviews.committees import Seat, seats
from service.domain.overviews.cycles import Pilot
from service.domain.overviews.standings import PoolLine, province_pool
from service.domain.overviews.targets import reads_targets
from service.domain.rounds import RECEIVING, Round
from service.domain.shortlists import CandidateState
from service.domain.standings import Proposal
from service.domain.targets import TargetYear
from service.domain.waivers import Waiver


class RankingSealed(Conflict):
    """评分还没有全部提交，排名尚未公开。"""


class RankingHidden(Forbidden):
    """评分排名只对参与评审和审定的单位、人员公开。"""


class NotAnnounced(Conflict):
    """本轮次的结果还没有公布。"""


class RankingLine(NamedTuple):
    """One candidate of the current pass: published score, exact mean as a fraction, and the reason."""

    application_id: str
    division: str
    rank: int
    score: str
    exact: str
    sheets: int
    state: str
    state_label: str
    reason: str


class Winner(NamedTuple):
    """One division of the announced result."""

    application_id: str
    division_code: str
    division: str
    starts_on: date
    ends_on: date
    status: str
    status_label: str


class RoundView(NamedTuple):
    """A round as the actor may see it; working papers are None for whom they do not concern."""

    round: Round
    edition: Edition
    call: Call | None
    committee: list[Seat] | None
    ranking: list[RankingLine] | None
    waivers: Sequence[Waiver] | None
    """Recorded decisions that a rule of the list does not apply."""
    winners: list[Winner]
    pilots: list[Pilot]
    """Cities whose plans were approved one by one, where the document knows no list."""
    readable: Collection[str]
    """The ids of those of their applications that the actor may see."""
    notices: Sequence[Notice]
    may_apply_for: list[tuple[str, str]]
    """(code, name) of the actor's divisions that may still apply."""
    reads_papers: bool
    """Whether the actor may see the round's own diagram and working papers."""
    may_replace: bool
    """Whether the actor may replace a member of the committee now."""
    reads_prospects: bool
    """Whether the actor may read what each candidate lacks."""
    scored_by_targets: bool
    """Whether points for targets take the place of a committee's scores."""
    target_year: TargetYear | None
    """What it is scored by."""
    reads_targets: bool
    pool: list[PoolLine]
    """The ranking by such points, for those who may read it."""
    proposal: Proposal | None
    left: str | None
    """Of an actor who has left the committee: when, by which decision, and what follows from it."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The edition's, as they hold for this list."""
        return tracks.of_track(self.edition.parameters, self.round.track)


class OpenRound(NamedTuple):
    """A round that the actor may apply to, and for which (code, name) of the actor's divisions."""

    round: Round
    divisions: list[tuple[str, str]]


def of_round(session: Session, actor: Actor, round_id: str, now: datetime) -> RoundView:
    """A round as the actor may see it."""
    round_ = rounds.get(session, round_id)
    reads = visibility.sees(session, actor, f"{subjects.ROUND}:{round_id}")
    left = replacements.departure(session, round_id, actor.person_id)
    target_year = targets.of_year(session, round_.programme, round_.year - 1)
    pilots = cycles.pilots(session, round_.id)
    return RoundView(
        round=round_,
        edition=editions.get(session, round_.edition_id),
        call=calls.of_round(session, round_),
        committee=seats(session, actor, round_) if reads else None,
        ranking=_ranking(session, round_) if reads and round_.ranked_at is not None else None,
        waivers=waivers.of_round(session, round_id) if reads else None,
        winners=_winners(session, round_),
        pilots=pilots,
        readable=_readable(session, actor, pilots),
        notices=notices.of_round(session, round_id),
        may_apply_for=_may_apply_for(session, actor, [round_])[round_id] if _open(round_, now) else [],
        reads_papers=reads,
        may_replace=replacements.may_replace(session, actor, round_),
        reads_prospects=reads_prospects(actor, round_),
        scored_by_targets=targets.PROCESS in editions.get(session, round_.edition_id).definitions,
        target_year=target_year,
        reads_targets=target_year is not None and reads_targets(session, actor, target_year),
        pool=province_pool(session, round_) if reads and round_.ranked_at is not None else [],
        proposal=standings.proposal(session, round_id) if reads else None,
        left=left.message if left is not None else None,
    )


def _readable(session: Session, actor: Actor, pilots: Sequence[Pilot]) -> set[str]:
    ids = [each.cycle.application_id for each in pilots]
    query = select(Application.id).where(Application.id.in_(ids), visibility.applications(actor))
    return {*session.scalars(query)} if ids else set()


def reads_prospects(actor: Actor, round_: Round) -> bool:
    """Whether the actor reads what each candidate lacks: of the organiser's office, or an auditor."""
    return AUDITOR in actor.roles or organisers.organises(actor, round_.division_code)


def open_rounds(session: Session, actor: Actor, now: datetime) -> list[OpenRound]:
    """The rounds that still receive materials and that a division of the actor's may apply to."""
    query = select(Round).where(Round.stage.in_(RECEIVING), Round.collection_ends_at > now)
    found = session.scalars(query.order_by(Round.collection_ends_at, Round.id)).all()
    free = _may_apply_for(session, actor, found)
    return [OpenRound(round_, free[round_.id]) for round_ in found if free[round_.id]]


def ranking(session: Session, actor: Actor, round_id: str) -> list[RankingLine]:
    """The ranking with a reason for everybody; RankingHidden or RankingSealed."""
    round_ = rounds.get(session, round_id)
    if not visibility.sees(session, actor, f"{subjects.ROUND}:{round_id}"):
        raise RankingHidden
    if round_.ranked_at is None:
        raise RankingSealed
    return _ranking(session, round_)


def winners(session: Session, round_id: str) -> list[Winner]:
    """The announced result, in the order of division codes; NotAnnounced."""
    round_ = rounds.get(session, round_id)
    if round_.announced_at is None:
        raise NotAnnounced
    return _winners(session, round_)


def _ranking(session: Session, round_: Round) -> list[RankingLine]:
    candidates = shortlists.candidates(session, round_)
    names = applications.names_of(session, [each.application_id for each in candidates])
    return [
        RankingLine(
            application_id=each.application_id,
            division=names[each.application_id],
            rank=each.rank,
            score=each.score,
            exact=each.exact,
            sheets=each.sheets,
            state=each.state,
            state_label=CandidateState(each.state).label,
            reason=each.reason,
        )
        for each in candidates
    ]


def _winners(session: Session, round_: Round) -> list[Winner]:
    if round_.announced_at is None:
        return []
    granted = awards.of_round(session, round_.id)
    names = applications.names_of(session, [award.application_id for award in granted])
    return [
        Winner(
            application_id=award.application_id,
            division_code=award.division_code,
            division=names[award.application_id],
            starts_on=award.starts_on,
            ends_on=award.ends_on,
            status=award.status,
            status_label=AwardStatus(award.status).label,
        )
        for award in granted
    ]


def _open(round_: Round, now: datetime) -> bool:
    ends_at = round_.collection_ends_at
    return round_.stage in RECEIVING and ends_at is not None and now < ends_at


def _may_apply_for(
    session: Session, actor: Actor, open_rounds: Sequence[Round]
) -> dict[str, list[tuple[str, str]]]:
    """(code, name) of the actor's divisions that may still apply, by round id, in three statements."""
    codes = [code for kind, code in actor.offices() if kind == offices.INDUSTRY]
    if not codes or not open_rounds:
        return {round_.id: [] for round_ in open_rounds}
    mine = session.scalars(select(Division).where(Division.code.in_(codes)).order_by(Division.code)).all()
    applied = {
        (round_id, code)
        for round_id, code in session.execute(
            select(Application.round_id, Application.division_code).where(
                Application.round_id.in_([round_.id for round_ in open_rounds]),
                Application.division_code.in_(codes),
                Application.status != Status.WITHDRAWN,
            )
        )
    }
    of_editions = editions.get_all(session, {round_.edition_id for round_ in open_rounds})
    above = {
        code: {division.code for division in chain}
        for code, chain in divisions.chains(session, codes).items()
    }
    return {
        round_.id: [
            (one.code, one.name)
            for one in mine
            if applications.may_apply(
                one, applications.levels(of_editions[round_.edition_id].parameters, round_.track)
            )
            and not applications.calls_upon(of_editions[round_.edition_id].parameters)
            and round_.division_code in above[one.code]
            and (round_.id, one.code) not in applied
        ]
        for round_ in open_rounds
    }
