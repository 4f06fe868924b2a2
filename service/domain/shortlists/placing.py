"""Placing: from the ranking to the list, by the rules as they stand, with a reason for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction

from sqlalchemy.orm import Session

from service.domain import editions, selection
from service.domain.rounds import QuotaMissing, Round
from service.domain.scores import Result
from service.domain.selection import Rules, Selection, Standing
from service.domain.shortlists import preceding, rules
from service.domain.shortlists.models import LISTED, Candidate, CandidateState, candidates
from service.engine import seals
from service.engine.services import Context

WAITING = "{why}，排名先行保留。"


class Next(StrEnum):
    """What has to come next for the list, as the drawing reads it."""

    PROPOSE = "propose"
    """The list is whole."""
    VOTE = "vote"
    WAIVE = "waive"
    """No list keeps to all rules: a decision on one of them comes first."""
    WAIT = "wait"
    """A list that precedes this one is still open."""


def record_ranking(context: Context, round_: Round, results: Mapping[str, Result]) -> Next:
    """Keep the ranking of the current pass, unseal it and place the list; what comes next."""
    context.session.add_all(
        Candidate(
            round_id=round_.id,
            scoring_pass=round_.scoring_pass,
            application_id=application_id,
            score=result.shown,
            exact=str(result.exact),
            sheets=result.sheets,
            rank=result.rank,
            state=CandidateState.TIED,
            reason="",
            changed_at=context.now,
        )
        for application_id, result in results.items()
    )
    context.session.flush()
    round_.ranked_at = context.now
    after = place(context, round_, 0)
    context.record(
        "scores_ranked", round_id=round_.id, scoring_pass=round_.scoring_pass, tie=after == Next.VOTE
    )
    return after


def place(context: Context, round_: Round, promote_below: int) -> Next:
    """Say anew of every candidate where it stands; a list that was published is filled up only."""
    if round_.noticed_at is None and (why := preceding.awaited(context.session, round_)):
        _wait(context, round_, why)
        return Next.WAIT
    placed = place_by_rules(context, round_, promote_below)
    if placed.conflict is not None:
        return Next.WAIVE
    return Next.VOTE if placed.tie is not None else Next.PROPOSE


def place_by_rules(context: Context, round_: Round, promote_below: int) -> Selection:
    """The list by the rules as they stand, whatever precedes it."""
    rows = {each.application_id: each for each in candidates(context.session, round_)}
    placed = _selection(context.session, round_, rows.values(), promote_below, {})
    fallen = []
    for placement in placed.placements:
        row = rows[placement.id]
        state = CandidateState(row.state)
        if not state.is_out:
            state = _STATES[placement.standing]
        if round_.noticed_at is not None:
            if state == row.state:
                continue  # What was said of it when the list was made stays true: the quota is what it was.
            if state == CandidateState.SELECTED:
                state = CandidateState.PROMOTED
                row.awaiting_notice = True
            else:
                row.awaiting_notice = False
                if row.state == CandidateState.SELECTED:
                    fallen.append(row.application_id)
        row.state, row.reason, row.changed_at = state, placement.reason, context.now
    context.session.flush()
    if fallen:
        context.record("candidates_removed", round_id=round_.id, applications=fallen)
    context.record("candidates_placed", round_id=round_.id, sealed=seals.of(*rows.values()))
    return placed


def _wait(context: Context, round_: Round, why: str) -> None:
    """Nobody is placed: a list that is decided first will tell who cannot be on this one."""
    rows = candidates(context.session, round_)
    for row in rows:
        if not CandidateState(row.state).is_out:
            row.state, row.reason = CandidateState.WAITING, WAITING.format(why=why)
            row.changed_at = context.now
    context.session.flush()
    context.record("candidates_placed", round_id=round_.id, sealed=seals.of(*rows))


_STATES = {
    Standing.SELECTED: CandidateState.SELECTED,
    Standing.PASSED_OVER: CandidateState.PASSED_OVER,
    Standing.EXCLUDED: CandidateState.PASSED_OVER,
    Standing.TIED: CandidateState.TIED,
    Standing.WAITING: CandidateState.WAITING,
}


def preview(
    session: Session,
    round_: Round,
    promote_below: int,
    disqualified: Mapping[str, str],
    supposed: preceding.Supposed | None = None,
) -> Selection:
    """The list as it comes out once these are taken off it ({application id: reason}); nothing is written.

    `supposed`: who would be on lists that precede it.
    """
    return _selection(session, round_, candidates(session, round_), promote_below, disqualified, supposed)


def barred(session: Session, round_: Round) -> list[str]:
    """Ids of those on the list whom a rule, that no decision has waived, keeps off it by now."""
    rows = candidates(session, round_)
    _, stated = considered(session, round_, rows, {})
    out = selection.excluded(stated)
    return [each.application_id for each in rows if each.state in LISTED and each.application_id in out]


def refilled_to(session: Session, round_: Round) -> int:
    """Up to how many a list that was published is filled up."""
    return int(editions.get(session, round_.edition_id).parameters["objection"]["promote_below"])


def considered(
    session: Session,
    round_: Round,
    rows: Iterable[Candidate],
    disqualified: Mapping[str, str],
    supposed: preceding.Supposed | None = None,
) -> tuple[list[selection.Candidate], Rules]:
    """The candidates with their groups and votes, and the round's rules for them, by its quota."""
    rows = list(rows)
    if round_.quota is None:
        raise QuotaMissing
    about = rules.applicants(session, round_, [each.application_id for each in rows])
    ranked = [
        selection.Candidate(
            id=each.application_id,
            score=Fraction(each.score),
            groups=about[each.application_id].groups,
            name=about[each.application_id].name,
            place=each.vote_order,
        )
        for each in rows
    ]
    gone = {each.application_id: each.reason for each in rows if CandidateState(each.state).is_out}
    removed = {**disqualified, **gone}
    return ranked, rules.stated(session, round_, ranked, round_.quota, removed, supposed)


def places(round_: Round, rows: Iterable[Candidate], remaining: int, promote_below: int) -> int:
    """The quota; once a list was published, only what remains of it, filled up to `promote_below`.

    Nobody comes in where somebody was to, and that was not signed off.
    """
    if round_.quota is None:
        raise QuotaMissing
    if round_.noticed_at is None:
        return round_.quota
    declined = sum(each.state == CandidateState.DECLINED for each in rows)
    return max(remaining, min(promote_below, round_.quota) - declined)


def _selection(
    session: Session,
    round_: Round,
    rows: Iterable[Candidate],
    promote_below: int,
    disqualified: Mapping[str, str],
    supposed: preceding.Supposed | None = None,
) -> Selection:
    """The list by the round's rules; one that was published is refilled, whoever may be on it stays."""
    rows = list(rows)
    ranked, stated = considered(session, round_, rows, disqualified, supposed)
    out = selection.excluded(stated)
    listed = [each.application_id for each in rows if each.state == CandidateState.SELECTED]
    kept = [each for each in listed if each not in out]
    stated = replace(stated, quota=places(round_, rows, len(kept), promote_below))
    return selection.select(ranked, stated, kept if round_.noticed_at is not None else None)
