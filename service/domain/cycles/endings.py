"""The end of a cycle: its years are over, or it is suspended and cancelled by circular."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from service.clock import SHANGHAI
from service.domain import applications, awards
from service.domain.applications import Status
from service.domain.calendars import chinese
from service.domain.cycles.assessing import passed
from service.domain.cycles.milestones import Kind, Milestone, milestones
from service.domain.cycles.models import (
    Cycle,
    CycleStatus,
    Stage,
    Verdict,
    assessments,
    locked,
    rectifications,
)
from service.engine import seals
from service.engine.services import Context


def next_milestone(context: Context, cycle: Cycle) -> tuple[Kind, datetime]:
    """What comes next and from when on; the final assessment is the last."""
    cycle = locked(context.session, cycle.application_id)
    due: Milestone = milestones(cycle.starts_on, context.parameters)[cycle.milestone]
    cycle.milestone += 1
    context.session.flush()
    context.record(
        "milestone_set",
        application_id=cycle.application_id,
        kind=due.kind,
        due_on=due.on.isoformat(),
        sealed=seals.of(cycle),
    )
    return due.kind, datetime.combine(due.on, time(), SHANGHAI)


def suspend(context: Context, cycle: Cycle) -> None:
    """中止: what was to be put right still fails."""
    cycle = locked(context.session, cycle.application_id)
    ordered = rectifications(context.session, cycle.application_id)[-1]
    failed = "期限内没有报送整改报告" if ordered.verdict == Verdict.OVERDUE else "经复核仍达不到要求"
    cycle.status = CycleStatus.SUSPENDED
    cycle.reason = (
        f"{Stage(ordered.stage).label}未达要求，限期整改（{ordered.order_number}，"
        f"至{chinese(ordered.ends_on)}）后，{failed}。"
    )
    context.session.flush()
    context.record("cycle_suspended", application_id=cycle.application_id, sealed=seals.of(cycle))
    applications.close(context, cycle.application_id, Status.SUSPENDED, cycle.reason)


def cancel(context: Context, cycle: Cycle, content: Mapping[str, Any]) -> None:
    """通报取消: the city is a pilot no more; its award is revoked."""
    cycle = locked(context.session, cycle.application_id)
    reason = f"{cycle.reason}中止并通报取消试点示范工作（{content['number']}）。"
    cycle.status, cycle.reason, cycle.closed_at = CycleStatus.CANCELLED, reason, context.now
    context.session.flush()
    context.record("cycle_cancelled", application_id=cycle.application_id, sealed=seals.of(cycle))
    awards.revoke(
        context.session, cycle.application_id, reason=reason, now=context.now, actor_id=context.actor_id
    )
    applications.close(context, cycle.application_id, Status.CANCELLED, reason)


def complete(context: Context, cycle: Cycle) -> None:
    """The years are over, and what was aimed at was reached or put right."""
    cycle = locked(context.session, cycle.application_id)
    cycle.status, cycle.closed_at = CycleStatus.COMPLETED, context.now
    context.session.flush()
    context.record("cycle_completed", application_id=cycle.application_id, sealed=seals.of(cycle))
    awards.expire(context.session, cycle.application_id, now=context.now)
    result = (
        "达到要求"
        if passed(assessments(context.session, cycle.application_id))
        else "未达要求，经限期整改达到要求"
    )
    reason = f"期满考核{result}，试点示范于{chinese(cycle.ends_on)}期满。"
    applications.close(context, cycle.application_id, Status.COMPLETED, reason)
