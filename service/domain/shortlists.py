"""Shortlists: who is proposed, who is passed over, and why, for every candidate."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

import sqlalchemy
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import committees, scores, selection, selection_rules
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.rounds import QuotaMissing, Round
from service.domain.rules import rule
from service.domain.scores import Result
from service.domain.selection import Selection, Standing
from service.engine import seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime


class CandidateState(StrEnum):
    """What the current list says of a candidate."""

    SELECTED = "selected"
    PASSED_OVER = "passed_over"
    TIED = "tied"
    WAITING = "waiting"
    """Not reached yet: a vote among better ones, or a decision on conflicting rules, comes first."""
    REMOVED = "removed"
    PROMOTED = "promoted"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    CandidateState.SELECTED: "拟入选",
    CandidateState.PASSED_OVER: "未入选",
    CandidateState.TIED: "同分待表决",
    CandidateState.WAITING: "待定",
    CandidateState.REMOVED: "已移出",
    CandidateState.PROMOTED: "递补",
}


class Candidate(Sealed, Base):
    """One accepted application in the ranking of one scoring pass."""

    __tablename__ = "candidate"
    __table_args__ = (Index(None, "round_id", "scoring_pass", "rank"),)

    TITLE = "排名"
    SEALED = ("score", "exact", "sheets", "rank", "vote_order", "state", "reason")

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    scoring_pass: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    score: Mapped[str] = mapped_column(String(20))
    """The published mean: two decimals, rounded half up once."""
    exact: Mapped[str] = mapped_column(String(80))
    """The exact mean as a fraction, so that anybody can recompute the published one."""
    sheets: Mapped[int]
    rank: Mapped[int]
    vote_order: Mapped[int | None]
    """The place among equals that the committee's recorded vote gave, 1 first."""
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    awaiting_notice: Mapped[bool] = mapped_column(default=False)
    """Whether the next notice is to publish it: newly listed, promoted, or mended."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TieReopened(Conflict):
    """有申报被取消资格，名额末位因此出现同分，需要表决。请选择重新评审。"""


class ListOpen(Conflict):
    """名单还没有确定，不能继续：{why}"""


class NoTie(Conflict):
    """名额末位没有同分的申报，不需要表决。请刷新页面查看现状。"""


class VotesIncomplete(Invalid):
    """应为每个同分的申报登记票数，其他申报不列入表决。请刷新页面后重新登记。"""

    place = "/votes"


class VotesRefused(Invalid):
    """票数有 {count} 处超过了有表决权的委员人数，没有登记。"""


class VoteTied(Invalid):
    """名额末位的票数仍然相同，分不出先后。请委员会再次表决后登记结果。"""

    place = "/votes"


def candidates(session: Session, round_: Round, *states: CandidateState) -> Sequence[Candidate]:
    """The candidates of the current pass in rank order; only those in `states` where some are given."""
    query = sqlalchemy.select(Candidate).where(
        Candidate.round_id == round_.id, Candidate.scoring_pass == round_.scoring_pass
    )
    if states:
        query = query.where(Candidate.state.in_(states))
    return session.scalars(
        query.order_by(Candidate.rank, Candidate.vote_order, Candidate.application_id)
    ).all()


def of_application(session: Session, round_: Round, application_id: str) -> Candidate | None:
    """The application's place in the ranking of the current pass."""
    return session.get(Candidate, (round_.id, round_.scoring_pass, application_id))


