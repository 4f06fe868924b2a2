"""Effects: what completing a user task does, beyond moving its process on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.domain import (
    applications,
    committees,
    eligibility,
    forms,
    notices,
    objections,
    recommendations,
    rounds,
    scores,
    shortlists,
    subjects,
    tracks,
)
from service.domain.applications import Status
from service.domain.committees import Seat
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.notices import Listed
from service.domain.procedures import keys
from service.domain.recommendations import Verdict
from service.domain.rounds import Stage
from service.domain.scores import Line
from service.domain.shortlists import CandidateState
from service.engine.services import Completion, Context, Result, Services


class IntakeOpen(Conflict):
    """还有 {count} 件没有办结，不能结束受理审查：{names}。"""


class BarredRecommended(Invalid):
    """有 {count} 个申报已被限制，不能推荐。"""


class IntakeRefused(Invalid):
    """受理审查有 {count} 项标为“否”，不能受理。"""


class IntakeBarred(Conflict):
    """{bar}请选择“不予受理”。"""


class RecommendationIncomplete(Invalid):
    """报送材料不完整，不能提交。"""


class ListChanged(Conflict):
    """名单中的{names}已不能入选，名单须重新确定。请选择“{decision}”。"""


class ListUnchanged(Conflict):
    """名单中没有被取消资格或限制申报的市（州），不能退回。"""


class FindingContradicted(Conflict):
    """核查结论是{verified}，认定应与之一致。对结论有疑问的，请选择“退回重新核查”。"""


def register(services: Services) -> None:
    for name, effect in _EFFECTS.items():
        services.effect(name)(effect)


# Applications.


def submit_application(context: Context, completion: Completion) -> Result:
    if completion.decision == "submit":
        applications.mark_submitted(context, keys.application(context).id)
    return None


def check_intake(context: Context, completion: Completion) -> Result:
    """第七条: accepted is only what is in order throughout, of an applicant that is not barred (第十三条)."""
    if completion.decision != "accept":
        return None
    content = completion.content["intake"]
    if missed := [key for key in _IN_ORDER if not content[key]]:
        message = "这一项标为“否”，不能受理。请通知补正或不予受理；已核实符合的，改为“是”。"
        raise IntakeRefused([Problem(f"/{key}", message, "intake") for key in missed])
    application = keys.application(context)
    if bar := applications.barred(context.session, [application.id]).get(application.id):
        raise IntakeBarred(bar=bar)
    return None


_IN_ORDER = ("complete", "letter", "data", "seals", "authentic")


def confirm_eligibility(context: Context, completion: Completion) -> Result:
    """The recommending unit agrees only to what meets every condition, computed or judged."""
    if completion.decision == "agree":
        application = keys.application(context)
        eligibility.require(context, application)
        eligibility.require_judged(context.session, application)
    return None


def recheck_eligibility(context: Context, completion: Completion) -> Result:
    """Supplemented material must meet every condition as well."""
    application = keys.application(context)
    eligibility.require(context, application)
    applications.mark_submitted(context, application.id)
    return None


# Recommendations.


def choose(context: Context, completion: Completion) -> Result:
    """The comparison: a verdict and a reason for every application that is ready."""
    recommendation = keys.recommendation(context)
    if completion.decision != "submit":
        return None
    ready = applications.ready(context.session, recommendation.id)
    bars = applications.barred(context.session, ready)
    given: Mapping[str, Any] = completion.content["selection"]["applications"]
    if problems := [
        Problem(f"/applications/{key}/recommended", f"{bars[key]}请将“推荐”改为“否”。", "selection")
        for key, row in given.items()
        if row["recommended"] and key in bars
    ]:
        raise BarredRecommended(problems)
    recommendations.choose(
        context,
        recommendation.id,
        ready,
        {key: Verdict(bool(row["recommended"]), row["reason"]) for key, row in given.items()},
        context.parameters["recommendation"]["cap"],
    )
    return None


def write_letter(context: Context, completion: Completion) -> Result:
    if completion.decision != "submit":
        return None
    number = completion.content["letter"]["number"]
    recommendations.write_letter(context, keys.recommendation(context), number)
    return None


def consent(context: Context, completion: Completion) -> Result:
    recommendations.government_decided(context, keys.recommendation(context), completion.decision)
    return None


def check_complete(context: Context, completion: Completion) -> Result:
    """第七条: 申报书, 推荐表, 推荐函 and 声明 of all that is recommended, and the government's consent.

    Whoever came up after the comparison has not been compared, and whoever was barred since (第十三条) cannot
    be recommended: both need a comparison afresh, which the other decision leads to.
    """
    if completion.decision != "submit":
        return None
    recommendation = keys.recommendation(context)
    problems = []
    if recommendation.government_decision != "agree":
        problems.append(Problem("/consent", "省级政府（兵团）还没有同意。"))
    if forms.latest(context.session, context.instance.business_key, "letter") is None:
        problems.append(Problem("/letter", "还没有推荐函和真实性、合规性声明。"))
    choices = recommendations.choices(context.session, recommendation.id)
    chosen = [each.application_id for each in choices.values() if each.chosen]
    track = rounds.get(context.session, recommendation.round_id).track
    names = applications.ready(context.session, recommendation.id)
    if late := "、".join(name for key, name in names.items() if key not in choices):
        problems.append(Problem("/applications", f"{late}在比选之后报到，还没有比选。请选择“重新比选”。"))
    for bar in applications.barred(context.session, chosen).values():
        problems.append(Problem("/applications", f"{bar}请选择“重新比选”。"))
    for application_id in chosen:
        key = subjects.key(subjects.APPLICATION, application_id)
        for part, title in (("report", "申报书"), ("recommendation", "推荐表")):
            form = tracks.form_key(context.parameters, track, part)
            if form is not None and forms.latest(context.session, key, form) is None:
                problems.append(Problem(f"/{form}", f"{names[application_id]}还没有{title}。"))
    if problems:
        raise RecommendationIncomplete(problems)
    return None


# Rounds.


def open_round(context: Context, completion: Completion) -> Result:
    deadline = date.fromisoformat(completion.content["opening"]["deadline"])
    round_ = rounds.open_collection(context, keys.round_(context).id, deadline)
    assert round_.collection_ends_at is not None
    return {"collection_ends": round_.collection_ends_at.isoformat()}


def close_intake(context: Context, completion: Completion) -> Result:
    """The review begins only when every application and recommendation has been dealt with."""
    session, round_ = context.session, keys.round_(context)
    open_ = applications.of_round(session, round_.id, *applications.BEFORE_ACCEPTANCE)
    waiting = recommendations.open_of_round(session, round_.id)
    if open_ or waiting:
        codes = [each.division_code for each in open_] + [each.division_code for each in waiting]
        names = applications.full_names(session, codes)
        listed = [f"{names[each.division_code]}（{Status(each.status).label}）" for each in open_]
        listed += [f"{names[each.division_code]}（推荐待办结）" for each in waiting]
        raise IntakeOpen(count=len(listed), names="、".join(listed))
    accepted = applications.count(session, round_.id, Status.ACCEPTED)
    context.record("intake_closed", round_id=round_.id, accepted=accepted)
    if accepted:
        rounds.enter(context, round_, Stage.COMMITTEE)
    return {"accepted": accepted}


def form_committee(context: Context, completion: Completion) -> Result:
    round_ = keys.round_(context)
    seats = [
        Seat(
            person_id=row["person"],
            role=row["role"],
            chair=bool(row["chair"]),
            division_code=row.get("division") or None,
            recused=row.get("recused") or (),
        )
        for row in completion.content["committee"]["members"]
    ]
    accepted = applications.applicants(context.session, round_.id)
    committees.form(context, round_, seats, accepted, context.parameters["committee"])
    return None


def record_quota(context: Context, completion: Completion) -> Result:
    quota = int(completion.content["quota"]["quota"])
    rounds.record_quota(context, keys.round_(context).id, quota, context.parameters["quota"])
    return None


def submit_scores(context: Context, completion: Completion) -> Result:
    """One member's sheet; `sheet` is what the multi-instance collects: whose it is, never what it says."""
    round_ = keys.round_(context)
    given: Mapping[str, Any] = completion.content["score_sheet"]["scores"]
    lines = {
        key: Line(row.get("score") or None, row.get("comment") or None, bool(row.get("recused")))
        for key, row in given.items()
    }
    accepted = applications.applicants(context.session, round_.id)
    scores.submit(context, round_, completion.person_id, accepted, lines, context.parameters)
    return {"sheet": completion.person_id}


