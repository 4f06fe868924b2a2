"""What must hold of a round of pilots and of their cycles, computed anew instead of asked.

Each yields a sentence for everything that is broken.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import chinese_calendar
from sqlalchemy import select

from service.clock import SHANGHAI
from service.domain import cycles, divisions, forms
from service.domain.applications import Status
from service.domain.awards import AwardStatus
from service.domain.cycles import Cycle, CycleStatus, Stage, Verdict
from service.domain.evaluations import Evaluation
from service.domain.simulation.facts import Facts
from service.engine.user_tasks import UserTask, UserTaskStatus

YEARS = {"midterm": (1,), "final": (1, 2, 3)}
ENDED = {
    Status.WITHDRAWN,
    Status.LAPSED,
    Status.REFUSED,
    Status.NOT_ACCEPTED,
    Status.NOT_APPROVED,
    Status.COMPLETED,
    Status.CANCELLED,
}


def intake(facts: Facts) -> Iterator[str]:
    """Whatever was submitted was begun in its year; 计划单列市 alone report directly, the province copied."""
    direct = facts.parameters["separately_planned"]["route"] == "direct"
    for key, each in facts.applications.items():
        name = facts.names[key]
        if each.created_at.astimezone(SHANGHAI).year != facts.round.year:
            yield f"{name}：不在申报年度之内。"
        reached = {task.element_id for task in _tasks(facts, key)}
        apart = divisions.get(facts.session, each.division_code).tag == "separately-planned"
        if reached & {"own_review", "province_review"} and ("own_review" in reached) != (apart and direct):
            yield f"{name}：报送渠道与行政区划不符。"
        if ("submit_directly" in _done(facts, key)) != (each.copied_at is not None):
            yield f"{name}：直接报送的没有抄送省级，或者不该抄送。"
        if each.accepted_at and not _done(facts, key) & {"submit_materials", "submit_directly"}:
            yield f"{name}：没有报送材料及初审意见就受理了。"


def evaluations(facts: Facts) -> Iterator[str]:
    """Enough sheets, in time, none of somebody who withdrew; the mean follows from them."""
    minimum = int(facts.parameters["committee"]["minimum_sheets"])
    best = Fraction(facts.parameters["scoring"]["maximum"])
    rows = facts.session.scalars(select(Evaluation).where(Evaluation.round_id == facts.round.id)).all()
    for each in rows:
        name, key = facts.names[each.application_id], each.application_id
        sheets = [s for s in facts.sheets if s.application_id == key and s.scoring_pass == each.number]
        if any((key, sheet.person_id) in facts.recusals for sheet in sheets):
            yield f"{name}：有须回避的成员打了分。"
        if any(not 0 <= Fraction(sheet.score) <= best for sheet in sheets):
            yield f"{name}：有打分不在 0 至 {best} 之间。"
        if any(sheet.submitted_at >= each.ends_at for sheet in sheets):
            yield f"{name}：有打分在期限之后提交。"
        if each.score is None:
            yield f"{name}：打分没有汇总。"
        elif len(sheets) < minimum or each.sheets != len(sheets):
            yield f"{name}：打分 {len(sheets)} 份，少于 {minimum} 份，或与登记不符。"
        else:
            mean = sum(Fraction(sheet.score) for sheet in sheets) / len(sheets)
            shown = Fraction((mean * 100 + Fraction(1, 2)).__floor__(), 100)
            if Fraction(each.exact or "0") != mean or Fraction(each.score) != shown:
                yield f"{name}：得分 {each.score} 与打分表的平均数不符。"


def approvals(facts: Facts) -> Iterator[str]:
    """A pilot was reviewed on both sides, found to meet the standards, approved, and reported upwards."""
    years = int(facts.parameters["cycle"]["years"])
    for key, name, cycle in _cycles(facts):
        if not _done(facts, key) >= {
            "bureau_review",
            "judge_plan",
            "approve_plan",
            "report_to_leading_group",
        }:
            yield f"{name}：没有经过全部审查和审定，或者没有报领导小组。"
        judged = forms.latest(facts.session, f"application:{key}", "assessment")
        if judged is None or judged.content["satisfied"] is not True:
            yield f"{name}：不满足选择标准却获得批复。"
        first = date(facts.round.year + 1, 1, 1)
        if (cycle.starts_on, cycle.ends_on) != (first, date(first.year + years - 1, 12, 31)):
            yield f"{name}：周期 {cycle.starts_on} 至 {cycle.ends_on} 不是 T+1 年起的 {years} 年。"
        if facts.applications[key].accepted_at is None:
            yield f"{name}：没有受理就获得批复。"


def targets(facts: Facts) -> Iterator[str]:
    """The targets are the plan's own; they change by an agreed adjustment alone, and the first year never."""
    for key, name, cycle in _cycles(facts):
        plan = forms.latest(facts.session, f"application:{key}", "plan")
        assert plan is not None
        told = [(row["name"], row["n1"], row["n2"], row["n3"]) for row in plan.content["targets"]]
        first = cycles.targets(facts.session, key, 1)
        if [(each.name, each.first, each.second, each.third) for each in first] != told:
            yield f"{name}：登记的目标与批复的实施方案不一致。"
        agreed = [each for each in cycles.adjustments(facts.session, key) if each.version is not None]
        if cycle.version != 1 + len(agreed):
            yield f"{name}：目标改了 {cycle.version - 1} 次，同意的调整有 {len(agreed)} 次。"
        for version in range(2, cycle.version + 1):
            later = cycles.targets(facts.session, key, version)
            if [(each.name, each.first) for each in later] != [(each.name, each.first) for each in first]:
                yield f"{name}：调整改动了已经评估的目标。"


