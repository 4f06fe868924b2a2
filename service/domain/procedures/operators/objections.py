"""Operators on an objection and what follows from it."""

from datetime import date

from service.domain import (
    applications,
    forms,
    objections,
    rounds,
    sanctions,
)
from service.domain.objections import ObjectionStatus
from service.domain.procedures import keys
from service.domain.procedures.operators.awards import revoke_ended
from service.engine.services import Context, Result, ServiceFunction


def close_objection(context: Context, status: str | None = None) -> Result:
    """Without a status: as the consideration decided, rejected or kept as a lead."""
    objection = keys.objection(context)
    objections.close(context, objection.id, ObjectionStatus(status or objection.finding or ""))
    return None


def uphold_objection(context: Context) -> Result:
    objection = objections.close(context, keys.objection(context).id, ObjectionStatus.UPHELD)
    revoke_ended(context, objection.application_id)
    return None


def impose_sanction(context: Context) -> Result:
    """Bar whom the edition says from the rounds to come, and those whom the decision names beside them.

    It is the applicant and its province; where `sanction.level` is told, its ancestor of that level.
    """
    session = context.session
    # The notice's row first, as who files an objection does: the system's history is locked after all rows.
    objection = objections.held(session, keys.objection(context).id)
    application = applications.locked(session, objection.application_id)
    round_ = rounds.get(session, application.round_id)
    form = forms.latest(session, context.instance.business_key, "sanction")
    assert form is not None
    years = context.parameters["sanction"]
    sanctions.impose(
        session,
        programme=round_.programme,
        division_code=sanctions.answerable(session, application.division_code, years),
        year=rounds.last_closed_year(session, round_),
        city_years=int(years["city_years"]),
        province_years=int(years["province_years"]),
        named={
            code: int(row["years"]) for code, row in form.content.get("counties", {}).items() if row["barred"]
        },
        decision_number=form.content["number"],
        decided_on=date.fromisoformat(form.content["date"]),
        reason=form.content["facts"],
        subject=context.instance.business_key,
        now=context.now,
        actor_id=context.actor_id or form.submitted_by,
    )
    objections.close(context, objection.id, ObjectionStatus.FRAUD)
    revoke_ended(context, application.id)
    return None


OPERATORS: dict[str, ServiceFunction] = {
    "objections.close": close_objection,
    "objections.uphold": uphold_objection,
    "sanctions.impose": impose_sanction,
}
