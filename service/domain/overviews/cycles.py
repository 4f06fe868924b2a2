"""Pilots as those who may see them read them: on the round's page, and with their figures on their own."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import cycles, divisions
from service.domain.applications import Application
from service.domain.cycles import (
    Adjustment,
    Cycle,
    CycleAssessment,
    CycleStatus,
    CycleTarget,
    Rectification,
    Stage,
    Verdict,
)

ENDED_EARLY = {CycleStatus.SUSPENDED, CycleStatus.CANCELLED}
ORDINALS = ("first", "second", "third")


class Pilot(NamedTuple):
    """One city of a round whose plan was approved."""

    division: str
    cycle: Cycle
    assessments: list[str]
    """中期评估：达到要求."""

    @property
    def status_label(self) -> str:
        return CycleStatus(self.cycle.status).label

    @property
    def ended_early(self) -> bool:
        return self.cycle.status in ENDED_EARLY


class TargetLine(NamedTuple):
    """One target as it is in force, with what was reached of it."""

    target: CycleTarget
    approved: CycleTarget
    """As it was approved first."""
    reached: dict[int, tuple[str, str]]
    """Year of the cycle → actual and rate in percent, by the last assessment that reported it."""
    before: dict[int, tuple[str, str]]
    """The same as the assessment before had it, where the figures differ: what that one was judged by."""

    def goal(self, year: int) -> tuple[str, str | None]:
        """The goal of a year, and what it was before, where it was adjusted."""
        now, before = self.target.goal(year), self.approved.goal(year)
        return now, before if before != now else None


class AssessmentLine(NamedTuple):
    """One assessment in words."""

    row: CycleAssessment
    stage: str
    verdict: str


class RectificationLine(NamedTuple):
    """One rectification in words, with the adjustment that was asked for in it."""

    row: Rectification
    stage: str
    verdict: str
    adjustment: Adjustment | None


class CycleView(NamedTuple):
    """A pilot's years."""

    cycle: Cycle
    status_label: str
    years: list[int]
    targets: list[TargetLine]
    assessments: list[AssessmentLine]
    rectifications: list[RectificationLine]


def pilots(session: Session, round_id: str) -> list[Pilot]:
    """Those of a round, in the order of division codes, in three statements."""
    rows = session.execute(
        select(Cycle, Application.division_code)
        .join(Application, Application.id == Cycle.application_id)
        .where(Cycle.round_id == round_id)
        .order_by(Application.division_code, Cycle.application_id)
    ).all()
    if not rows:
        return []
    names = divisions.full_names(session, [code for _, code in rows])
    told: dict[str, list[str]] = {}
    every = select(CycleAssessment).where(
        CycleAssessment.application_id.in_([cycle.application_id for cycle, _ in rows])
    )
    for each in session.scalars(every.order_by(CycleAssessment.recorded_at)):
        sentence = f"{Stage(each.stage).label}：{Verdict(each.verdict).label}"
        told.setdefault(each.application_id, []).append(sentence)
    return [Pilot(names[code], cycle, told.get(cycle.application_id, [])) for cycle, code in rows]


def of_application(session: Session, application_id: str) -> CycleView | None:
    """A pilot's targets, figures, assessments and rectifications; None where no plan was approved."""
    cycle = cycles.find_cycle(session, application_id)
    if cycle is None:
        return None
    approved = {each.position: each for each in cycles.targets(session, application_id, 1)}
    reached: dict[int, dict[int, tuple[str, str]]] = {}
    before: dict[int, dict[int, tuple[str, str]]] = {}
    for row in sorted(cycles.results(session, application_id), key=lambda each: each.stage == Stage.FINAL):
        of_target, figures = reached.setdefault(row.position, {}), (row.actual, row.rate)
        if of_target.get(row.year, figures) != figures:
            before.setdefault(row.position, {})[row.year] = of_target[row.year]
        of_target[row.year] = figures
    asked = {each.stage: each for each in cycles.adjustments(session, application_id)}
    return CycleView(
        cycle=cycle,
        status_label=CycleStatus(cycle.status).label,
        years=[cycle.starts_on.year + number for number in range(len(ORDINALS))],
        targets=[
            TargetLine(
                each, approved[each.position], reached.get(each.position, {}), before.get(each.position, {})
            )
            for each in cycles.targets(session, application_id, cycle.version)
        ],
        assessments=[
            AssessmentLine(each, Stage(each.stage).label, Verdict(each.verdict).label)
            for each in cycles.assessments(session, application_id)
        ],
        rectifications=_rectifications(cycles.rectifications(session, application_id), asked),
    )


def _rectifications(rows: Sequence[Rectification], asked: dict[str, Adjustment]) -> list[RectificationLine]:
    return [
        RectificationLine(
            each,
            Stage(each.stage).label,
            Verdict(each.verdict).label if each.verdict else "整改中",
            asked.get(each.stage),
        )
        for each in rows
    ]