def achievements(facts: Facts) -> Iterator[str]:
    """Every rate follows from the city's own target and the figure that it reported, by its direction."""
    least = Fraction(facts.parameters["assessment"]["rate"])
    for key, name, _ in _cycles(facts):
        results = cycles.results(facts.session, key)
        for assessment in cycles.assessments(facts.session, key):
            if assessment.verdict == Verdict.UNREPORTED:
                if any(r.stage == assessment.stage for r in results):
                    yield f"{name}：{Stage(assessment.stage).label}没有报送，却有完成情况。"
                continue
            reported = forms.latest(facts.session, f"application:{key}", assessment.stage)
            assert reported is not None
            ways = {t.position: t for t in cycles.targets(facts.session, key, assessment.version)}
            mine = {(r.position, r.year): r for r in results if r.stage == assessment.stage}
            expected = {(position, year) for position in ways for year in YEARS[assessment.stage]}
            if mine.keys() != expected:
                yield f"{name}：{Stage(assessment.stage).label}没有评估全部目标。"
                continue
            rates = {}
            for (position, year), row in mine.items():
                actual = Fraction(reported.content["targets"][str(position)][f"reached_n{year}"])
                goal = Fraction(ways[position].goal(year))
                higher = ways[position].direction == "higher"
                rates[position, year] = 100 * (actual / goal if higher else goal / actual)
                shown = Fraction((rates[position, year] * 100 + Fraction(1, 2)).__floor__(), 100)
                if Fraction(row.exact) != rates[position, year] or Fraction(row.rate) != shown:
                    yield f"{name}：第 {position} 项目标第 {year} 年的完成率不符。"
            last = [r for r in mine.values() if r.year == YEARS[assessment.stage][-1]]
            if assessment.reached != sum(Fraction(r.rate) >= least for r in last):
                yield f"{name}：完成的目标数不符。"


def milestones(facts: Facts) -> Iterator[str]:
    """The mid-term assessment at its month, the final one after all years, a meeting every year."""
    years, middle = (
        int(facts.parameters["cycle"]["years"]),
        int(facts.parameters["assessment"]["midterm_after_months"]),
    )
    for key, name, cycle in _cycles(facts):
        over = cycle.status == CycleStatus.COMPLETED
        months = {"midterm": middle, "final": 12 * years}
        assessed = {each.stage: each.recorded_at for each in cycles.assessments(facts.session, key)}
        for stage, after in months.items():
            year, month = divmod(cycle.starts_on.year * 12 + cycle.starts_on.month - 1 + after, 12)
            due = datetime(year, month + 1, 1, tzinfo=SHANGHAI)
            if stage in assessed and assessed[stage] < due:
                yield f"{name}：{Stage(stage).label}早于规定的时间。"
            if over and stage not in assessed:
                yield f"{name}：期满了，却没有{Stage(stage).label}。"
        met = sum(task.element_id == "yearly_meeting" for task in _tasks(facts, key))
        if over and met != years:
            yield f"{name}：召开年度会议 {met} 次，应为 {years} 次。"


