"""Operators: the services that the editions' service tasks call."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from service.domain import (
    applications,
    awards,
    bonuses,
    committees,
    eligibility,
    forms,
    notices,
    objections,
    recommendations,
    rounds,
    sanctions,
    scores,
    shortlists,
)
from service.domain.applications import Application, Status
from service.domain.awards import Award
from service.domain.calendars import chinese
from service.domain.objections import ObjectionStatus
from service.domain.procedures import keys
from service.domain.recommendations import RecommendationStatus
from service.domain.rounds import Outcome, Stage
from service.domain.scoring import Rules
from service.domain.shortlists import CandidateState
from service.engine.services import Context, Result, ServiceFunction, Services


def register(services: Services) -> None:
    for name, operator in _OPERATORS.items():
        services.service(name)(operator)


# Applications.


def check_sanction(context: Context) -> Result:
    """Whether a decision bars the applicant (第十三条), and what it says."""
    application = keys.application(context)
    round_ = rounds.get(context.session, application.round_id)
    bar = sanctions.check(context.session, application.division_code, round_.programme, round_.year)
    if bar is not None:
        context.record("application_barred", application_id=application.id, sanction_id=bar.sanction_id)
    return {"barred": bar is not None, "message": bar.message if bar else ""}


def collect_figures(context: Context) -> Result:
    """The figures that the eligibility table reads, from the last submission of the application's forms."""
    return eligibility.collect(context, keys.application(context))


def record_eligibility(context: Context, findings: Sequence[Mapping[str, Any]]) -> Result:
    """Keep what the table found; whether all conditions are met."""
    application = keys.application(context)
    missed = [row for row in eligibility.record(context, application.id, findings) if not row.met]
    return {"passed": not missed, "message": "\n".join(row.message for row in missed)}


def application_ready(context: Context) -> Result:
    applications.mark_ready(context, keys.application(context).id)
    return None


def application_recommended(context: Context) -> Result:
    return {"recommended": applications.read_recommendation(context, keys.application(context).id)}


def accept_application(context: Context) -> Result:
    applications.accept(context, keys.application(context).id)
    return None


def application_result(context: Context) -> Result:
    """What the announcement says of this application; an award shows until when it lasts."""
    application = keys.application(context)
    award = context.session.scalar(select(Award).where(Award.application_id == application.id))
    if award is None:
        return {"awarded": False, "award_ends": ""}
    reason = f"入选，激励期自{chinese(award.starts_on)}至{chinese(award.ends_on)}。"
    applications.close(context, application.id, Status.AWARDED, reason)
    return {"awarded": True, "award_ends": award.ends_at.isoformat()}


def close_application(context: Context, status: str) -> Result:
    """End the application; the reason is found where the decision stands."""
    application = keys.application(context)
    reason = _REASONS[Status(status)](context, application)
    applications.close(context, application.id, Status(status), reason)
    return None


def _why_withdrawn(context: Context, application: Application) -> str:
    return "申报单位放弃申报。"


def _why_barred(context: Context, application: Application) -> str:
    round_ = rounds.get(context.session, application.round_id)
    bar = sanctions.check(context.session, application.division_code, round_.programme, round_.year)
    return bar.message if bar else "在取消资格期内，不得申报。"


def _why_lapsed(context: Context, application: Application) -> str:
    round_ = rounds.get(context.session, application.round_id)
    assert round_.collection_ends_on is not None
    return f"到{chinese(round_.collection_ends_on)} 24:00 截止时，还没有完成逐级申报。"


def _why_refused(context: Context, application: Application) -> str:
    written = keys.refusal(context) or "审核单位不同意申报。"
    judged = eligibility.judgements(context.session, application)
    return written + eligibility.unmet_sentence(judged)


def _why_not_recommended(context: Context, application: Application) -> str:
    return applications.why_not_recommended(context.session, application)


def _why_not_accepted(context: Context, application: Application) -> str:
    return keys.refusal(context) or "没有在规定期限内补正申报材料。"


def _why_disqualified(context: Context, application: Application) -> str:
    return objections.upheld(context.session, [application.id])[application.id]


def _why_not_selected(context: Context, application: Application) -> str:
    round_ = rounds.get(context.session, application.round_id)
    outcome = Outcome(round_.outcome) if round_.outcome else None
    ranked = shortlists.of_application(context.session, round_, application.id)
    if ranked is not None and (outcome == Outcome.ANNOUNCED or ranked.state != CandidateState.SELECTED):
        return ranked.reason
    return f"{outcome.label}。" if outcome else ""


