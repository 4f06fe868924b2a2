"""The statistics workbook of a user task's form: downloaded, filled in elsewhere, taken into the draft."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain.access import Actor
from service.domain.forms import Compiled, statistics
from service.domain.user_tasks import cases, work
from service.domain.user_tasks.cases import Case
from service.domain.user_tasks.papers import XLSX, File, file_name
from service.domain.user_tasks.work import Saved
from service.engine.engine import ProcessEngine


class Desk(NamedTuple):
    """A form of a user task that the actor may fill in, with what its draft holds."""

    case: Case
    compiled: Compiled
    content: dict[str, object]
    version: int
    """Of the draft; 0: there is none yet."""
    saved_by: str | None


class Taken(NamedTuple):
    """A workbook that was taken over, and the draft that came of it."""

    saved: Saved
    filled: int
    changed: int


def template(session: Session, actor: Actor, user_task_id: str, form_key: str) -> File:
    """The workbook with what the draft holds; UserTaskHidden, NotYours, FormUnknown, NoFigures."""
    desk = open_desk(session, actor, user_task_id, form_key)
    subject = desk.case.subject
    content = statistics.template(
        desk.compiled, desk.content, subject=subject.business_key, title=subject.title
    )
    return File(file_name(desk.compiled.title, subject.title, "统计工作簿", "xlsx"), XLSX, content)


def take(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    form_key: str,
    workbook: bytes,
    *,
    version: int | None = None,
) -> Taken:
    """Take a workbook into the draft, all of it or nothing.

    `version` is the draft's that the person saw: a colleague's changes since are not lost (DraftChanged),
    what the same person typed since is that person's to replace. Raises what `template` does,
    WorkbookRefused, and WorkbookInvalid with every bad cell.
    """
    desk = open_desk(session, actor, user_task_id, form_key)
    subject = desk.case.subject.business_key
    imported = statistics.read(desk.compiled, desk.content, workbook, subject=subject)
    own = version is None or desk.saved_by == actor.person_id
    saved = work.save_draft(
        session,
        engine,
        actor,
        user_task_id,
        form_key,
        imported.content,
        version=desk.version if own else version or 0,
    )
    return Taken(saved, imported.filled, imported.changed)


def open_desk(session: Session, actor: Actor, user_task_id: str, form_key: str) -> Desk:
    """A form that the actor may fill in now; UserTaskHidden, NotYours and its kin, FormUnknown."""
    case = cases.get(session, actor, user_task_id)
    compiled = cases.writable_form(session, actor, case, form_key)
    draft = cases.drafts(session, case.user_task).get(form_key)
    if draft is not None:
        return Desk(case, compiled, draft.content, draft.version, draft.saved_by)
    submitted = cases.latest(session, case.user_task.business_key)
    return Desk(case, compiled, cases.base(case, compiled, submitted), 0, None)
