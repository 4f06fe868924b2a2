"""Operators on public notices. They are called by the round's process, so the subject is the round."""

from service.domain import (
    notices,
    objections,
    rounds,
    shortlists,
)
from service.domain.procedures import keys
from service.domain.rounds import Stage
from service.engine.services import Context, Result, ServiceFunction


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


OPERATORS: dict[str, ServiceFunction] = {
    "notices.check_objections": check_objections,
    "notices.close": close_notice,
    "notices.publish": publish_notice,
}
