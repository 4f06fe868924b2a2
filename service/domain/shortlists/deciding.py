"""Deciding: the ministry's word on the list, before it is published."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from service.domain.errors import Conflict
from service.domain.rounds import Round
from service.domain.shortlists import preceding, publishing
from service.domain.shortlists.models import LISTED, CandidateState, candidates
from service.domain.shortlists.placing import Next, place, preview
from service.engine.services import Context


class TieReopened(Conflict):
    """有申报被取消资格，名单因此须重新表决或者另作决定。请重新排定名单，或者退回评审委员会复评。"""


class ListMoved(Conflict):
    """先行名单有变，按现有规则本名单已不相同，须重新确定。请选择“{decision}”。"""


class ListUnmoved(Conflict):
    """名单没有变化，不必重新排定。"""


class ListOpen(Conflict):
    """名单还没有确定，不能继续：{why}"""


def require_whole(session: Session, round_: Round) -> None:
    """ListOpen while a vote or a decision on conflicting rules is still to come."""
    if waiting := candidates(session, round_, CandidateState.TIED, CandidateState.WAITING):
        raise ListOpen(why=waiting[0].reason)


def decide(
    context: Context, round_: Round, decision: str, disqualified: Mapping[str, str], promote_below: int
) -> Next | None:
    """The ministry's word on the list: `agree` sends it to the public notice, else it is recorded only.

    Before it goes there, who was disqualified since the ranking ({application id: reason}) is taken off, and
    the next moves up; TieReopened where that needs a vote or a decision that has not been taken, ListMoved
    where a list that precedes this one has changed it. `settle` places it anew; what comes next.
    """
    session, after = context.session, None
    if decision == "agree":
        preceding.require_decided(session, round_)
        if publishing.remove(context, round_, disqualified):
            if place(context, round_, 0) != Next.PROPOSE:
                raise TieReopened
        elif moved(session, round_, promote_below):
            raise ListMoved(decision="名单有变，重新排定")
        require_whole(session, round_)
    elif decision == "settle":
        removed = publishing.remove(context, round_, disqualified)
        if not removed and not _differs(session, round_, promote_below):
            raise ListUnmoved
        after = place(context, round_, promote_below)
    listed = candidates(session, round_, *LISTED)
    if decision == "agree":
        for each in listed:
            each.awaiting_notice = True
        session.flush()
    context.record(
        "shortlist_decided",
        round_id=round_.id,
        decision=decision,
        applications=[each.application_id for each in listed],
    )
    return after


def moved(session: Session, round_: Round, promote_below: int) -> bool:
    """Whether by a list that precedes this one somebody would leave it, or come on it, today."""
    return any(preceding.of_round(session, round_)) and _differs(session, round_, promote_below)


def _differs(session: Session, round_: Round, promote_below: int) -> bool:
    """Whether the list would come out otherwise today."""
    listed = {each.application_id for each in candidates(session, round_, *LISTED)}
    now = preview(session, round_, promote_below, {})
    return now.conflict is not None or now.tie is not None or set(now.selected) != listed
