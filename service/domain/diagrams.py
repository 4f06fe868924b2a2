"""Diagrams: the drawing of an instance, what of it has been passed, and where it waits."""

from typing import NamedTuple

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from service.domain import subjects, visibility
from service.domain.access import Actor
from service.engine import instances
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
        passed=passed(session, instance.id),
        current=waiting(session, instance.id),
    )


def passed(session: Session, instance_id: str) -> list[str]:
    """Every element and flow that the instance has gone through, in the order of the first time."""
    events = select(HistoryEvent.data).where(
        HistoryEvent.chain == instance_id, HistoryEvent.type == ELEMENTS_PASSED
    )
    found = session.scalars(events.order_by(HistoryEvent.seq))
    return list(dict.fromkeys(each for data in found for each in data["ids"]))


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
