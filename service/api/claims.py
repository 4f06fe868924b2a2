"""Claims that hold work up, for admins."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.requests import current_actor, db, engine
from service.auth.routes import access
from service.domain import claims

blueprint = Blueprint("claims", __name__, url_prefix="/claims", description="签收（管理员）")


class ClaimedSchema(Schema):
    """A claimed user task."""

    user_task_id = fields.String()
    name = fields.String()
    subject = fields.String()
    office = fields.String()
    holder = fields.String(metadata={"description": "签收人的姓名"})
    claimed_at = fields.DateTime()
    due_at = fields.DateTime(allow_none=True)


class ReleaseSchema(Schema):
    """Why a claim is ended."""

    reason = fields.String(required=True, metadata={"description": "原签收人会看到"})
    claimed_at = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "看到的签收时间；现有的签收若不是这一次，就不解除"},
    )


class ReleasedClaimSchema(Schema):
    """A claim that has been ended."""

    user_task_id = fields.String()
    holder_id = fields.String()
    claimed_at = fields.DateTime()
    reason = fields.String()
    released_by = fields.String()
    released_at = fields.DateTime()


@blueprint.get("")
@access("admin")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, ClaimedSchema(many=True), headers=TOTAL)
def index(query: dict[str, int]) -> Any:
    """已签收、尚未办结的任务"""
    return listed(claims.page(db(), current_actor(), **query))


@blueprint.get("/<user_task_id>")
@access("admin")
@blueprint.response(200, ClaimedSchema)
def show(user_task_id: str) -> Any:
    """一项签收"""
    return claims.get(db(), current_actor(), user_task_id)


@blueprint.post("/<user_task_id>/release")
@access("admin")
@blueprint.arguments(ReleaseSchema)
@blueprint.response(200, ReleasedClaimSchema)
def release(release: dict[str, Any], user_task_id: str) -> Any:
    """解除他人的签收；草稿和附件都保留"""
    return claims.release(db(), engine(), current_actor(), user_task_id, **release)
