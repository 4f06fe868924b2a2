"""Voting: the committee's recorded vote among equals, of whom the list can hold some only."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from sqlalchemy.orm import Session

from service.domain import committees, scores
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.rounds import Round
from service.domain.shortlists.models import CandidateState, candidates
from service.domain.shortlists.placing import Next, place, preview
from service.engine.services import Context


class NoTie(Conflict):
    """没有待表决的同分申报，不需要表决。请刷新页面查看现状。"""


class VotesIncomplete(Invalid):
    """应为每个同分的申报登记票数，其他申报不列入表决。请刷新页面后重新登记。"""

    place = "/votes"


class VotesRefused(Invalid):
    """票数有 {count} 处超过了有表决权的委员人数，没有登记。"""


class VoteTied(Invalid):
    """所余名额上的票数仍然相同，分不出先后。请委员会再次表决后登记结果。"""

    place = "/votes"


def vote(context: Context, round_: Round, votes: Mapping[str, int], promote_below: int) -> Next:
    """Break the tie by the committee's recorded vote: more votes, an earlier place.

    What comes next: with caps and floors there can be several such classes, one after the other.
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
    after = place(context, round_, promote_below)
    left = candidates(context.session, round_, CandidateState.TIED)
    if {each.application_id for each in left} & set(votes):
        raise VoteTied
    context.record("tie_broken", round_id=round_.id, votes=dict(votes))
    return after


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


def _vote_faults(session: Session, round_: Round, votes: Mapping[str, int]) -> Iterable[Problem]:
    """Nobody gets more votes than members have a vote."""
    seated, withdrawn = voters(session, round_)
    for application_id, count in votes.items():
        away = len(seated & withdrawn.get(application_id, set()))
        if count > (most := len(seated) - away):
            who = f"{len(seated)} 名委员" + (f"，其中 {away} 名回避" if away else "")
            text = f"评审委员会有 {who}，赞成票数不能超过 {most} 票；请核对会议纪要后重新登记。"
            yield Problem(f"/votes/{application_id}/votes", text)
