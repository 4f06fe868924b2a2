"""Cases (applications, recommendations, rounds, objections) by business key: diagram and history."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import diagrams

blueprint = Blueprint("cases", __name__, url_prefix="/cases", description="流程图和办理记录")


class DrawingSchema(Schema):
    """BPMN files, and the elements to mark in them."""

    name = fields.String()
    files = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "文件名 → BPMN XML"}
    )
    passed = fields.List(fields.String(), metadata={"description": "经过的元素和连线"})
    current = fields.List(fields.String(), metadata={"description": "正在等待的元素"})


class EventSchema(Schema):
    """One event of the history; hash-chained."""

    seq = fields.Integer()
    at = fields.DateTime()
    type = fields.String()
    actor_id = fields.String(allow_none=True)
    element_id = fields.String(allow_none=True)
    data = fields.Dict()
    previous_hash = fields.String()
    hash = fields.String()


@blueprint.get("/<business_key>/diagram")
@access("signed_in")
@blueprint.response(200, DrawingSchema)
def diagram(business_key: str) -> Any:
    """流程图：BPMN、已经过的和正在等待的元素"""
    return diagrams.get(db(), current_actor(), business_key)


@blueprint.get("/<business_key>/history")
@access("signed_in")
@blueprint.response(200, EventSchema(many=True))
def history(business_key: str) -> Any:
    """办理记录，逐条以哈希相连"""
    return diagrams.events(db(), current_actor(), business_key)
