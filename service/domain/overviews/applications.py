"""Applications as those who may see them read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import (
    applications,
    attachments,
    awards,
    divisions,
    editions,
    eligibility,
    objections,
    pages,
    parallels,
    rounds,
    subjects,
    targets,
    visibility,
)
from service.domain.access import Actor
from service.domain.applications import Application, Status
from service.domain.attachments import Attachment
from service.domain.awards import Award
from service.domain.divisions import Division
from service.domain.eligibility import EligibilityFinding
from service.domain.overviews import conditions, cycles, prospects
from service.domain.overviews.conditions import JudgedCondition
from service.domain.overviews.cycles import CycleView
from service.domain.pages import Page
from service.domain.rounds import Round
from service.domain.user_tasks import views
from service.domain.user_tasks.views import FormView, Step


class ApplicationLine(NamedTuple):
    """One application in a list."""

    id: str
    division_code: str
    division: str
    """浙江省杭州市余杭区"""
    round_title: str
    status: str
    status_label: str
    created_at: datetime
    submitted_at: datetime | None


class ApplicationView(NamedTuple):
    """An application with its course."""

    application: Application
    line: ApplicationLine
    round: Round
    findings: Sequence[EligibilityFinding]
    """Of the latest check of the conditions."""
    judgements: Sequence[JudgedCondition]
    """Of the conditions that cannot be computed, by the recommending unit."""
    course: list[Step]
    materials: list[FormView]
    """What was submitted in the case and is open to the actor, to read."""
    attachments: list[Attachment]
    award: Award | None
    has_prospect: bool
    """Whether the actor may read where it stands in the ranking, and what it lacks."""
    cycle: CycleView | None
    """Of a city whose plan was approved."""
    warnings: list[str]
    """What to bear in mind, though it stops nobody."""
    scored_by_targets: bool
    """Whether its points can be explained indicator by indicator."""
    may_open_case: bool
    """Whether the actor may have it looked into now, outside a notice."""


def visible_applications(
    session: Session,
    actor: Actor,
    *,
    round_id: str | None = None,
    application_id: str | None = None,
    year: int | None = None,
    status: str | None = None,
    search: str = "",
    number: int = 1,
    size: int = pages.SIZE,
) -> Page[ApplicationLine]:
    """The applications that the actor may see, the newest year first, in the order of division codes.

    `application_id` is the only one wanted, `search` is part of the division's name, or how its code begins.
    """
    query = (
        select(Application, Round.title)
        .join(Round, Round.id == Application.round_id)
        .join(Division, Division.code == Application.division_code)
        .where(visibility.applications(actor))
        .order_by(Round.year.desc(), Application.division_code, Application.created_at, Application.id)
    )
    if round_id is not None:
        query = query.where(Application.round_id == round_id)
    if application_id is not None:
        query = query.where(Application.id == application_id)
    if year is not None:
        query = query.where(Round.year == year)
    if status is not None:
        query = query.where(Application.status == status)
    if search:
        named = Division.name.contains(search, autoescape=True)
        query = query.where(named | Division.code.startswith(search, autoescape=True))
    found = pages.page(session, query, number=number, size=size)
    names = divisions.full_names(session, {row.division_code for row, _ in found.rows})
    return found.holding([_line(row, names[row.division_code], title) for row, title in found.rows])


def of_application(session: Session, actor: Actor, application_id: str) -> ApplicationView:
    """An application with its course; SubjectMissing where the actor may not see it."""
    business_key = f"{subjects.APPLICATION}:{application_id}"
    visibility.require(session, actor, business_key)
    application = applications.get(session, application_id)
    round_ = rounds.get(session, application.round_id)
    return ApplicationView(
        application=application,
        line=_line(application, applications.name_of(session, application), round_.title),
        round=round_,
        findings=eligibility.latest(session, application_id),
        judgements=conditions.judged(session, application),
        course=(course := views.course(session, actor, business_key)),
        materials=_materials(session, actor, course),
        attachments=attachments.of(session, business_key),
        cycle=cycles.of_application(session, application_id),
        award=awards.of_application(session, application_id),
        has_prospect=prospects.reads_own(session, actor, application),
        warnings=parallels.warnings(session, actor, subjects.get(session, business_key)),
        scored_by_targets=targets.PROCESS in editions.get(session, round_.edition_id).definitions,
        may_open_case=objections.may_open_case(session, actor, application),
    )


def _materials(session: Session, actor: Actor, course: Sequence[Step]) -> list[FormView]:
    """As the case's last user task shows them: what may be read of them is judged there."""
    tasks = [step.user_task_id for step in course if step.office]
    if not tasks:
        return []
    view = views.view(session, actor, tasks[-1])
    return [form for form in (*view.forms, *view.materials) if form.content and not form.editable]


def _line(row: Application, division: str, round_title: str) -> ApplicationLine:
    return ApplicationLine(
        id=row.id,
        division_code=row.division_code,
        division=division,
        round_title=round_title,
        status=row.status,
        status_label=Status(row.status).label,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
    )
