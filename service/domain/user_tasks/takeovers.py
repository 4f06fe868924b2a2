"""按上报数核定: reported figures that a reviewer has looked at and takes over into the draft."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import forms
from service.domain.access import Actor
from service.domain.errors import Conflict
from service.domain.forms import takeovers
from service.domain.forms.takeovers import Offered
from service.domain.user_tasks import cases, work
from service.domain.user_tasks.work import Saved
from service.domain.user_tasks.workbooks import Desk, open_desk
from service.engine.engine import ProcessEngine


class NothingTakenOver(Conflict):
    """没有勾选可以按上报数核定的数：请勾选已经核对的行；已经填写的行请在表中修改。"""


class Reported(NamedTuple):
    """A form, and what its empty cells can take over."""

    desk: Desk
    tables: list[Offered]


class TakenOver(NamedTuple):
    """How many cells were filled in, and the draft that came of it."""

    saved: Saved
    filled: int


def reported(session: Session, actor: Actor, user_task_id: str, form_key: str) -> Reported:
    """What others reported, beside target and evidence; UserTaskHidden, NotYours and its kin, FormUnknown."""
    desk = open_desk(session, actor, user_task_id, form_key)
    form = desk.compiled
    supplied = cases.supplied(session, desk.case.subject, [form])
    content = forms.supply(form.definition, forms.clean(form, desk.content), supplied, form.editable)
    return Reported(desk._replace(content=content), takeovers.offered(form, content))


def take_over(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    form_key: str,
    pointers: Collection[str],
) -> TakenOver:
    """Fill the cells at these places with what was reported; what is filled in stays. NothingTakenOver."""
    found = reported(session, actor, user_task_id, form_key)
    chosen = {each.pointer for table in found.tables for each in table.offers} & set(pointers)
    if not chosen:
        raise NothingTakenOver
    content = takeovers.taken(found.desk.compiled, found.desk.content, chosen)
    version = found.desk.version
    saved = work.save_draft(session, engine, actor, user_task_id, form_key, content, version=version)
    return TakenOver(saved, len(chosen))