def record_ranking(context: Context, round_: Round, results: Mapping[str, Result]) -> bool:
    """Keep the ranking of the current pass and unseal it; whether a tie at the cut-off needs a vote."""
    session = context.session
    session.add_all(
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
    session.flush()
    round_.ranked_at = context.now
    tie = _place(context, round_, 0).tie is not None
    context.record("scores_ranked", round_id=round_.id, scoring_pass=round_.scoring_pass, tie=tie)
    return tie


def vote(context: Context, round_: Round, votes: Mapping[str, int], promote_below: int) -> bool:
    """Break the tie by the committee's recorded vote: more votes, an earlier place.

    Whether others, further down, are tied next: with caps and floors there can be several such classes.
    """
    tied = candidates(context.session, round_, CandidateState.TIED)
    if not tied:
        raise NoTie
    if {each.application_id for each in tied} != set(votes):
        raise VotesIncomplete
    if problems := list(_vote_faults(context.session, round_, votes)):
        raise VotesRefused(problems)
    # Those who are still equal after an earlier vote share its place; a new vote orders them from there on.
    # Where only some of them were voted on before, nothing told these apart from the others: all begin anew.
    shared = {each.vote_order for each in tied}
    first = shared.pop() if len(shared) == 1 else None
    order = scores.ranks({key: Fraction(count) for key, count in votes.items()})
    for each in tied:
        each.vote_order = (first or 1) + order[each.application_id] - 1
    context.session.flush()
    left = _place(context, round_, promote_below).tie
    if left is not None and set(left.members) & set(votes):
        raise VoteTied
    context.record("tie_broken", round_id=round_.id, votes=dict(votes))
    return left is not None


def voters(session: Session, round_: Round) -> tuple[set[str], dict[str, set[str]]]:
    """Ids of who is seated, and of who withdrew from an application (回避) and has no vote on it."""
    seated = {member.person_id for member in committees.members(session, round_.id) if not member.alternate}
    withdrawn: dict[str, set[str]] = {}
    for recusal in committees.recusals(session, round_.id):
        withdrawn.setdefault(recusal.application_id, set()).add(recusal.person_id)
    return seated, withdrawn


def open_places(session: Session, round_: Round, promote_below: int) -> int:
    """How many of those who are tied can be listed."""
    tie = preview(session, round_, promote_below, {}).tie
    return tie.places if tie is not None else 0


def require_whole(session: Session, round_: Round) -> None:
    """ListOpen while a vote or a decision on conflicting rules is still to come."""
    if waiting := candidates(session, round_, CandidateState.TIED, CandidateState.WAITING):
        raise ListOpen(why=waiting[0].reason)


def _vote_faults(session: Session, round_: Round, votes: Mapping[str, int]) -> Iterable[Problem]:
    """Nobody gets more votes than members have a vote."""
    seated, withdrawn = voters(session, round_)
    for application_id, count in votes.items():
        away = len(seated & withdrawn.get(application_id, set()))
        if count > (most := len(seated) - away):
            who = f"{len(seated)} 名委员" + (f"，其中 {away} 名回避" if away else "")
            text = f"评审委员会有 {who}，赞成票数不能超过 {most} 票；请核对会议纪要后重新登记。"
            yield Problem(f"/votes/{application_id}/votes", text)


def decide(context: Context, round_: Round, decision: str, disqualified: Mapping[str, str]) -> None:
    """The ministry's word on the list: `agree` sends it to the public notice, else it is recorded only.

    Before it goes there, who was disqualified since the ranking ({application id: reason}) is taken off, and
    the next moves up; TieReopened where the vote that this needs has not been taken.
    """
    if decision == "agree":
        if remove(context, round_, disqualified) and _place(context, round_, 0).tie is not None:
            raise TieReopened
        require_whole(context.session, round_)
    listed = candidates(context.session, round_, CandidateState.SELECTED)
    if decision == "agree":
        for each in listed:
            each.awaiting_notice = True
        context.session.flush()
    context.record(
        "shortlist_decided",
        round_id=round_.id,
        decision=decision,
        applications=[each.application_id for each in listed],
    )


def to_publish(session: Session, round_: Round) -> Sequence[Candidate]:
    """Whom the next notice names."""
    listed = candidates(session, round_, CandidateState.SELECTED, CandidateState.PROMOTED)
    return [each for each in listed if each.awaiting_notice]


def mark_published(context: Context, round_: Round) -> None:
    """The notice is out: a promoted candidate is one of the list from now on."""
    listed = to_publish(context.session, round_)
    for each in listed:
        each.awaiting_notice = False
        each.state = CandidateState.SELECTED
        each.changed_at = context.now
    context.session.flush()
    context.record("candidates_published", round_id=round_.id, sealed=seals.of(*listed))


def remove(context: Context, round_: Round, upheld: Mapping[str, str]) -> list[str]:
    """Take off the list whom a decision on an objection disqualified ({application id: reason}); the ids."""
    removed = []
    for each in candidates(context.session, round_):
        if each.application_id in upheld and each.state != CandidateState.REMOVED:
            each.state, each.reason = CandidateState.REMOVED, upheld[each.application_id]
            each.awaiting_notice = False
            each.changed_at = context.now
            removed.append(each)
    context.session.flush()
    ids = [each.application_id for each in removed]
    if removed:
        context.record("candidates_removed", round_id=round_.id, applications=ids, sealed=seals.of(*removed))
    return ids


def publish_again(context: Context, round_: Round, application_ids: Sequence[str]) -> list[str]:
    """Mended entries are published once more, alone; the ids of those that are still listed."""
    again = [
        each
        for each in candidates(context.session, round_, CandidateState.SELECTED)
        if each.application_id in set(application_ids)
    ]
    for each in again:
        each.awaiting_notice = True
    context.session.flush()
    return [each.application_id for each in again]


@rule("移出后少于规定个数的，按名次递补", "objection.promote_below")
def promote(context: Context, round_: Round, promote_below: int) -> list[str]:
    """Propose the next legal candidates where fewer than `promote_below` remain; the ids proposed.

    S0: nobody while 10 remain. Equals whom nothing tells apart become TIED and need a vote.
    """
    _place(context, round_, promote_below)
    ids = [each.application_id for each in candidates(context.session, round_, CandidateState.PROMOTED)]
    if ids:
        context.record("candidates_promoted", round_id=round_.id, applications=ids)
    return ids


def decline(context: Context, round_: Round) -> list[str]:
    """The ministry does not sign off the proposed replacements: they are out, and nobody comes for them."""
    declined = candidates(context.session, round_, CandidateState.PROMOTED)
    for each in declined:
        each.state, each.awaiting_notice = CandidateState.REMOVED, False
        each.reason = f"{each.reason}递补未获同意。"
        each.changed_at = context.now
    context.session.flush()
    ids = [each.application_id for each in declined]
    context.record("replacement_declined", round_id=round_.id, applications=ids, sealed=seals.of(*declined))
    return ids


def preview(
    session: Session, round_: Round, promote_below: int, disqualified: Mapping[str, str]
) -> Selection:
    """The list as it comes out once these are taken off it ({application id: reason}); nothing is written."""
    rows = candidates(session, round_)
    removed = {each.application_id: each.reason for each in rows if each.state == CandidateState.REMOVED}
    return _selection(session, round_, rows, promote_below, {**disqualified, **removed})


def _place(context: Context, round_: Round, promote_below: int) -> Selection:
    """Say anew of every candidate where it stands."""
    rows = {each.application_id: each for each in candidates(context.session, round_)}
    removed = {key: each.reason for key, each in rows.items() if each.state == CandidateState.REMOVED}
    selection = _selection(context.session, round_, rows.values(), promote_below, removed)
    for placement in selection.placements:
        row, state = rows[placement.id], _STATES[placement.standing]
        if round_.noticed_at and state == row.state:
            continue  # What was said of it when the list was made stays true: the quota is what it was.
        if state == CandidateState.SELECTED and round_.noticed_at and row.state != CandidateState.SELECTED:
            state = CandidateState.PROMOTED
            row.awaiting_notice = True
        row.state, row.reason, row.changed_at = state, placement.reason, context.now
    context.session.flush()
    context.record("candidates_placed", round_id=round_.id, sealed=seals.of(*rows.values()))
    return selection


_STATES = {
    Standing.SELECTED: CandidateState.SELECTED,
    Standing.PASSED_OVER: CandidateState.PASSED_OVER,
    Standing.EXCLUDED: CandidateState.REMOVED,
    Standing.TIED: CandidateState.TIED,
    Standing.WAITING: CandidateState.WAITING,
}


def _selection(
    session: Session,
    round_: Round,
    rows: Iterable[Candidate],
    promote_below: int,
    removed: Mapping[str, str],
) -> Selection:
    """The list by the edition's rules; one that was published is refilled, whoever is left on it stays."""
    rows = list(rows)
    standing = [each for each in rows if each.application_id not in removed]
    kept = [each.application_id for each in standing if each.state == CandidateState.SELECTED]
    places = _places(round_, len(kept), promote_below)
    about = selection_rules.applicants(session, round_, [each.application_id for each in rows])
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
    exclusions = [selection.Exclusion(key, "", reason) for key, reason in removed.items()]
    rules = selection_rules.stated(session, round_, places, exclusions)
    return selection.select(ranked, rules, kept if round_.noticed_at is not None else None)


def _places(round_: Round, remaining: int, promote_below: int) -> int:
    """The quota; once a list was published, only what remains of it, filled up to `promote_below`."""
    if round_.quota is None:
        raise QuotaMissing
    if round_.noticed_at is None:
        return round_.quota
    return max(remaining, min(promote_below, round_.quota))
