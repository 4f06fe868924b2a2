"""Diagrams: the drawing of an instance, what of it has been passed, and where it waits."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from service.domain import subjects, visibility
from service.domain.access import Actor
from service.engine import history, instances
from service.engine.definitions import Definition
from service.engine.history import HistoryEvent
from service.engine.instances import Instance
from service.engine.messages import Subscription
from service.engine.timers import Timer
from service.engine.user_tasks import UserTask, UserTaskStatus

ELEMENTS_PASSED = "elements_passed"


class Drawing(NamedTuple):
    """BPMN files (the process's own first, then those that it calls) and element ids to mark in them."""

    name: str
    files: dict[str, str]
    """File name → XML text."""
    passed: list[str]
    current: list[str]


def get(session: Session, actor: Actor, business_key: str) -> Drawing:
    """The drawing of a case; SubjectMissing where the actor may not see it."""
    instance = _instance(session, actor, business_key)
    definition = session.get_one(Definition, instance.definition_id)
    return Drawing(
        name=definition.name,
        files=definition.bpmn,
        passed=passed(history.of_chain(session, instance.id)),
        current=waiting(session, instance.id),
    )


def events(session: Session, actor: Actor, business_key: str) -> Sequence[HistoryEvent]:
    """The history of a case, oldest first; SubjectMissing where the actor may not see it."""
    return history.of_chain(session, _instance(session, actor, business_key).id)


def passed(events: Sequence[HistoryEvent]) -> list[str]:
    """Every element and flow that the instance has gone through, in the order of the first time."""
    ids = (each for event in events if event.type == ELEMENTS_PASSED for each in event.data["ids"])
    return list(dict.fromkeys(ids))


def waiting(session: Session, instance_id: str) -> list[str]:
    """The elements at which the instance waits: for a person, a time or a message."""
    return sorted(
        session.scalars(
            union(
                select(UserTask.element_id).where(
                    UserTask.instance_id == instance_id, UserTask.status == UserTaskStatus.OPEN
                ),
                select(Timer.element_id).where(Timer.instance_id == instance_id),
                select(Subscription.element_id).where(Subscription.instance_id == instance_id),
            )
        )
    )


def _instance(session: Session, actor: Actor, business_key: str) -> Instance:
    visibility.require(session, actor, business_key)
    subject = subjects.get(session, business_key)
    if subject.instance_id is None:
        raise subjects.SubjectMissing
    return instances.get(session, subject.instance_id)
