"""Pilots as those who may see them read them: on the round's page, and with their figures on their own."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from service.domain import cycles, divisions, editions, pages, rounds, subjects, visibility
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.cycles import (
    Adjustment,
    Cycle,
    CycleAssessment,
    CycleMissing,
    CycleStatus,
    CycleTarget,
    Milestone,
    Rectification,
    Stage,
    Verdict,
)
from service.domain.editions import Edition
from service.domain.pages import Page
from service.domain.rounds import Round

ENDED_EARLY = {CycleStatus.SUSPENDED, CycleStatus.CANCELLED}
ORDINALS = ("first", "second", "third")


class AssessmentLine(NamedTuple):
    """One assessment in words."""

    row: CycleAssessment
    stage: str
    verdict: str
    article: str | None
    """By which it is made."""


class Pilot(NamedTuple):
    """One city of a round whose plan was approved."""

    division_code: str
    division: str
    programme: str
    year: int
    """Of the application."""
    cycle: Cycle
    assessments: Sequence[AssessmentLine]

    @property
    def status_label(self) -> str:
        return CycleStatus(self.cycle.status).label

    @property
    def ended_early(self) -> bool:
        return self.cycle.status in ENDED_EARLY


class GoalLine(NamedTuple):
    """A target's goal of one year; what was reached of it, by the last assessment and the one before."""

    year: int
    goal: str
    approved: str
    actual: str | None
    rate: str | None
    actual_before: str | None
    rate_before: str | None


class TargetLine(NamedTuple):
    """One target as it is in force, with what was reached of it."""

    target: CycleTarget
    approved: CycleTarget
    """As it was approved first."""
    reached: dict[int, tuple[str, str]]
    """Year of the cycle → actual and rate in percent, by the last assessment that reported it."""
    before: dict[int, tuple[str, str]]
    """The same as the assessment before had it, where the figures differ: what that one was judged by."""
    first_year: int

    @property
    def goals(self) -> list[GoalLine]:
        """Year by year."""
        nothing = (None, None)
        return [
            GoalLine(
                self.first_year + number - 1,
                self.target.goal(number),
                self.approved.goal(number),
                *self.reached.get(number, nothing),
                *self.before.get(number, nothing),
            )
            for number, _ in enumerate(ORDINALS, start=1)
        ]

    def goal(self, year: int) -> tuple[str, str | None]:
        """The goal of a year, and what it was before, where it was adjusted."""
        now, before = self.target.goal(year), self.approved.goal(year)
        return now, before if before != now else None


class RectificationLine(NamedTuple):
    """One rectification in words, with the adjustment that was asked for in it."""

    row: Rectification
    stage: str
    verdict: str
    adjustment: Adjustment | None
    article: str | None


class CycleView(NamedTuple):
    """A pilot's years; `article` sets the cycle, `ending_article` how it is ended early."""

    pilot: Pilot
    edition_id: str
    article: str
    ending_article: str | None
    cycle: Cycle
    status_label: str
    years: list[int]
    milestones: Sequence[Milestone]
    """What is due when, from the first to the last."""
    targets: list[TargetLine]
    assessments: Sequence[AssessmentLine]
    rectifications: list[RectificationLine]


def pilots(session: Session, round_id: str) -> list[Pilot]:
    """Those of a round, in the order of division codes."""
    rows = session.execute(_PILOTS.where(Cycle.round_id == round_id).order_by(*_ORDER)).all()
    return _pilots(session, rows)


def visible_cycles(
    session: Session,
    actor: Actor,
    *,
    programme: str | None = None,
    year: int | None = None,
    status: str | None = None,
    division: str | None = None,
    number: int = 1,
    size: int = pages.SIZE,
) -> Page[Pilot]:
    """The pilots whose applications the actor may see, the newest year first.

    `year` is that of the application, `status` a `CycleStatus`, `division` a code or part of a name, with
    all below it.
    """
    wanted = _PILOTS.where(visibility.applications(actor))
    criteria: list[ColumnElement[bool]] = []
    if programme:
        criteria.append(Round.programme == programme)
    if year is not None:
        criteria.append(Round.year == year)
    if status:
        criteria.append(Cycle.status == status)
    if division:
        criteria.append(Application.division_code.in_(divisions.codes_within(division)))
    ordered = wanted.where(*criteria).order_by(Round.year.desc(), *_ORDER)
    found = pages.page(session, ordered, number=number, size=size)
    return found.holding(_pilots(session, found.rows))


