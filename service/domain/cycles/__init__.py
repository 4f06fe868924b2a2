"""Cycles: the years in which a city carries out its approved plan, assessed against its own targets."""

from service.domain.cycles.achievements import Achievement, Direction, achieve
from service.domain.cycles.assessing import YEARS, assess, count_as_unmet
from service.domain.cycles.endings import cancel, complete, next_milestone, suspend
from service.domain.cycles.milestones import Kind, Milestone, milestones, months_after
from service.domain.cycles.models import (
    Adjustment,
    Cycle,
    CycleAssessment,
    CycleMissing,
    CycleResult,
    CycleStatus,
    CycleTarget,
    Rectification,
    Stage,
    Verdict,
    adjustments,
    assessments,
    find_cycle,
    get,
    rectifications,
    results,
    targets,
)
from service.domain.cycles.plans import adjust, begin
from service.domain.cycles.recomputing import broken
from service.domain.cycles.rectifying import last_stage, order, settle

__all__ = [
    "YEARS",
    "Achievement",
    "Adjustment",
    "Cycle",
    "CycleAssessment",
    "CycleMissing",
    "CycleResult",
    "CycleStatus",
    "CycleTarget",
    "Direction",
    "Kind",
    "Milestone",
    "Rectification",
    "Stage",
    "Verdict",
    "achieve",
    "adjust",
    "adjustments",
    "assess",
    "assessments",
    "begin",
    "broken",
    "cancel",
    "complete",
    "count_as_unmet",
    "find_cycle",
    "get",
    "last_stage",
    "milestones",
    "months_after",
    "next_milestone",
    "order",
    "rectifications",
    "results",
    "settle",
    "suspend",
    "targets",
]
