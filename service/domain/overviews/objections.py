"""Objections as those who handle them read them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications, attachments, objections, subjects, visibility
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.attachments import Attachment
from service.domain.objections import Objection, ObjectionStatus
from service.domain.overviews.applications import full_names
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


class ObjectionView(NamedTuple):
    """An objection with what came with it and its course."""

    objection: Objection
    line: ObjectionLine
    attachments: list[Attachment]
    course: list[Step]


def visible_objections(session: Session, actor: Actor) -> list[ObjectionLine]:
    """The objections that the actor may see, the newest first."""
    found = session.scalars(select(Objection).order_by(Objection.filed_at.desc(), Objection.id)).all()
    seen = [row for row in found if visibility.sees(session, actor, f"{subjects.OBJECTION}:{row.id}")]
    about = session.scalars(
        select(Application).where(Application.id.in_({row.application_id for row in seen}))
    ).all()
    names = full_names(session, about)
    return [_line(row, names[row.application_id]) for row in seen]


def of_objection(session: Session, actor: Actor, objection_id: str) -> ObjectionView:
    """An objection with its course; SubjectMissing where the actor may not see it."""
    business_key = f"{subjects.OBJECTION}:{objection_id}"
    visibility.require(session, actor, business_key)
    objection = objections.get(session, objection_id)
    about = applications.get(session, objection.application_id)
    return ObjectionView(
        objection=objection,
        line=_line(objection, full_names(session, [about])[about.id]),
        attachments=attachments.of(session, business_key),
        course=views.course(session, actor, business_key),
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
