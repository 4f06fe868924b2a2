"""Effects of user tasks on a round's list, from the vote to the announcement."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.domain import (
    applications,
    calendars,
    divisions,
    forms,
    notices,
    objections,
    rounds,
    shortlists,
)
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.notices import Listed
from service.domain.procedures import keys
from service.domain.procedures.results import list_result
from service.domain.rounds import Stage
from service.domain.shortlists import LISTED, CandidateState, ListMoved, Next
from service.domain.waivers import Decision
from service.engine.services import Completion, Context, Result

APPROVAL = "approval"
"""The form in which the list is approved."""


class ListChanged(Conflict):
    """名单中的{names}已不能入选，名单须重新确定。请选择“{decision}”。"""


class ApprovedDuringNotice(Invalid):
    """批复日期应在公示期满（{ends}）之后，请改正。"""


class ListUnchanged(Conflict):
    """名单中没有被取消资格、限制申报或者按规则不能再列入的申报，也没有因先行名单变动可以列入的，不能退回。"""


def break_tie(context: Context, completion: Completion) -> Result:
    """The committee's vote, on the list or on who comes in for a removed candidate."""
    round_ = keys.round_(context)
    given: Mapping[str, Any] = completion.content["tie_break"]["votes"]
    votes = {key: int(row["votes"]) for key, row in given.items()}
    after = shortlists.vote(context, round_, votes, _below(context))
    return {"tie": after == Next.VOTE, "ranking": list_result(after)}


def place(context: Context, completion: Completion) -> Result:
    """The list that had to wait for another one; ListAwaited while it still has to."""
    round_ = keys.round_(context)
    shortlists.require_decided(context.session, round_)
    return {"ranking": list_result(shortlists.place(context, round_, _below(context)))}


def waive(context: Context, completion: Completion) -> Result:
    """A decision on rules of the list, by its document."""
    round_ = keys.round_(context)
    content = completion.content["waiver"]
    decision = Decision(content["decider"], content["number"], date.fromisoformat(content["decided_on"]))
    after = shortlists.waive(
        context, round_, content["rules"], decision, completion.person_id, _below(context)
    )
    return {"ranking": list_result(after)}


def propose(context: Context, completion: Completion) -> Result:
    round_ = keys.round_(context)
    shortlists.require_whole(context.session, round_)
    listed = shortlists.candidates(context.session, round_, CandidateState.SELECTED)
    ids = [each.application_id for each in listed]
    context.record("shortlist_proposed", round_id=round_.id, applications=ids)
    return None


def decide_list(context: Context, completion: Completion) -> Result:
    session, round_ = context.session, keys.round_(context)
    ids = [each.application_id for each in shortlists.candidates(session, round_)]
    if completion.decision == "agree":
        objections.require_none_open(session, ids)
    if completion.decision == "waive":
        shortlists.require_waivable(session, round_, _below(context))
    gone = objections.disqualified(session, ids)
    after = shortlists.decide(context, round_, completion.decision or "", gone, _below(context))
    rounds.enter(context, round_, Stage.DELIBERATION)
    listed = shortlists.candidates(session, round_, *LISTED)
    return {"listed": len(listed)} | ({"ranking": list_result(after)} if after is not None else {})


def sign_off(context: Context, completion: Completion) -> Result:
    """A replacement needs a sign-off of its own; without it the list stays as it is."""
    round_ = keys.round_(context)
    if completion.decision == "agree":
        context.record("replacement_signed_off", round_id=round_.id)
    else:
        shortlists.decline(context, round_)
    return None


def prepare_notice(context: Context, completion: Completion) -> Result:
    """Draw up the notice; it names nobody who was disqualified since the list was decided."""
    if completion.decision != "publish":
        return _send_back(context)
    session, round_ = context.session, keys.round_(context)
    content = completion.content["notice"]
    ids = [each.application_id for each in shortlists.to_publish(session, round_)]
    if gone := {*objections.disqualified(session, ids), *shortlists.barred(session, round_)}:
        raise _changed(context, gone, "名单有变，退回审定")
    if shortlists.moved(session, round_, _below(context)):
        raise ListMoved(decision="名单有变，退回审定")
    named = [applications.get(session, each) for each in ids]
    names = divisions.full_names(session, [each.division_code for each in named])
    contact = [content.get(key) for key in ("contact", "phone", "address")]
    notice = notices.prepare(
        context,
        round_,
        [Listed(each.id, each.division_code, names[each.division_code]) for each in named],
        title=content["title"],
        text=content.get("text") or "",
        contact="，".join(each for each in contact if each),
    )
    return {"notice_id": notice.id}


