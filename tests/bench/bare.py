"""Yardstick: a bare Flask and SQLAlchemy endpoint that writes the same rows, with no engine and no checks."""

import hashlib
from typing import Any
from uuid import uuid4

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from service.domain.forms import FormSubmission
from service.domain.objections import Objection
from service.domain.opinions import Opinion
from service.engine.history import HistoryEvent
from service.engine.instances import Instance
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database
from tests.bench.shapes import Shape


def create_app(url: str, shape: Shape) -> Flask:
    """The whole application: one endpoint."""
    app = Flask(__name__)
    database = Database(url)

    @app.post("/complete/<task_id>")
    def complete(task_id: str) -> ResponseReturnValue:
        body = request.get_json()
        with database.write() as session:
            return {"next": _complete(session, task_id, body, shape)}

    return app


def _complete(session: Session, task_id: str, body: dict[str, Any], shape: Shape) -> str:
    task = session.get_one(UserTask, task_id)
    instance = session.get_one(Instance, task.instance_id)
    objection = session.get_one(Objection, task.business_key.removeprefix("objection:"))
    now = instance.started_at
    for key, content in body["contents"].items():
        session.add(
            FormSubmission(
                id=uuid4().hex,
                business_key=task.business_key,
                form_key=key,
                number=1,
                definition_digest="0" * 64,
                content=content,
                digest="0" * 64,
                submitted_by=body["person_id"],
                submitted_at=now,
                user_task_id=task_id,
            )
        )
    if body["opinion"]:
        session.add(
            Opinion(
                id=uuid4().hex,
                business_key=task.business_key,
                user_task_id=task_id,
                person_id=body["person_id"],
                decision=body["decision"],
                text=body["opinion"],
                salt="0" * 32,
                digest="0" * 64,
                written_at=now,
            )
        )
    for _ in range(shape.events):
        instance.history_seq += 1
        previous, instance.history_hash = (
            instance.history_hash,
            hashlib.sha256(instance.history_hash.encode()).hexdigest(),
        )
        session.add(
            HistoryEvent(
                chain=instance.id,
                seq=instance.history_seq,
                at=now,
                type="user_task_completed",
                actor_id=body["person_id"],
                element_id=task.element_id,
                data={"ids": shape.event_text},
                previous_hash=previous,
                hash=instance.history_hash,
            )
        )
    instance.version += 1
    instance.state = b"\x01" * shape.state_bytes
    objection.reason = body["opinion"]
    task.status = UserTaskStatus.COMPLETED
    task.completed_by, task.completed_at, task.decision = body["person_id"], now, body["decision"]
    following = new_task(instance, task.business_key)
    session.add(following)
    return following.id


def new_task(instance: Instance, business_key: str) -> UserTask:
    """An open user task, as wide as Laurel's."""
    return UserTask(
        id=uuid4().hex,
        instance_id=instance.id,
        business_key=business_key,
        element_id="consider",
        name="受理异议",
        office="industry",
        division="000000",
        created_at=instance.started_at,
        due_at=instance.started_at,
        form_keys=["verification"],
        decisions={"accept": "予以受理", "reject": "不予受理", "lead": "转作线索"},
        status=UserTaskStatus.OPEN,
    )
