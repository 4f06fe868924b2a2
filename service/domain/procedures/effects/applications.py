"""Effects of user tasks on an application."""

from service.domain import (
    applications,
    eligibility,
    judgements,
)
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.procedures import keys
from service.engine.services import Completion, Context, Result


class IntakeRefused(Invalid):
    """受理审查有 {count} 项标为“否”，不能受理。"""


class IntakeBarred(Conflict):
    """{bar}请选择“不予受理”。"""


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
    """The recommending unit agrees only to what meets every condition, computed or judged.

    Of what holds “原则上” it may be overridden, by a record that says why and who approved it.
    """
    if completion.decision == "agree":
        application = keys.application(context)
        judgements.override(context, application, completion)
        eligibility.require(context, application)
        judgements.require(context.session, application)
    return None


def recheck_eligibility(context: Context, completion: Completion) -> Result:
    """Supplemented material must meet every condition as well."""
    application = keys.application(context)
    eligibility.require(context, application)
    applications.mark_submitted(context, application.id)
    return None


EFFECTS = {
    "applications.intake": check_intake,
    "applications.submit": submit_application,
    "eligibility.confirm": confirm_eligibility,
    "eligibility.recheck": recheck_eligibility,
}