def report(context: Context, completion: Completion) -> Result:
    """公示无异议: the list that goes up holds nobody who is under an open objection or disqualified."""
    if completion.decision != "report":
        return _send_back(context)
    shortlists.require_decided(context.session, keys.round_(context))
    _settle(context)
    rounds.enter(context, keys.round_(context), Stage.APPROVAL)
    return None


def approve(context: Context, completion: Completion) -> Result:
    """批复: of a list whose public notice is over."""
    if completion.decision != "agree":
        return None
    notice = notices.last(context.session, keys.round_(context).id)
    approved_on = date.fromisoformat(completion.content[APPROVAL]["date"])
    if notice.ends_on is not None and approved_on <= notice.ends_on:
        ends = calendars.chinese(notice.ends_on)
        message = ApprovedDuringNotice(ends=ends).message
        raise ApprovedDuringNotice([Problem("/date", message, APPROVAL)], ends=ends)
    return None


def announce(context: Context, completion: Completion) -> Result:
    """The approved list is made public, but for whom was disqualified meanwhile."""
    if completion.decision != "announce":
        return _send_back(context)
    shortlists.require_decided(context.session, keys.round_(context), final=True)
    _settle(context)
    publish_result(context, completion, APPROVAL)
    return None


def publish_result(context: Context, completion: Completion, approval: str) -> None:
    """Announce what the form `approval` approved: by which document, when, and from when the awards run."""
    approved = forms.latest(context.session, context.instance.business_key, approval)
    assert approved is not None
    rounds.announce(
        context,
        keys.round_(context).id,
        approval_number=approved.content["number"],
        approved_on=date.fromisoformat(approved.content["date"]),
        starts_on=date.fromisoformat(completion.content["announcement"]["date"]),
    )


def _settle(context: Context) -> None:
    """Take off the list who was disqualified meanwhile; ListChanged where others would have to move up.

    It is refused also where nobody would be left. Then the list is settled as after a notice.
    """
    session, round_ = context.session, keys.round_(context)
    ids = [each.application_id for each in shortlists.candidates(session, round_)]
    objections.require_none_open(session, ids)
    gone = _listed_no_more(context)
    shortlists.remove(context, round_, objections.disqualified(session, ids))
    if not gone:
        if shortlists.moved(session, round_, _below(context)):
            raise ListMoved(decision="名单有变，重新核定")
        return
    after = shortlists.promote(context, round_, _below(context))
    states = {each.state for each in shortlists.candidates(session, round_)}
    whole = after == Next.PROPOSE and CandidateState.PROMOTED not in states
    if not whole or CandidateState.SELECTED not in states:
        raise _changed(context, gone, "名单有变，重新核定")


def _send_back(context: Context) -> Result:
    """The list goes back only for a reason that stands in the records."""
    moved = shortlists.moved(context.session, keys.round_(context), _below(context))
    if not moved and not _listed_no_more(context):
        raise ListUnchanged
    return None


def _listed_no_more(context: Context) -> list[str]:
    """Ids of the listed who were disqualified since, or whom a rule bars since, and are still on the list."""
    round_ = keys.round_(context)
    listed = shortlists.candidates(context.session, round_, *LISTED)
    gone = objections.disqualified(context.session, [each.application_id for each in listed])
    return sorted({*gone, *shortlists.barred(context.session, round_)})


def _below(context: Context) -> int:
    """Up to how many a list that was published is filled up."""
    return int(context.parameters["objection"]["promote_below"])


def _changed(context: Context, gone: Iterable[str], decision: str) -> ListChanged:
    rows = [applications.get(context.session, each) for each in gone]
    names = divisions.full_names(context.session, [each.division_code for each in rows])
    return ListChanged(names="、".join(names[each.division_code] for each in rows), decision=decision)


EFFECTS = {
    "notices.prepare": prepare_notice,
    "rounds.announce": announce,
    "rounds.approve": approve,
    "rounds.report": report,
    "shortlists.break_tie": break_tie,
    "shortlists.decide": decide_list,
    "shortlists.place": place,
    "shortlists.propose": propose,
    "shortlists.sign_off": sign_off,
    "shortlists.waive": waive,
}