def of_cycle(session: Session, actor: Actor, application_id: str) -> CycleView:
    """A pilot's years; SubjectMissing where the actor may not see it, CycleMissing without a plan."""
    visibility.require(session, actor, subjects.key(subjects.APPLICATION, application_id))
    if (found := of_application(session, application_id)) is None:
        raise CycleMissing
    return found


def of_application(session: Session, application_id: str) -> CycleView | None:
    """A pilot's targets, figures, assessments and rectifications; None where no plan was approved."""
    row = session.execute(_PILOTS.where(Cycle.application_id == application_id)).one_or_none()
    if row is None:
        return None
    (pilot,) = _pilots(session, [row])
    cycle = pilot.cycle
    edition = editions.get(session, rounds.get(session, cycle.round_id).edition_id)
    articles = _articles(edition)
    approved = {each.position: each for each in cycles.targets(session, application_id, 1)}
    reached: dict[int, dict[int, tuple[str, str]]] = {}
    before: dict[int, dict[int, tuple[str, str]]] = {}
    for result in sorted(cycles.results(session, application_id), key=lambda each: each.stage == Stage.FINAL):
        of_target, figures = reached.setdefault(result.position, {}), (result.actual, result.rate)
        if of_target.get(result.year, figures) != figures:
            before.setdefault(result.position, {})[result.year] = of_target[result.year]
        of_target[result.year] = figures
    asked = {each.stage: each for each in cycles.adjustments(session, application_id)}
    return CycleView(
        pilot=pilot,
        edition_id=edition.id,
        article=edition.parameters["cycle"]["article"],
        ending_article=articles.get("termination"),
        cycle=cycle,
        status_label=pilot.status_label,
        years=[cycle.starts_on.year + number for number in range(len(ORDINALS))],
        milestones=cycles.milestones(cycle.starts_on, edition.parameters),
        targets=[
            TargetLine(
                each,
                approved[each.position],
                reached.get(each.position, {}),
                before.get(each.position, {}),
                cycle.starts_on.year,
            )
            for each in cycles.targets(session, application_id, cycle.version)
        ],
        assessments=pilot.assessments,
        rectifications=_rectifications(cycles.rectifications(session, application_id), asked, articles),
    )


_PILOTS: Select[Cycle, Application, Round] = (
    select(Cycle, Application, Round)
    .join(Application, Application.id == Cycle.application_id)
    .join(Round, Round.id == Cycle.round_id)
)
_ORDER = (Application.division_code, Cycle.application_id)


def _pilots(session: Session, rows: Collection[Row[Cycle, Application, Round]]) -> list[Pilot]:
    """With their names and assessments, in as many statements for many as for one."""
    names = divisions.full_names(session, [application.division_code for _, application, _ in rows])
    known = editions.get_all(session, {round_.edition_id for *_, round_ in rows})
    every = select(CycleAssessment).where(
        CycleAssessment.application_id.in_([cycle.application_id for cycle, *_ in rows])
    )
    told: dict[str, list[CycleAssessment]] = {}
    for each in session.scalars(every.order_by(CycleAssessment.recorded_at)):
        told.setdefault(each.application_id, []).append(each)
    return [
        Pilot(
            application.division_code,
            names[application.division_code],
            round_.programme,
            round_.year,
            cycle,
            _assessments(told.get(cycle.application_id, []), _articles(known[round_.edition_id])),
        )
        for cycle, application, round_ in rows
    ]


def _articles(edition: Edition) -> Mapping[str, str]:
    """By which article each form of the edition is filled in; an assessment's form is called as its stage."""
    return {each["key"]: each["article"] for each in edition.document.get("forms", ())}


def _assessments(rows: Sequence[CycleAssessment], articles: Mapping[str, str]) -> list[AssessmentLine]:
    return [
        AssessmentLine(each, Stage(each.stage).label, Verdict(each.verdict).label, articles.get(each.stage))
        for each in rows
    ]


def _rectifications(
    rows: Sequence[Rectification], asked: Mapping[str, Adjustment], articles: Mapping[str, str]
) -> list[RectificationLine]:
    return [
        RectificationLine(
            each,
            Stage(each.stage).label,
            Verdict(each.verdict).label if each.verdict else "整改中",
            asked.get(each.stage),
            articles.get("rectification_order"),
        )
        for each in rows
    ]
