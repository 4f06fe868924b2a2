"""One user task with what surrounds it: instance, subject, edition, element; and its forms, compiled."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from service.domain import (
    access,
    editions,
    forms,
    offices,
    people,
    procedures,
    recommendations,
    replacements,
    subjects,
    visibility,
)
from service.domain.access import Actor, may_complete
from service.domain.editions import Edition
from service.domain.forms import Compiled, FormDraft, FormSubmission
from service.domain.memberships import AUDITOR
from service.domain.subjects import Subject
from service.domain.user_tasks.errors import NotYours, UserTaskHidden
from service.engine import definitions
from service.engine import errors as engine_errors
from service.engine.definitions import Element, Loaded
from service.engine.instances import Instance
from service.engine.user_tasks import UserTask, UserTaskStatus


class Case(NamedTuple):
    """What every act on a user task needs to know."""

    user_task: UserTask
    instance: Instance
    subject: Subject
    edition: Edition
    loaded: Loaded
    element: Element


class Submitted(NamedTuple):
    """The last submission of a form; `alone`: by the one person who had the user task (a score sheet)."""

    row: FormSubmission
    alone: bool


def get(session: Session, actor: Actor, user_task_id: str, *, lock: bool = False) -> Case:
    """The case of a user task; UserTaskHidden where the actor may not see it.

    With `lock` the instance is held until the transaction ends, so that of two people the second reads what
    the first did.
    """
    statement = (
        select(UserTask, Instance)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(UserTask.id == user_task_id)
    )
    if lock:
        # The rows are read after the lock is had, not as they stood when the statement began.
        locked = select(Instance.id).where(
            Instance.id == select(UserTask.instance_id).where(UserTask.id == user_task_id).scalar_subquery()
        )
        session.execute(locked.with_for_update())
        statement = statement.execution_options(populate_existing=True)
    found = session.execute(statement).first()
    if found is None or not _sees(session, actor, found[0]):
        raise UserTaskHidden
    user_task, instance = found
    subject = subjects.get(session, user_task.business_key)
    loaded = definitions.loaded(session, instance.definition_id)
    element = next(each for each in loaded.elements.values() if each.id == user_task.element_id)
    return Case(user_task, instance, subject, editions.get(session, subject.edition_id), loaded, element)


def require_open(session: Session, actor: Actor, user_task: UserTask) -> None:
    """Whether the actor may work on it now: NotYours, or the engine's own refusals with people's names."""
    if not may_complete(actor, user_task):
        raise NotYours(owner=owner(session, user_task))
    if user_task.status == UserTaskStatus.COMPLETED:
        raise engine_errors.UserTaskClosed(
            user_task.name,
            _name(session, user_task.completed_by),
            user_task.completed_at,
            user_task.decisions.get(user_task.decision or "", user_task.decision or "已办结"),
        )
    if user_task.status == UserTaskStatus.WITHDRAWN:
        raise engine_errors.UserTaskWithdrawn(user_task.name, user_task.completed_at)
    if claimer(session, actor, user_task) not in (None, actor.person_id):
        raise engine_errors.AlreadyClaimed(
            user_task.name, _name(session, user_task.claimed_by), user_task.claimed_at
        )


def claimer(session: Session, actor: Actor, user_task: UserTask) -> str | None:
    """Whose claim the actor has to respect: none of somebody who has left, and may not go on with it."""
    holder = user_task.claimed_by
    if holder in (None, actor.person_id) or actor.as_of is None:
        return holder
    try:
        standing = access.actor(session, holder, actor.as_of)
    except people.PersonMissing:
        return None
    return holder if may_complete(standing, user_task) else None


def owner(session: Session, user_task: UserTask) -> str:
    """Who the user task is given to, by name."""
    if user_task.assignee_id is not None:
        return _name(session, user_task.assignee_id)
    pair = (user_task.office or "", user_task.division or "")
    return offices.names(session, [pair]).get(pair, "其他单位")


def compiled(session: Session, case: Case, form_keys: Collection[str] | None = None) -> dict[str, Compiled]:
    """The forms of the user task (or those of the case that are named), as this step shows them."""
    keys = list(case.user_task.form_keys if form_keys is None else form_keys)
    wanted = {key: editions.form(case.edition, key) for key in keys}
    sources = {source for definition in wanted.values() for source in definition.sources}
    rows = procedures.rows(session, case.user_task, sources) if sources else {}
    return {
        key: forms.compile(
            definition,
            year=case.subject.year,
            rows=rows,
            step=case.user_task.element_id,
            parameters=case.edition.parameters,
        )
        for key, definition in wanted.items()
    }


def latest(session: Session, business_key: str) -> dict[str, Submitted]:
    """The last submission of every form of a case, in one statement."""
    last = (
        select(FormSubmission.form_key, func.max(FormSubmission.number).label("number"))
        .where(FormSubmission.business_key == business_key)
        .group_by(FormSubmission.form_key)
        .subquery()
    )
    found = session.execute(
        select(FormSubmission, UserTask.assignee_id)
        .join(last, and_(FormSubmission.form_key == last.c.form_key, FormSubmission.number == last.c.number))
        .join(UserTask, UserTask.id == FormSubmission.user_task_id)
        .where(FormSubmission.business_key == business_key)
        .order_by(FormSubmission.submitted_at, FormSubmission.form_key)
    )
    return {row.form_key: Submitted(row, assignee is not None) for row, assignee in found}


def drafts(session: Session, user_task: UserTask) -> dict[str, FormDraft]:
    """What was typed so far, by form."""
    found = session.scalars(select(FormDraft).where(FormDraft.user_task_id == user_task.id))
    return {draft.form_key: draft for draft in found}


def base(case: Case, compiled: Compiled, submitted: Mapping[str, Submitted]) -> dict[str, Any]:
    """What a form starts from: the case's last submission of it.

    A form that is filled in by one person alone starts empty: nobody reads another's score sheet.
    """
    key = compiled.definition.key
    if key not in submitted or (case.user_task.assignee_id is not None and not compiled.readonly):
        return {}
    return submitted[key].row.content


def supplied(session: Session, subject: Subject) -> dict[str, Any]:
    """What other steps decide for the forms of a case, by the `source` of their fields."""
    opinion = None
    if subject.kind == subjects.APPLICATION:
        opinion = recommendations.government_opinion(session, subject.id)
    return {} if opinion is None else {"government_consent": opinion}


def _sees(session: Session, actor: Actor, user_task: UserTask) -> bool:
    """A user task given to one person is that person's secret (sealed sheets), even within the case."""
    if user_task.assignee_id is not None:
        own = user_task.assignee_id == actor.person_id
        if not own or user_task.status == UserTaskStatus.COMPLETED:
            _require_still_seated(session, actor, user_task)
        return own
    if may_complete(actor, user_task) or AUDITOR in actor.roles:
        return True
    return visibility.sees(session, actor, user_task.business_key)


def _require_still_seated(session: Session, actor: Actor, user_task: UserTask) -> None:
    """Who has left the committee (MemberReplaced) reads why, in place of what passed on or was done before."""
    kind, subject_id = subjects.split(user_task.business_key)
    if kind == subjects.ROUND and (left := replacements.departure(session, subject_id, actor.person_id)):
        raise left


def _name(session: Session, person_id: str | None) -> str:
    return people.names(session, [person_id]).get(person_id or "", "其他人员")