_REASONS = {
    Status.WITHDRAWN: _why_withdrawn,
    Status.BARRED: _why_barred,
    Status.LAPSED: _why_lapsed,
    Status.REFUSED: _why_refused,
    Status.NOT_RECOMMENDED: _why_not_recommended,
    Status.NOT_ACCEPTED: _why_not_accepted,
    Status.DISQUALIFIED: _why_disqualified,
    Status.NOT_SELECTED: _why_not_selected,
}


def expire_award(context: Context) -> Result:
    application = applications.locked(context.session, keys.application(context).id)
    award = awards.expire(context.session, application.id, now=context.now)
    reason = f"激励期于{chinese(award.ends_on)}期满。"
    applications.close(context, application.id, Status.AWARD_ENDED, reason)
    return None


def revoke_award(context: Context) -> Result:
    _revoke(context, keys.application(context))
    return None


def _revoke(context: Context, application: Application) -> None:
    session = context.session
    applications.locked(session, application.id)
    reason = objections.upheld(session, [application.id])[application.id]
    awards.revoke(session, application.id, reason=reason, now=context.now, actor_id=context.actor_id)
    applications.close(context, application.id, Status.AWARD_REVOKED, reason)


# Recommendations.


def submit_recommendation(context: Context) -> Result:
    recommendations.submit(context, keys.recommendation(context).id)
    return None


def close_recommendation(context: Context, status: str) -> Result:
    recommendations.close(context, keys.recommendation(context).id, RecommendationStatus(status))
    return None


# Rounds.


def start_collection(context: Context) -> Result:
    recommendations.start_all(context, keys.round_(context))
    return None


def open_scoring(context: Context) -> Result:
    """A new pass: who scores (those who have something to score), and who chairs."""
    round_ = scores.open_pass(context, keys.round_(context).id)
    accepted = applications.applicants(context.session, round_.id)
    seated = committees.members(context.session, round_.id)
    return {
        "pass": round_.scoring_pass,
        "members": {person: person for person in scores.assignments(context.session, round_, accepted)},
        "chair": next(member.person_id for member in seated if member.chair),
    }


def rank_scores(context: Context) -> Result:
    """Means, ranks and the list that follows from them; whether the last place is tied."""
    round_ = keys.round_(context)
    accepted = applications.applicants(context.session, round_.id)
    results = scores.rank(context.session, round_, accepted)
    if given := bonuses.of_round(context.session, round_):
        results = bonuses.add(results, given, Rules.of(context.parameters))
        context.record("bonuses_added", round_id=round_.id, applications=sorted(given))
    rounds.enter(context, round_, Stage.DELIBERATION)
    return {"tie": shortlists.record_ranking(context, round_, results)}


def after_notice(context: Context) -> Result:
    """What the objections of the notice that has ended, or what came later, leave of the list; what is next.

    `republish`: mended entries come first, alone. `promote`: fewer than the edition's `promote_below` remain
    and there is a next legal candidate; `vote`: which one it is must be voted on first. Else `report`, or
    `none_left`.
    """
    session, round_ = context.session, keys.round_(context)
    notice = notices.last(session, round_.id)
    listed = shortlists.candidates(session, round_)
    ids = [each.application_id for each in listed]
    shortlists.remove(context, round_, objections.disqualified(session, ids))
    if shortlists.publish_again(context, round_, objections.mended(session, notice.id)):
        return {"next": "republish"}
    shortlists.promote(context, round_, int(context.parameters["objection"]["promote_below"]))
    states = {each.state for each in shortlists.candidates(session, round_)}
    if CandidateState.TIED in states:
        return {"next": "vote"}
    if CandidateState.PROMOTED in states:
        return {"next": "promote"}
    if CandidateState.SELECTED not in states:
        return {"next": "none_left"}
    rounds.enter(context, round_, Stage.APPROVAL)
    return {"next": "report"}


def close_round(context: Context, outcome: str) -> Result:
    rounds.close(context, keys.round_(context).id, outcome)
    return None


