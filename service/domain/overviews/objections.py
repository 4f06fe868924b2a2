"""Objections as those who handle them read them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications, divisions, impacts, objections, pages, rounds, subjects, visibility
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.attachments import Attachment
from service.domain.impacts import Impact
from service.domain.objections import Objection, ObjectionStatus
from service.domain.pages import Page
from service.domain.user_tasks import views
from service.domain.user_tasks.views import Step


class ObjectionLine(NamedTuple):
    """One objection in a list."""

    id: str
    number: str
    application_id: str
    division: str
    notice_id: str | None
    filed_at: datetime
    status: str
    status_label: str


class Receipt(NamedTuple):
    """An objection as its filer follows it."""

    number: str
    filed_at: datetime
    status: str
    status_label: str
    reason: str | None
    """What was found, once nothing more is to be done about it."""


class ObjectionView(NamedTuple):
    """An objection with what came with it and its course.

    Who filed it, how to reach them and what they handed in are the ministry's and the auditors' to know.
    """

    objection: Objection
    line: ObjectionLine
    filer_withheld: bool
    """Whether `filer` and `contact` are None only because the actor may not know them."""
    filer: str | None
    contact: str | None
    attachments: list[Attachment]
    course: list[Step]
    impact: Impact | None
    """Who would move if it were upheld, until it is decided; None for those who may not see the ranking."""


def visible_objections(
    session: Session,
    actor: Actor,
    *,
    status: str | None = None,
    number: int = 1,
    size: int = pages.SIZE,
) -> Page[ObjectionLine]:
    """The objections that the actor may see, the newest first."""
    query = (
        select(Objection, Application)
        .join(Application, Application.id == Objection.application_id)
        .where(visibility.objections(actor))
        .order_by(Objection.filed_at.desc(), Objection.id)
    )
    if status is not None:
        query = query.where(Objection.status == status)
    found = pages.page(session, query, number=number, size=size)
    names = divisions.full_names(session, {about.division_code for _, about in found.rows})
    return found.holding([_line(row, names[about.division_code]) for row, about in found.rows])


def of_objection(session: Session, actor: Actor, objection_id: str) -> ObjectionView:
    """An objection with its course; SubjectMissing where the actor may not see it."""
    business_key = f"{subjects.OBJECTION}:{objection_id}"
    visibility.require(session, actor, business_key)
    objection = objections.get(session, objection_id)
    about = applications.get(session, objection.application_id)
    known = visibility.knows_filers(actor, rounds.get(session, objection.round_id).division_code)
    return ObjectionView(
        objection=objection,
        line=_line(objection, applications.name_of(session, about)),
        filer_withheld=not known and not objection.anonymous,
        filer=objection.filer if known else None,
        contact=objection.contact if known else None,
        attachments=visibility.attachments_of(session, actor, business_key),
        course=views.course(session, actor, business_key),
        impact=impacts.of_objection(session, actor, objection),
    )


def receipt(session: Session, number: str) -> Receipt:
    """What whoever holds the receipt may know; ObjectionMissing."""
    objection = objections.by_number(session, number)
    return Receipt(
        number=objection.number,
        filed_at=objection.filed_at,
        status=objection.status,
        status_label=ObjectionStatus(objection.status).label,
        reason=objection.reason if objection.closed_at is not None else None,
    )


def _line(row: Objection, division: str) -> ObjectionLine:
    return ObjectionLine(
        id=row.id,
        number=row.number,
        application_id=row.application_id,
        division=division,
        notice_id=row.notice_id,
        filed_at=row.filed_at,
        status=row.status,
        status_label=ObjectionStatus(row.status).label,
    )
