"""Cases (applications, recommendations, rounds, objections) by business key: diagram and history."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import diagrams, histories

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
    sentence = fields.String(metadata={"description": "这一条说的是什么：谁、办了什么、决定如何"})
    opinion = fields.String(metadata={"description": "办理意见；没有或者只属于他人的为空"})
    actor_id = fields.String(allow_none=True)
    element_id = fields.String(allow_none=True)
    data = fields.Dict(metadata={"description": "只属于他人的内容（如评分）不给出"})
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
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, EventSchema(many=True), headers=TOTAL)
def history(query: dict[str, int], business_key: str) -> Any:
    """办理记录，逐条以哈希相连"""
    return listed(histories.of_case(db(), current_actor(), business_key, **query))


@blueprint.get("/system/history")
@access("admin", "auditor")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, EventSchema(many=True), headers=TOTAL)
def system_history(query: dict[str, int]) -> Any:
    """系统记录：登录、任职、部署、处理等不属于任何一件的事项，最近的在前，逐条以哈希相连"""
    return listed(histories.of_system(db(), current_actor(), **query))
