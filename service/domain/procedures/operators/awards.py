"""Operators on awards: granted, ended, revoked."""

from service.domain import (
    applications,
    awards,
    objections,
    shortlists,
)
from service.domain.applications import Application, Status
from service.domain.calendars import chinese
from service.domain.procedures import keys
from service.domain.shortlists import CandidateState
from service.engine.services import Context, Result, ServiceFunction


def expire_award(context: Context) -> Result:
    """The award's time is over; what was upheld before takes it away, though its message comes later."""
    application = applications.locked(context.session, keys.application(context).id)
    if application.id in objections.upheld(context.session, [application.id]):
        revoke(context, application)
        return None
    award = awards.expire(context.session, application.id, now=context.now)
    reason = f"激励期于{chinese(award.ends_on)}期满。"
    applications.close(context, application.id, Status.AWARD_ENDED, reason)
    return None


def revoke_award(context: Context) -> Result:
    revoke(context, applications.locked(context.session, keys.application(context).id))
    return None


def revoke(context: Context, application: Application) -> None:
    """What was upheld against it takes its award away; its row is held by now."""
    session = context.session
    reason = objections.upheld(session, [application.id])[application.id]
    awards.revoke(session, application.id, reason=reason, now=context.now, actor_id=context.actor_id)
    applications.close(context, application.id, Status.AWARD_REVOKED, reason)


def grant_awards(context: Context) -> Result:
    round_ = keys.round_(context)
    listed = shortlists.candidates(context.session, round_, CandidateState.SELECTED)
    awards.grant_announced(context, round_, [each.application_id for each in listed])
    return None


def revoke_ended(context: Context, application_id: str) -> None:
    """Its process has ended with the award's year, or ends at this moment, and waits for no message."""
    application = applications.locked(context.session, application_id)
    if application.status == Status.AWARD_ENDED:
        revoke(context, application)


OPERATORS: dict[str, ServiceFunction] = {
    "awards.expire": expire_award,
    "awards.grant": grant_awards,
    "awards.revoke": revoke_award,
}
