"""The facade of user tasks for web, API and command line: lists, one task's page, drafts, completion."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from sqlalchemy.orm import Session

from service.domain.access import Actor
from service.domain.attachments import Attachment
from service.domain.errors import Conflict, Invalid, NotFound, Problem
from service.engine.engine import ProcessEngine
from service.engine.instances import Instance
from service.engine.user_tasks import UserTask


class UserTaskHidden(NotFound):
    """没有找到这项任务，或者您无权查看。"""


class FormInvalid(Invalid):
    """表单有 {count} 处需要改正，任务没有提交。"""

    def __init__(self, forms: Mapping[str, list[Problem]]) -> None:
        self.forms = dict(forms)  # form key -> problems, `place` being a JSON pointer
        super().__init__([problem for problems in forms.values() for problem in problems])


class OpinionNeeded(Invalid):
    """请填写意见：作出“{decision}”的决定必须说明理由。"""


class DecisionNeeded(Invalid):
    """请选择一项决定：{decisions}。"""


class CompletedByOther(Conflict):
    """这项任务已由{name}于{at}办结（{decision}），您的操作没有生效。"""


class ClaimedByOther(Conflict):
    """这项任务已由{name}于{at}领取。"""


class Row(NamedTuple):
    """One line of 待办 or 已办."""

    id: str
    name: str
    subject: str  # 余杭区 · 2018年度…激励
    business_key: str
    office_name: str
    created_at: datetime
    due_at: datetime | None
    claimed_by: str | None
    claimed_name: str | None
    status: str
    completed_at: datetime | None
    decision: str | None
    decision_label: str | None


class Page(NamedTuple):
    rows: list[Row]
    number: int  # from 1
    size: int
    total: int


def todo(session: Session, actor: Actor, *, number: int = 1, size: int = 20) -> Page: ...


def done(session: Session, actor: Actor, *, number: int = 1, size: int = 20) -> Page: ...


class View(NamedTuple):
    """All that a task's page shows; refined with the forms' own types."""

    user_task: UserTask
    may_complete: bool
    forms: list[Any]
    decisions: dict[str, str]
    opinion: str  # required | optional | none
    attachments: list[Attachment]


def view(session: Session, actor: Actor, user_task_id: str) -> View: ...


def save_draft(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    form_key: str,
    content: Mapping[str, Any],
    *,
    version: int | None = None,
) -> Any: ...


def complete(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    *,
    decision: str | None = None,
    opinion: str | None = None,
    contents: Mapping[str, Mapping[str, Any]] | None = None,
    version: int | None = None,
) -> Instance: ...


def claim(session: Session, engine: ProcessEngine, actor: Actor, user_task_id: str) -> UserTask: ...


def release(session: Session, engine: ProcessEngine, actor: Actor, user_task_id: str) -> UserTask: ...


def attach(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    folder: Path,
    stream: BinaryIO,
    *,
    name: str,
    maximum_bytes: int,
) -> Attachment: ...