def break_tie(context: Context, completion: Completion) -> Result:
    """The committee's vote, on the list or on who comes in for a removed candidate."""
    round_ = keys.round_(context)
    given: Mapping[str, Any] = completion.content["tie_break"]["votes"]
    votes = {key: int(row["votes"]) for key, row in given.items()}
    tie = shortlists.vote(context, round_, votes, int(context.parameters["objection"]["promote_below"]))
    return {"tie": tie}


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
    shortlists.decide(context, round_, completion.decision or "", objections.disqualified(session, ids))
    rounds.enter(context, round_, Stage.DELIBERATION)
    return {"listed": len(shortlists.candidates(session, round_, CandidateState.SELECTED))}


def sign_off(context: Context, completion: Completion) -> Result:
    """A replacement needs a sign-off of its own; without it the list stays as it is."""
    round_ = keys.round_(context)
    if completion.decision == "agree":
        context.record("replacement_signed_off", round_id=round_.id)
    else:
        shortlists.decline(context, round_)
        rounds.enter(context, round_, Stage.APPROVAL)
    return None


def prepare_notice(context: Context, completion: Completion) -> Result:
    """Draw up the notice; it names nobody who was disqualified since the list was decided."""
    if completion.decision != "publish":
        return _send_back(context)
    session, round_ = context.session, keys.round_(context)
    content = completion.content["notice"]
    ids = [each.application_id for each in shortlists.to_publish(session, round_)]
    if gone := objections.disqualified(session, ids):
        raise _changed(context, gone, "名单有变，退回审定")
    named = [applications.get(session, each) for each in ids]
    names = applications.full_names(session, [each.division_code for each in named])
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
    _settle(context)
    return None


