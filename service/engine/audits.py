"""Audits: whether instances and user tasks are what their history says they became."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from service.engine.history import INSTANCE_STARTED, STATE_DIGEST, HistoryEvent
from service.engine.instances import Instance, InstanceStatus
from service.engine.user_tasks import UserTask, UserTaskStatus

BATCH = 200
_STATUSES = {
    INSTANCE_STARTED: InstanceStatus.ACTIVE,
    "instance_suspended": InstanceStatus.SUSPENDED,
    "instance_resumed": InstanceStatus.ACTIVE,
    "instance_completed": InstanceStatus.COMPLETED,
    "instance_cancelled": InstanceStatus.CANCELLED,
}
_USER_TASK_STATUSES = {
    "user_task_created": UserTaskStatus.OPEN,
    "user_task_completed": UserTaskStatus.COMPLETED,
    "user_task_withdrawn": UserTaskStatus.WITHDRAWN,
}
_TYPES = [*_STATUSES, *_USER_TASK_STATUSES, "elements_passed"]
Facts = dict[str, Any]


def broken(session: Session) -> Iterator[str]:
    """A sentence for every instance or user task that says otherwise than its history."""
    ids = session.scalars(select(Instance.id).order_by(Instance.id)).all()
    for first in range(0, len(ids), BATCH):
        yield from _broken(session, ids[first : first + BATCH])


def _broken(session: Session, ids: Sequence[str]) -> Iterator[str]:
    told, told_of_tasks = _told(session, ids)
    columns = (Instance.id, Instance.definition_id, Instance.business_key, Instance.status, Instance.state)
    for row in session.execute(select(*columns).where(Instance.id.in_(ids))):
        facts = told.get(row.id, {})
        found = {
            "definition_id": row.definition_id,
            "business_key": row.business_key,
            "status": row.status,
            STATE_DIGEST: hashlib.sha256(row.state).hexdigest(),
        }
        if names := _different(found, facts, _INSTANCE_NAMES):
            yield f"流程实例（process_instance {row.id}）的{names}被改动，与办理记录不符。"
    tasks = select(
        UserTask.id,
        UserTask.instance_id,
        UserTask.business_key,
        UserTask.element_id,
        UserTask.status,
        UserTask.completed_by,
        UserTask.decision,
        UserTask.opinion_id,
    )
    for task in session.execute(tasks.where(UserTask.instance_id.in_(ids))):
        known = told_of_tasks.pop(task.id, None)
        if known is None:
            yield f"任务（user_task {task.id}）没有登记在办理记录中。"
        elif names := _different(task._asdict(), known, _USER_TASK_NAMES):
            yield f"任务（user_task {task.id}）的{names}被改动，与办理记录不符。"
    for gone in told_of_tasks:
        yield f"任务（user_task {gone}）被删除。"


_INSTANCE_NAMES = {
    "definition_id": "流程定义",
    "business_key": "办理事项",
    "status": "状态",
    STATE_DIGEST: "运行数据",
}
_USER_TASK_NAMES = {
    "instance_id": "流程实例",
    "business_key": "办理事项",
    "element_id": "环节",
    "status": "状态",
    "completed_by": "办理人",
    "decision": "决定",
    "opinion_id": "意见",
}


def _different(found: Facts, told: Facts, names: dict[str, str]) -> str:
    return "、".join(name for key, name in names.items() if found[key] != told.get(key))


def _told(session: Session, ids: Sequence[str]) -> tuple[dict[str, Facts], dict[str, Facts]]:
    """What the histories say of the instances, and of their user tasks."""
    instances: dict[str, Facts] = {}
    user_tasks: dict[str, Facts] = {}
    query = (
        select(
            HistoryEvent.chain,
            HistoryEvent.type,
            HistoryEvent.actor_id,
            HistoryEvent.element_id,
            type_coerce(HistoryEvent.data, Text).label("data"),
        )
        .where(HistoryEvent.chain.in_(ids), HistoryEvent.type.in_(_TYPES))
        .order_by(HistoryEvent.chain, HistoryEvent.seq)
    )
    for event in session.execute(query):
        facts = instances.setdefault(event.chain, {})
        data = json.loads(event.data)
        if event.type in _STATUSES:
            facts["status"] = _STATUSES[event.type]
        if event.type == INSTANCE_STARTED:
            facts |= {key: data[key] for key in ("definition_id", "business_key")}
        if STATE_DIGEST in data:
            facts[STATE_DIGEST] = data[STATE_DIGEST]
        if event.type in _USER_TASK_STATUSES:
            _tell(user_tasks.setdefault(data["user_task_id"], {}), event, data, facts)
    return instances, user_tasks


def _tell(task: Facts, event: Any, data: Facts, instance: Facts) -> None:
    task |= {
        "instance_id": event.chain,
        "business_key": instance.get("business_key"),
        "element_id": event.element_id,
        "status": _USER_TASK_STATUSES[event.type],
    }
    if event.type == "user_task_completed":
        task |= {
            "completed_by": event.actor_id,
            "decision": data.get("decision"),
            "opinion_id": data.get("opinion_id"),
        }
