"""The plan of a pilot: what its approval fixes, and what an adjustment changes of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from service.domain import applications, awards, editions, forms, rounds, subjects
from service.domain.applications import Application, Status
from service.domain.calendars import chinese
from service.domain.cycles.milestones import months_after
from service.domain.cycles.models import Adjustment, Cycle, CycleTarget, Stage, locked, targets
from service.domain.editions import Edition
from service.domain.forms.kinds.choices import Choice
from service.domain.forms.kinds.row_tables import RepeatedTable
from service.domain.rules import rule
from service.engine import seals
from service.engine.services import Context

GOALS = {"n1": "first", "n2": "second", "n3": "third"}
"""Columns of the forms → columns of the table."""


@rule("试点示范以规定的年数为一个周期，自申报的次年起算", "cycle.years")
def begin(context: Context, application: Application) -> Cycle:
    """The plan was approved: fix its targets, begin the cycle, and enter the city in the ledger."""
    session, key = context.session, subjects.key(subjects.APPLICATION, application.id)
    round_ = rounds.get(session, application.round_id)
    submitted = forms.latest_of(session, key, ["plan", "approval"])
    approval = submitted["approval"].content
    years = int(context.parameters["cycle"]["years"])
    starts_on = date(int(approval["first_year"]), 1, 1)
    cycle = Cycle(
        application_id=application.id,
        round_id=round_.id,
        starts_on=starts_on,
        ends_on=date.fromordinal(months_after(starts_on, 12 * years).toordinal() - 1),
        approval_number=approval["number"],
        approved_on=date.fromisoformat(approval["date"]),
        version=1,
        milestone=0,
    )
    session.add(cycle)
    session.flush()
    edition = editions.get(session, round_.edition_id)
    fixed = fixed_by(application.id, edition, submitted["plan"].content["targets"])
    session.add_all(fixed)
    session.flush()
    context.record(
        "cycle_begun",
        application_id=application.id,
        starts_on=starts_on.isoformat(),
        ends_on=cycle.ends_on.isoformat(),
        sealed=seals.of(cycle, *fixed),
    )
    awards.grant_to(context, round_, application, starts_on, years)
    reason = (
        f"实施方案于{chinese(cycle.approved_on)}获批复（{cycle.approval_number}），"
        f"试点示范自{chinese(starts_on)}至{chinese(cycle.ends_on)}。"
    )
    applications.close(context, application.id, Status.APPROVED, reason)
    return cycle


def adjust(context: Context, cycle: Cycle, stage: Stage, content: Mapping[str, Any]) -> Adjustment:
    """Decide on the change of the plan that the city asked for: agreed, its new goals are in force."""
    session, number, agreed = context.session, None, bool(content["agreed"])
    current = targets(session, cycle.application_id, cycle.version)
    changed: list[CycleTarget] = []
    if agreed:
        cycle = locked(session, cycle.application_id)
        cycle.version += 1
        changed = [changed_by(target, cycle.version, content["targets"]) for target in current]
        session.add_all(changed)
        number = content["number"]
    adjustment = Adjustment(
        application_id=cycle.application_id,
        stage=stage,
        version=cycle.version if agreed else None,
        number=number,
        decided_on=date.fromisoformat(content["date"]),
        reason=content["reason"],
        recorded_at=context.now,
    )
    session.add(adjustment)
    session.flush()
    context.record(
        "plan_adjusted" if agreed else "adjustment_refused",
        application_id=cycle.application_id,
        version=cycle.version,
        sealed=seals.of(cycle, adjustment, *changed),
    )
    return adjustment


def fixed_by(application_id: str, edition: Edition, rows: Sequence[Mapping[str, str]]) -> list[CycleTarget]:
    """The plan's own targets, as version 1."""
    table = editions.form(edition, "plan").fields["targets"]
    assert isinstance(table, RepeatedTable)
    labels = {
        key: label for column in table.columns if isinstance(column, Choice) for key, label in column.options
    }
    return [
        CycleTarget(
            application_id=application_id,
            version=1,
            position=position,
            field=labels[row["group"]],
            name=row["name"],
            unit=row["unit"],
            direction=row["direction"],
            base=row["t1"],
            **{column: row[key] for key, column in GOALS.items()},
        )
        for position, row in enumerate(rows, start=1)
    ]


def changed_by(target: CycleTarget, version: int, rows: Mapping[str, Mapping[str, str]]) -> CycleTarget:
    """A target as an adjustment's form has it: the first year's goal stays."""
    row = rows[str(target.position)]
    return CycleTarget(
        application_id=target.application_id,
        version=version,
        position=target.position,
        field=target.field,
        name=target.name,
        unit=target.unit,
        direction=target.direction,
        base=target.base,
        first=target.first,
        second=row["new_n2"],
        third=row["new_n3"],
    )
