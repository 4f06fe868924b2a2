"""Procedures: all that the editions' BPMN names, in one registry for the engine, and what their forms list."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from service.engine.services import Services
    from service.engine.user_tasks import UserTask

Rows = dict[str, list[tuple[str, str]]]
"""Source name → (key, title) pairs, in the order in which a form shows them."""


def build_services() -> "Services":
    """The registry that `ProcessEngine(clock, build_services())` takes."""
    raise NotImplementedError


def rows(session: Session, user_task: "UserTask", sources: Collection[str]) -> Rows:
    """What a form's dynamic tables and choices list in this user task.

    Sources: `people` (who may sit in a committee), `divisions`, `ready_applications`,
    `accepted_applications`, `scored_applications` (of this member), `tied_applications`.
    """
    raise NotImplementedError
