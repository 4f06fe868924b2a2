"""Publishing: who the next notice names, who is taken off a list, and who comes in."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.shortlists.models import Candidate, CandidateState, candidates
from service.domain.shortlists.placing import Next, place
from service.engine import seals
from service.engine.services import Context


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
        if each.application_id in upheld and not CandidateState(each.state).is_out:
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
def promote(context: Context, round_: Round, promote_below: int) -> Next:
    """Propose the next legal candidates where fewer than `promote_below` remain; what comes next.

    S0: nobody while 10 remain. Equals whom nothing tells apart become TIED and need a vote; where the list
    that remains breaks a rule and nobody can mend that, a decision comes first.
    """
    after = place(context, round_, promote_below)
    ids = [each.application_id for each in candidates(context.session, round_, CandidateState.PROMOTED)]
    if ids:
        context.record("candidates_promoted", round_id=round_.id, applications=ids)
    return after


def decline(context: Context, round_: Round) -> list[str]:
    """The ministry does not sign off the proposed replacements: they are out, and nobody comes for them."""
    declined = candidates(context.session, round_, CandidateState.PROMOTED)
    for each in declined:
        each.state, each.awaiting_notice = CandidateState.DECLINED, False
        each.reason = f"{each.reason}递补未获同意。"
        each.changed_at = context.now
    context.session.flush()
    ids = [each.application_id for each in declined]
    context.record("replacement_declined", round_id=round_.id, applications=ids, sealed=seals.of(*declined))
    return ids
