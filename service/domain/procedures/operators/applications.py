"""Operators on an application."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.domain import (
    applications,
    awards,
    eligibility,
    rounds,
    sanctions,
)
from service.domain.applications import Status
from service.domain.calendars import chinese
from service.domain.procedures import keys
from service.engine.services import Context, Result, ServiceFunction


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
    """Keep what the table found; whether all conditions are met that nobody can override.

    What holds “原则上” and is not met is the recommending unit's to decide (`eligibility.confirm`).
    """
    application = keys.application(context)
    rows = eligibility.record(context, application.id, findings)
    missed = [row for row in rows if not row.met and row.hard is not False]
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
    award = awards.of_application(context.session, application.id)
    if award is None:
        return {"awarded": False, "award_ends": ""}
    reason = f"入选，激励期自{chinese(award.starts_on)}至{chinese(award.ends_on)}。"
    applications.close(context, application.id, Status.AWARDED, reason)
    return {"awarded": True, "award_ends": award.ends_at.isoformat()}


OPERATORS: dict[str, ServiceFunction] = {
    "applications.accept": accept_application,
    "applications.ready": application_ready,
    "applications.recommendation_result": application_recommended,
    "applications.result": application_result,
    "eligibility.figures": collect_figures,
    "eligibility.record": record_eligibility,
    "sanctions.check": check_sanction,
}