def announce(context: Context, completion: Completion) -> Result:
    """The approved list is made public, but for whom was disqualified meanwhile."""
    if completion.decision != "announce":
        return _send_back(context)
    _settle(context)
    approval = forms.latest(context.session, context.instance.business_key, "approval")
    assert approval is not None
    rounds.announce(
        context,
        keys.round_(context).id,
        approval_number=approval.content["number"],
        approved_on=date.fromisoformat(approval.content["date"]),
        starts_on=date.fromisoformat(completion.content["announcement"]["date"]),
    )
    return None


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
        return
    shortlists.promote(context, round_, int(context.parameters["objection"]["promote_below"]))
    states = {each.state for each in shortlists.candidates(session, round_)}
    if CandidateState.SELECTED not in states or states & {CandidateState.PROMOTED, CandidateState.TIED}:
        raise _changed(context, gone, "名单有变，重新核定")


def _send_back(context: Context) -> Result:
    """The list goes back only for a reason that stands in the records."""
    if not _listed_no_more(context):
        raise ListUnchanged
    return None


def _listed_no_more(context: Context) -> list[str]:
    """Ids of the listed who were disqualified since and have not been taken off."""
    listed = shortlists.candidates(
        context.session, keys.round_(context), CandidateState.SELECTED, CandidateState.PROMOTED
    )
    return list(objections.disqualified(context.session, [each.application_id for each in listed]))


def _changed(context: Context, gone: Iterable[str], decision: str) -> ListChanged:
    rows = [applications.get(context.session, each) for each in gone]
    names = applications.full_names(context.session, [each.division_code for each in rows])
    return ListChanged(names="、".join(names[each.division_code] for each in rows), decision=decision)


# Objections.


def consider_objection(context: Context, completion: Completion) -> Result:
    reason = keys.opinion(context, completion)
    objections.consider(context, keys.objection(context).id, completion.decision or "", reason)
    return None


def decide_objection(context: Context, completion: Completion) -> Result:
    """Whether there was fraud is what the verification found; who doubts it has it verified again."""
    reason = keys.opinion(context, completion)
    if completion.decision == "return":
        return None
    report = forms.latest(context.session, context.instance.business_key, "verification")
    assert report is not None
    if (report.content["conclusion"] == "fraud") != (completion.decision == "fraud"):
        raise FindingContradicted(verified=_FRAUD_OR_NOT[report.content["conclusion"] == "fraud"])
    objections.decide(context, keys.objection(context).id, completion.decision or "", reason)
    return None


_FRAUD_OR_NOT = {True: "存在弄虚作假", False: "不存在弄虚作假"}


_EFFECTS = {
    "applications.intake": check_intake,
    "applications.submit": submit_application,
    "committees.form": form_committee,
    "eligibility.confirm": confirm_eligibility,
    "eligibility.recheck": recheck_eligibility,
    "notices.prepare": prepare_notice,
    "objections.consider": consider_objection,
    "objections.decide": decide_objection,
    "recommendations.check_complete": check_complete,
    "recommendations.choose": choose,
    "recommendations.consent": consent,
    "recommendations.letter": write_letter,
    "rounds.announce": announce,
    "rounds.close_intake": close_intake,
    "rounds.open": open_round,
    "rounds.record_quota": record_quota,
    "rounds.report": report,
    "scores.submit": submit_scores,
    "shortlists.break_tie": break_tie,
    "shortlists.decide": decide_list,
    "shortlists.propose": propose,
    "shortlists.sign_off": sign_off,
}
