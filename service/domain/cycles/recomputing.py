"""Recomputing: whether goals and rates are what plans, adjustments and reports come to."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import editions, forms, rounds, subjects
from service.domain.cycles.assessing import Figures, results_of
from service.domain.cycles.models import (
    Cycle,
    CycleResult,
    CycleTarget,
    Stage,
    Verdict,
    adjustments,
    assessments,
    results,
    targets,
)
from service.domain.cycles.plans import changed_by, fixed_by
from service.domain.editions import Edition

GOALS = ("position", "field", "name", "unit", "direction", "base", "first", "second", "third")
RATES = ("position", "year", "goal", "actual", "exact", "rate")
UNREADABLE = (KeyError, TypeError, ValueError)
"""What a form that is missing or was tampered with raises; then nothing comes of it."""


def broken(session: Session) -> Iterator[str]:
    """A sentence for all goals that are not the plan's or an adjustment's, and for every wrong assessment."""
    for cycle in session.scalars(select(Cycle).order_by(Cycle.application_id)):
        edition = editions.get(session, rounds.get(session, cycle.round_id).edition_id)
        yield from _goals(session, cycle, edition)
        yield from _assessments(session, cycle, edition)


def _goals(session: Session, cycle: Cycle, edition: Edition) -> Iterator[str]:
    id_ = cycle.application_id
    agreed = [each.version for each in adjustments(session, id_) if each.version is not None]
    given = forms.latest_of(session, subjects.key(subjects.APPLICATION, id_), ["plan", "adjustment"])
    expected: list[CycleTarget] = []
    for version in (1, *agreed):
        with suppress(*UNREADABLE):
            if version == 1:
                expected = fixed_by(id_, edition, given["plan"].content["targets"])
            else:
                rows = given["adjustment"].content["targets"]
                expected = [changed_by(target, version, rows) for target in expected]
        if _values(targets(session, id_, version), GOALS) != _values(expected, GOALS):
            yield f"目标（cycle_target {id_}/{version}）与批复的实施方案或同意的调整不符。"
    if cycle.version != max((1, *agreed)):
        yield f"试点示范周期（cycle {id_}）执行的目标不是最近批复或同意调整的。"


def _assessments(session: Session, cycle: Cycle, edition: Edition) -> Iterator[str]:
    id_ = cycle.application_id
    given = forms.latest_of(session, subjects.key(subjects.APPLICATION, id_), list(Stage))
    found = {stage: list(rows) for stage, rows in groupby(results(session, id_), key=lambda each: each.stage)}
    for each in assessments(session, id_):
        against, rows = targets(session, id_, each.version), list[CycleResult]()
        figures = Figures(len(against), 0, "")
        if each.verdict != Verdict.UNREPORTED:
            with suppress(*UNREADABLE):
                content = given[each.stage].content
                rows, figures = results_of(Stage(each.stage), against, content, edition.parameters)
        if _values(found.get(each.stage, []), RATES) != _values(rows, RATES):
            yield f"目标完成情况（cycle_result {id_}/{each.stage}）与报送的数据和目标算出的不符。"
        if Figures(each.targets, each.reached, each.lowest) != figures:
            yield f"考核评估（cycle_assessment {id_}/{each.stage}）的完成数或最低完成率与算出的不符。"


def _values(rows: Sequence[CycleTarget] | Sequence[CycleResult], names: Iterable[str]) -> list[list[Any]]:
    return [[getattr(row, name) for name in names] for row in rows]
