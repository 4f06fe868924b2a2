"""How the system runs, for admins and auditors."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth.requests import app, current_actor, db, now
from service.auth.routes import access
from service.domain import operations
from service.store import revisions

blueprint = Blueprint("operations", __name__, url_prefix="/status", description="运行状态（管理员）")


class FailureSchema(Schema):
    """A job that failed when it was last tried."""

    kind = fields.String(metadata={"description": "timers：到期事项；delivery：消息"})
    id = fields.String()
    name = fields.String()
    subject = fields.String()
    business_key = fields.String()
    since = fields.DateTime(metadata={"description": "应办时间"})
    run_at = fields.DateTime(metadata={"description": "下次重试的时间"})
    failures = fields.Integer()
    error = fields.String()


class WorkerSchema(Schema):
    """A process that runs what is due."""

    name = fields.String()
    started_at = fields.DateTime()
    stepped_at = fields.DateTime()
    done = fields.Integer()
    error = fields.String(allow_none=True)


class VerifiedSchema(Schema):
    """When the history was last found whole."""

    at = fields.DateTime()
    events = fields.Integer()


class StatusSchema(Schema):
    """How the system runs."""

    failures = fields.List(fields.Nested(FailureSchema))
    workers = fields.List(fields.Nested(WorkerSchema))
    late = fields.Boolean(metadata={"description": "没有进程在办理到期事项"})
    next_due = fields.DateTime(allow_none=True)
    verified = fields.Nested(VerifiedSchema, allow_none=True)
    revision = fields.String(metadata={"description": "数据库结构的版本"})


@blueprint.get("")
@access("admin", "auditor")
@blueprint.response(200, StatusSchema)
def show() -> Any:
    """没有办成的事项、办理进程、数据库"""
    status = operations.status(db(), current_actor(), app().session_clock.now())
    return {**status._asdict(), "revision": revisions.current(app().database)}


@blueprint.post("/jobs/<kind>/<job_id>/retry")
@access("admin")
@blueprint.response(204)
def retry(kind: str, job_id: str) -> None:
    """立即重试没有办成的事项"""
    operations.retry(db(), current_actor(), kind, job_id, now())