def rectifications(facts: Facts) -> Iterator[str]:
    """After an unmet assessment alone; its working days in full; what comes too late is not taken."""
    for key, name, cycle in _cycles(facts):
        unmet = {each.stage for each in cycles.assessments(facts.session, key) if each.verdict != Verdict.MET}
        ordered = {each.stage: each for each in cycles.rectifications(facts.session, key)}
        if unmet != ordered.keys():
            yield f"{name}：未达要求的评估与限期整改不一致。"
        for each in ordered.values():
            last = _last_day(each.ordered_at.astimezone(SHANGHAI).date(), each.working_days)
            end = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
            if each.ends_on != last or each.ends_at != end:
                yield f"{name}：整改期限应到 {last} 24:00，而不是 {each.ends_on}。"
            reported = [
                task
                for task in _tasks(facts, key)
                if task.element_id in ("rectify", "adjust") and task.created_at >= each.ordered_at
            ]
            in_time = any(
                task.status == UserTaskStatus.COMPLETED
                and task.completed_at is not None
                and task.completed_at < each.ends_at
                for task in reported[:1]
            )
            if in_time == (each.verdict == Verdict.OVERDUE):
                yield f"{name}：整改报告是否按期与登记不符。"
        failed = any(each.verdict != Verdict.MET for each in ordered.values())
        if failed != (cycle.status == CycleStatus.CANCELLED):
            yield f"{name}：整改的结果与中止和通报取消不一致。"


def endings(facts: Facts) -> Iterator[str]:
    """Everybody has come to an end and can read why; the ledger says the same."""
    awarded = {CycleStatus.COMPLETED: AwardStatus.EXPIRED, CycleStatus.CANCELLED: AwardStatus.REVOKED}
    of_cycles: Mapping[str, Cycle] = {key: cycle for key, _, cycle in _cycles(facts)}
    for key, each in facts.applications.items():
        name = facts.names[key]
        if each.status not in ENDED or each.closed_at is None or not each.reason:
            yield f"{name}：没有办结（{Status(each.status).label}），或没有理由。"
        cycle, award = of_cycles.get(key), facts.awards.get(key)
        if (cycle is None) != (award is None):
            yield f"{name}：试点示范与台账不一致。"
        elif cycle is not None and award is not None:
            if award.status != awarded.get(CycleStatus(cycle.status)):
                yield f"{name}：台账的状态与试点示范的结果不一致。"
            if (award.starts_on, award.ends_on) != (cycle.starts_on, cycle.ends_on):
                yield f"{name}：台账的起止与周期不一致。"
            if cycle.status == CycleStatus.CANCELLED and cycle.reason != award.reason:
                yield f"{name}：台账没有写明取消的理由。"
    if facts.round.outcome != "ended":
        yield f"{facts.round.title}：受理没有结束。"


def _cycles(facts: Facts) -> Iterator[tuple[str, str, Cycle]]:
    """Application id, name and cycle of every pilot."""
    for key in facts.applications:
        cycle = cycles.find_cycle(facts.session, key)
        if cycle is not None:
            yield key, facts.names[key], cycle


def _tasks(facts: Facts, application_id: str) -> list[UserTask]:
    query = select(UserTask).where(UserTask.business_key == f"application:{application_id}")
    return list(facts.session.scalars(query.order_by(UserTask.created_at)))


def _done(facts: Facts, application_id: str) -> set[str]:
    """The elements whose user tasks were completed."""
    tasks = _tasks(facts, application_id)
    return {task.element_id for task in tasks if task.status == UserTaskStatus.COMPLETED}


def _last_day(first: date, days: int) -> date:
    """Counted day by day on the State Council's calendar, without the project's own code."""
    day = first
    while days:
        day += timedelta(days=1)
        days -= chinese_calendar.is_workday(day)
    return day
