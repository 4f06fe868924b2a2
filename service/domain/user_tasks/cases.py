"""One user task with what surrounds it: instance, subject, edition, element; and its forms, compiled."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from service.domain import (
    access,
    claims,
    editions,
    forms,
    offices,
    organisers,
    people,
    procedures,
    replacements,
    subjects,
    tracks,
    visibility,
)
from service.domain.access import Actor, may_complete
from service.domain.claims import Released
from service.domain.forms import Compiled, FormDraft, FormSubmission
from service.domain.forms.submissions import COLUMNS as SUBMISSION
from service.domain.memberships import AUDITOR
from service.domain.subjects import Subject
from service.domain.user_tasks.errors import ClaimReleased, FormUnknown, NotYours, UserTaskHidden
from service.engine import definitions
from service.engine import errors as engine_errors
from service.engine import user_tasks as engine_user_tasks
from service.engine.definitions import Element, Loaded
from service.engine.instances import Instance
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import snapshot

_CASE = (
    select(UserTask, Instance)
    .join(Instance, Instance.id == UserTask.instance_id)
    .where(UserTask.id == bindparam("user_task_id"))
)


_LAST = (
    select(FormSubmission.form_key, func.max(FormSubmission.number).label("number"))
    .where(FormSubmission.business_key == bindparam("business_key"))
    .group_by(FormSubmission.form_key)
    .subquery()
)
_LATEST = (
    select(UserTask.assignee_id, *FormSubmission.__table__.c)
    .select_from(FormSubmission)
    .join(_LAST, and_(FormSubmission.form_key == _LAST.c.form_key, FormSubmission.number == _LAST.c.number))
    .join(UserTask, UserTask.id == FormSubmission.user_task_id)
    .where(FormSubmission.business_key == bindparam("business_key"))
    .order_by(FormSubmission.submitted_at, FormSubmission.form_key)
)


CLAIM_AGAIN = "如仍由您办理，请重新签收；填写的内容都保存在草稿里。"


class Case(NamedTuple):
    """What every act on a user task needs to know. On a locked case the rows are snapshots."""

    user_task: UserTask
    instance: Instance
    subject: Subject
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
    if lock:
        try:
            instance, user_task = engine_user_tasks.lock(session.connection(), user_task_id)
        except engine_errors.NotFound:
            raise UserTaskHidden from None
    else:
        found = session.execute(_CASE, {"user_task_id": user_task_id}).first()
        if found is None:
            raise UserTaskHidden
        user_task, instance = found
    if not _sees(session, actor, user_task):
        raise UserTaskHidden
    subject = subjects.get(session, user_task.business_key)
    loaded = definitions.loaded(session, instance.definition_id)
    element = next(each for each in loaded.elements.values() if each.id == user_task.element_id)
    return Case(user_task, instance, subject, loaded, element)


def require_open(session: Session, actor: Actor, user_task: UserTask, *, claiming: bool = False) -> None:
    """Whether the actor may work on it now: NotYours, or the engine's own refusals with people's names.

    Whose claim was ended by an administrator reads so (ClaimReleased), and may go on by `claiming` it again.
    """
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
        raise engine_user_tasks.withdrawn(user_task)
    holder = claimer(session, actor, user_task)
    if holder not in (None, actor.person_id):
        who = _name(session, holder)
        if lost := claims.released_from(session, user_task.id, actor.person_id):
            raise ClaimReleased(name=user_task.name, release=lost.sentence, then=f"任务现由{who}签收办理。")
        raise engine_errors.AlreadyClaimed(user_task.name, who, user_task.claimed_at)
    if not claiming and (lost := release(session, actor, user_task)):
        raise ClaimReleased(name=user_task.name, release=lost.sentence, then=CLAIM_AGAIN)


def release(session: Session, actor: Actor, user_task: UserTask) -> Released | None:
    """What the actor has to know before going on: the claim was ended, and nobody has claimed it since."""
    if user_task.status != UserTaskStatus.OPEN or user_task.released_from != actor.person_id:
        return None
    return claims.released_from(session, user_task.id, actor.person_id)


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


# An edition never changes: what was compiled of its forms stays true, but for rows that the case supplies.
_CACHED = 256
_compiled: dict[tuple[str, str, str, int, str], Compiled] = {}


def compiled(session: Session, case: Case, form_keys: Collection[str] | None = None) -> dict[str, Compiled]:
    """The forms of the user task (or those of the case that are named), as this step shows them."""
    keys = case.user_task.form_keys if form_keys is None else form_keys
    return {key: _compiled.get(_address(case, key)) or _compile(session, case, key) for key in keys}


def _address(case: Case, form_key: str) -> tuple[str, str, str, int, str]:
    subject = case.subject
    return subject.edition_id, subject.track, form_key, subject.year, case.user_task.element_id


def _compile(session: Session, case: Case, form_key: str) -> Compiled:
    edition = editions.get(session, case.subject.edition_id)
    definition = editions.form(edition, form_key)
    rows = procedures.rows(session, case.user_task, definition.sources) if definition.sources else {}
    made = forms.compile(
        definition,
        year=case.subject.year,
        rows=rows,
        step=case.user_task.element_id,
        parameters=tracks.of_track(edition.parameters, case.subject.track),
    )
    if not definition.sources:
        if len(_compiled) >= _CACHED:
            _compiled.clear()
        _compiled[_address(case, form_key)] = made
    return made


def writable_form(session: Session, actor: Actor, case: Case, form_key: str) -> Compiled:
    """A form of the user task that the actor may write in now; what require_open raises, FormUnknown."""
    require_open(session, actor, case.user_task)
    if form_key not in case.user_task.form_keys:
        raise FormUnknown(form=form_key)
    form = compiled(session, case, [form_key])[form_key]
    if form.readonly:
        raise FormUnknown(form=form_key)
    return form


def latest(session: Session, business_key: str) -> dict[str, Submitted]:
    """The last submission of every form of a case, in one statement."""
    found = session.connection().execute(_LATEST, {"business_key": business_key})
    rows = ((assignee, snapshot(FormSubmission, SUBMISSION, values)) for assignee, *values in found)
    return {row.form_key: Submitted(row, assignee is not None) for assignee, row in rows}


def drafts(session: Session, user_task: UserTask) -> dict[str, FormDraft]:
    """What was typed so far, by form."""
    found = session.scalars(select(FormDraft).where(FormDraft.user_task_id == user_task.id))
    return {draft.form_key: draft for draft in found}


def base(case: Case, compiled: Compiled, submitted: Mapping[str, Submitted]) -> dict[str, Any]:
    """What a form starts from: the case's last submission of it.

    A form that is filled in by one person alone starts empty: nobody reads another's score sheet. So does one
    of which the element says that it is filled in `anew`: of another year's meeting, of another order.
    """
    if case.element.properties.get("anew") == "yes" and not compiled.readonly:
        return {}
    key = compiled.definition.key
    if key not in submitted or (case.user_task.assignee_id is not None and not compiled.readonly):
        return {}
    return submitted[key].row.content


def others(
    session: Session, case: Case, compiled: Iterable[Compiled], contents: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What the forms of a case say to the checks of these, by key; `contents` are theirs as they stand."""
    wanted = frozenset[str]().union(*(each.definition.compared for each in compiled))
    edition = editions.get(session, case.subject.edition_id) if wanted else None
    return {
        key: forms.names_of(editions.form(edition, key), contents[key])
        for key in sorted(wanted & contents.keys())
        if edition is not None
    }


def supplied(session: Session, subject: Subject, compiled: Iterable[Compiled]) -> dict[str, Any]:
    """What other steps decide for these forms of a case, by the `source` of their fields and columns."""
    wanted = frozenset[str]().union(*(each.definition.supplies for each in compiled))
    return procedures.supplied(session, subject, wanted) if wanted else {}


def shows(actor: Actor, case: Case, compiled: Compiled) -> bool:
    """Whether the actor may read a form of the case: an `internal` one is the organiser's and auditors'."""
    if not compiled.definition.internal or AUDITOR in actor.roles:
        return True
    return organisers.organises(actor, case.subject.organiser)


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
    """Who has left the committee reads why (MemberReplaced), in place of what passed on or was done."""
    kind, subject_id = subjects.split(user_task.business_key)
    if kind == subjects.ROUND and (left := replacements.departure(session, subject_id, actor.person_id)):
        raise left


def _name(session: Session, person_id: str | None) -> str:
    return people.names(session, [person_id]).get(person_id or "", "其他人员")
