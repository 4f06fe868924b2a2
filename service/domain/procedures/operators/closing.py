"""The end of an application without an award, and the reason that its applicant reads."""

from datetime import datetime, timedelta

from service.clock import SHANGHAI
from service.domain import (
    applications,
    awards,
    judgements,
    objections,
    rounds,
    sanctions,
    shortlists,
    standings,
)
from service.domain.applications import Application, Status
from service.domain.calendars import chinese
from service.domain.procedures import keys
from service.domain.procedures.operators.awards import revoke
from service.domain.rounds import Outcome
from service.domain.shortlists import CandidateState
from service.engine.services import Context, Result, ServiceFunction


def close_application(context: Context, status: str, ended: str = "") -> Result:
    """End the application; the reason is found where the decision stands.

    `ended` is the deadline that passed, where it is not that of the round's collection. Who is disqualified
    may have an award of which it has not heard yet: that is taken away.
    """
    application = keys.application(context)
    if status == Status.DISQUALIFIED and awards.of_application(context.session, application.id) is not None:
        revoke(context, applications.locked(context.session, application.id))
        return None
    reason = _passed(ended) if ended else _REASONS[Status(status)](context, application)
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


def _passed(ended: str) -> str:
    last = datetime.fromisoformat(ended).astimezone(SHANGHAI) - timedelta(microseconds=1)
    return f"到{chinese(last.date())} 24:00 截止时，还没有办结。"


def _why_refused(context: Context, application: Application) -> str:
    written = keys.refusal(context) or "审核单位不同意申报。"
    return written + judgements.unmet_sentence(judgements.of(context.session, application))


def _why_not_recommended(context: Context, application: Application) -> str:
    return applications.why_not_recommended(context.session, application)


def _why_not_accepted(context: Context, application: Application) -> str:
    return keys.refusal(context) or "没有在规定期限内补正申报材料。"


def _why_not_approved(context: Context, application: Application) -> str:
    return keys.refusal(context) or "实施方案没有获得批复。"


def _why_disqualified(context: Context, application: Application) -> str:
    return objections.upheld(context.session, [application.id])[application.id]


def _why_not_selected(context: Context, application: Application) -> str:
    if scored := standings.of_application(context.session, application.id):
        return scored[-1].reason
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
    Status.NOT_APPROVED: _why_not_approved,
}


OPERATORS: dict[str, ServiceFunction] = {
    "applications.close": close_application,
}
