"""Assessments: a city's reported figures against the targets of its own plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from service.clock import SHANGHAI
from service.domain.cycles.achievements import Achievement, achieve, lowest
from service.domain.cycles.milestones import milestones
from service.domain.cycles.models import (
    Cycle,
    CycleAssessment,
    CycleResult,
    CycleStatus,
    CycleTarget,
    Stage,
    Verdict,
    locked,
    targets,
)
from service.domain.rules import rule
from service.engine import seals
from service.engine.services import Context

YEARS = {Stage.MIDTERM: (1,), Stage.FINAL: (1, 2, 3)}
"""Which years' figures a stage reports; the last of them is the one that is assessed (reading 22)."""
PASSED = {Stage.MIDTERM: CycleStatus.MIDTERM, Stage.FINAL: CycleStatus.SUMMARY}


class Figures(NamedTuple):
    """What an assessment counts of the year that it assesses, as `CycleAssessment` keeps it."""

    targets: int
    reached: int
    lowest: str


@rule("按批复的实施方案中自定的目标考核评估，完成率不低于规定的为完成", "assessment.rate")
def assess(
    context: Context, cycle: Cycle, stage: Stage, content: Mapping[str, Any], parameters: Mapping[str, Any]
) -> CycleAssessment:
    """Compute every target's achievement afresh from the figures, and record the ministry's verdict."""
    session = context.session
    cycle = locked(session, cycle.application_id)
    against = targets(session, cycle.application_id, cycle.version)
    rows, figures = results_of(stage, against, content, parameters)
    assessment = CycleAssessment(
        application_id=cycle.application_id,
        stage=stage,
        verdict=Verdict(content["conclusion"]),
        version=cycle.version,
        **figures._asdict(),
        assessed_on=date.fromisoformat(content["assessed_on"]),
        recorded_at=context.now,
    )
    cycle.status = PASSED[stage] if assessment.verdict == Verdict.MET else CycleStatus.UNMET
    session.add(assessment)
    session.flush()
    session.add_all(rows)
    session.flush()
    context.record(
        "cycle_assessed",
        application_id=cycle.application_id,
        stage=stage,
        verdict=assessment.verdict,
        sealed=seals.of(cycle, assessment, *rows),
    )
    return assessment


@rule("逾期没有报送考核评估情况的，由主办部门督促报送，或者认定未达要求", "reporting")
def count_as_unmet(context: Context, cycle: Cycle) -> CycleAssessment:
    """No report came for the milestone that is due: an assessment without figures (reading 27)."""
    session = context.session
    cycle = locked(session, cycle.application_id)
    due = milestones(cycle.starts_on, context.parameters)[cycle.milestone - 1]
    assessment = CycleAssessment(
        application_id=cycle.application_id,
        stage=Stage(due.kind.value),
        verdict=Verdict.UNREPORTED,
        version=cycle.version,
        targets=len(targets(session, cycle.application_id, cycle.version)),
        reached=0,
        lowest="",
        assessed_on=context.now.astimezone(SHANGHAI).date(),
        recorded_at=context.now,
    )
    cycle.status = CycleStatus.UNMET
    session.add(assessment)
    session.flush()
    context.record(
        "cycle_assessed",
        application_id=cycle.application_id,
        stage=assessment.stage,
        verdict=assessment.verdict,
        sealed=seals.of(cycle, assessment),
    )
    return assessment


def results_of(
    stage: Stage, against: Sequence[CycleTarget], content: Mapping[str, Any], parameters: Mapping[str, Any]
) -> tuple[list[CycleResult], Figures]:
    """What the figures of a report come to against these targets, by target and year, and in sum."""
    rows: list[CycleResult] = []
    assessed: list[Achievement] = []
    for target in against:
        given = content["targets"][str(target.position)]
        for year in YEARS[stage]:
            row, achievement = _result(stage, target, year, given[f"reached_n{year}"])
            rows.append(row)
        assessed.append(achievement)
    least = Fraction(str(parameters["assessment"]["rate"]))
    reached = sum(each.reaches(least) for each in assessed)
    return rows, Figures(len(assessed), reached, lowest(assessed).shown)


def _result(stage: Stage, target: CycleTarget, year: int, actual: str) -> tuple[CycleResult, Achievement]:
    goal = target.goal(year)
    achievement = achieve(target.direction, Fraction(goal), Fraction(actual))
    row = CycleResult(
        application_id=target.application_id,
        stage=stage,
        position=target.position,
        year=year,
        goal=goal,
        actual=actual,
        exact=str(achievement.rate),
        rate=achievement.shown,
    )
    return row, achievement


def passed(assessments: Sequence[CycleAssessment]) -> bool:
    """Whether the last assessment met what was required."""
    return bool(assessments) and assessments[-1].verdict == Verdict.MET
