"""Rectifications: an order with a deadline, the check of what was done, or the lapse of the deadline."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.domain import calendars
from service.domain.cycles.assessing import PASSED
from service.domain.cycles.models import (
    Cycle,
    CycleStatus,
    Rectification,
    Stage,
    Verdict,
    assessments,
    locked,
    rectifications,
)
from service.domain.errors import Invalid
from service.domain.rules import rule
from service.engine import seals
from service.engine.services import Context


class AdjustmentTooLate(Invalid):
    """三年已经期满，目标不能再调整。请把“须调整和优化实施方案”改为“否”。"""

    place, form = "/adjust", "rectification_order"


class DaysOutOfRange(Invalid):
    """整改期限应为 {minimum} 至 {maximum} 个工作日，不能是 {days} 个。"""

    place, form = "/working_days", "rectification_order"


def last_stage(session: Session, application_id: str) -> Stage:
    """Of the assessment that was last."""
    return Stage(assessments(session, application_id)[-1].stage)


@rule(
    "评估结果未达要求的，在通知写明的工作日内整改",
    "rectification.minimum_days",
    "rectification.maximum_days",
)
def order(context: Context, cycle: Cycle, content: Mapping[str, Any]) -> Rectification:
    """Set the deadline: 24:00 of the last working day; DaysOutOfRange, AdjustmentTooLate."""
    session, bounds = context.session, context.parameters["rectification"]
    days, stage = int(content["working_days"]), last_stage(session, cycle.application_id)
    minimum, maximum = int(bounds["minimum_days"]), int(bounds["maximum_days"])
    if not minimum <= days <= maximum:
        raise DaysOutOfRange(minimum=minimum, maximum=maximum, days=days)
    if content["adjust"] and stage == Stage.FINAL:
        raise AdjustmentTooLate
    cycle = locked(session, cycle.application_id)
    cycle.status = CycleStatus.RECTIFYING
    ends_on = calendars.working_days_after(session, context.now, days)
    ordered = Rectification(
        application_id=cycle.application_id,
        stage=stage,
        order_number=content["number"],
        working_days=days,
        ends_on=ends_on,
        ends_at=calendars.end_of_day(ends_on),
        adjusts=bool(content["adjust"]),
        ordered_at=context.now,
    )
    session.add(ordered)
    session.flush()
    context.record(
        "rectification_ordered",
        application_id=cycle.application_id,
        ends_on=ends_on.isoformat(),
        sealed=seals.of(cycle, ordered),
    )
    return ordered


def settle(context: Context, cycle: Cycle, verdict: Verdict) -> Rectification:
    """The rectification that is open comes to its end: met, still unmet, or overdue."""
    session = context.session
    cycle = locked(session, cycle.application_id)
    ordered = rectifications(session, cycle.application_id)[-1]
    ordered.verdict, ordered.closed_at = verdict, context.now
    met = verdict == Verdict.MET
    cycle.status = PASSED[Stage(ordered.stage)] if met else CycleStatus.UNMET
    session.flush()
    context.record(
        "rectification_overdue" if verdict == Verdict.OVERDUE else "rectification_checked",
        application_id=cycle.application_id,
        verdict=verdict,
        sealed=seals.of(cycle, ordered),
    )
    return ordered
