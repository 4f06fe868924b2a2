"""待办 and 已办: pages of user tasks, ordered by their due date, without loading any instance."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain import offices, pages, subjects
from service.domain.access import Actor
from service.domain.memberships import EXPERT, OFFICIAL
from service.domain.pages import Page
from service.domain.people import Person
from service.engine.user_tasks import UserTask, UserTaskStatus


class Row(NamedTuple):
    """One line of a list."""

    id: str
    name: str
    subject: str
    """余杭区 · 2018年度…"""
    business_key: str
    office: str
    """The office's name; the assignee's for what is given to one person."""
    personal: bool
    """Whether it is given to one person alone."""
    created_at: datetime
    due_at: datetime | None
    claimed_by: str | None
    claimed_name: str | None
    status: str
    completed_at: datetime | None
    decision: str | None
    """The decision's label."""


def todo(session: Session, actor: Actor, *, number: int = 1, size: int = pages.SIZE) -> Page[Row]:
    """What the actor or a colleague of the same office is to do: the earliest due first, undated last."""
    return _page(
        session,
        select(UserTask).where(UserTask.status == UserTaskStatus.OPEN, mine(actor)),
        [UserTask.due_at.is_(None), UserTask.due_at, UserTask.created_at, UserTask.id],
        number,
        size,
    )


def done(session: Session, actor: Actor, *, number: int = 1, size: int = pages.SIZE) -> Page[Row]:
    """What the actor has completed, the latest first."""
    return _page(
        session,
        select(UserTask).where(UserTask.completed_by == actor.person_id),
        [UserTask.completed_at.desc(), UserTask.id],
        number,
        size,
    )


def mine(actor: Actor) -> ColumnElement[bool]:
    """`access.may_complete` as a criterion on UserTask."""
    rights = [
        and_(UserTask.assignee_id.is_(None), UserTask.office == kind, UserTask.division == code)
        for kind, code in actor.offices()
    ]
    if actor.roles & {OFFICIAL, EXPERT}:
        rights.append(UserTask.assignee_id == actor.person_id)
    return or_(*rights) if rights else false()


def _page(
    session: Session,
    found: Select[UserTask],
    order: Sequence[Any],
    number: int,
    size: int,
) -> Page[Row]:
    claimer, assignee = aliased(Person), aliased(Person)
    wanted = (
        found.outerjoin(claimer, claimer.id == UserTask.claimed_by)
        .outerjoin(assignee, assignee.id == UserTask.assignee_id)
        .add_columns(claimer.name, assignee.name)
        .order_by(*order)
    )
    page = pages.page(session, wanted, number=number, size=size)
    titles = subjects.get_all(session, [row[0].business_key for row in page.rows])
    given = [(row[0].office, row[0].division) for row in page.rows if row[0].office and row[0].division]
    names = offices.names(session, given)
    return page.holding(
        [
            Row(
                id=task.id,
                name=task.name,
                subject=titles[task.business_key].title if task.business_key in titles else "",
                business_key=task.business_key,
                office=assignee_name or names.get((task.office or "", task.division or ""), ""),
                personal=task.assignee_id is not None,
                created_at=task.created_at,
                due_at=task.due_at,
                claimed_by=task.claimed_by,
                claimed_name=claimed_name,
                status=task.status,
                completed_at=task.completed_at,
                decision=task.decisions.get(task.decision, task.decision) if task.decision else None,
            )
            for task, claimed_name, assignee_name in page.rows
        ]
    )