def grant_awards(context: Context) -> Result:
    """Everybody on the announced list, for the edition's years from the announced day on."""
    round_ = keys.round_(context)
    assert round_.award_starts_on is not None
    listed = shortlists.candidates(context.session, round_, CandidateState.SELECTED)
    for candidate in listed:
        application = applications.get(context.session, candidate.application_id)
        awards.grant(
            context.session,
            programme=round_.programme,
            edition_id=round_.edition_id,
            round_id=round_.id,
            track=round_.track,
            year=round_.year,
            application_id=application.id,
            division_code=application.division_code,
            starts_on=round_.award_starts_on,
            years=int(context.parameters["award"]["years"]),
            now=context.now,
            actor_id=context.actor_id,
        )
    ids = [each.application_id for each in listed]
    context.record("awards_granted", round_id=round_.id, applications=ids)
    return None


# Notices. They are called by the round's process, so the subject is the round.


def publish_notice(context: Context) -> Result:
    round_ = keys.round_(context)
    notice = notices.publish(
        context, notices.last(context.session, round_.id).id, context.parameters["notice"]
    )
    assert notice.ends_at is not None
    shortlists.mark_published(context, round_)
    round_.noticed_at = round_.noticed_at or context.now
    rounds.enter(context, round_, Stage.NOTICE)
    return {"id": notice.id, "ends_at": notice.ends_at.isoformat()}


def check_objections(context: Context) -> Result:
    notice = notices.last(context.session, keys.round_(context).id)
    return {"open": objections.open_of_notice(context.session, notice.id) > 0}


def close_notice(context: Context) -> Result:
    notices.close(context, notices.last(context.session, keys.round_(context).id).id)
    return None


# Objections.


def close_objection(context: Context, status: str | None = None) -> Result:
    """Without a status: as the consideration decided, rejected or kept as a lead."""
    objection = keys.objection(context)
    objections.close(context, objection.id, ObjectionStatus(status or objection.finding or ""))
    return None


def uphold_objection(context: Context) -> Result:
    objection = objections.close(context, keys.objection(context).id, ObjectionStatus.UPHELD)
    _revoke_ended(context, applications.get(context.session, objection.application_id))
    return None


def _revoke_ended(context: Context, application: Application) -> None:
    """Its process has ended with the award's year and waits for no message."""
    if application.status == Status.AWARD_ENDED:
        _revoke(context, application)


def impose_sanction(context: Context) -> Result:
    """第十三条: bar the division and its province from the rounds to come, as the decision says."""
    session = context.session
    # The notice's row first, as who files an objection does: the system's history is locked after it.
    objection = objections.held(session, keys.objection(context).id)
    application = applications.get(session, objection.application_id)
    round_ = rounds.get(session, application.round_id)
    form = forms.latest(session, context.instance.business_key, "sanction")
    assert form is not None
    years = context.parameters["sanction"]
    sanctions.impose(
        session,
        programme=round_.programme,
        division_code=application.division_code,
        year=rounds.last_closed_year(session, round_),
        city_years=int(years["city_years"]),
        province_years=int(years["province_years"]),
        decision_number=form.content["number"],
        decided_on=date.fromisoformat(form.content["date"]),
        reason=form.content["facts"],
        subject=context.instance.business_key,
        now=context.now,
        actor_id=context.actor_id or form.submitted_by,
    )
    objections.close(context, objection.id, ObjectionStatus.FRAUD)
    _revoke_ended(context, application)
    return None


_OPERATORS: dict[str, ServiceFunction] = {
    "applications.accept": accept_application,
    "applications.close": close_application,
    "applications.ready": application_ready,
    "applications.recommendation_result": application_recommended,
    "applications.result": application_result,
    "awards.expire": expire_award,
    "awards.grant": grant_awards,
    "awards.revoke": revoke_award,
    "committees.open_scoring": open_scoring,
    "eligibility.figures": collect_figures,
    "eligibility.record": record_eligibility,
    "notices.check_objections": check_objections,
    "notices.close": close_notice,
    "notices.publish": publish_notice,
    "objections.close": close_objection,
    "objections.uphold": uphold_objection,
    "recommendations.close": close_recommendation,
    "recommendations.submit": submit_recommendation,
    "rounds.close": close_round,
    "rounds.start_collection": start_collection,
    "sanctions.check": check_sanction,
    "sanctions.impose": impose_sanction,
    "scores.rank": rank_scores,
    "shortlists.after_notice": after_notice,
}
