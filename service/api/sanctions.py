"""Sanctions, for the ministry that imposes them and for auditors."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.requests import current_actor, db, now
from service.auth.routes import access
from service.domain import overviews, sanctions

blueprint = Blueprint("sanctions", __name__, url_prefix="/sanctions", description="限制（主办部门）")


class SanctionSchema(Schema):
    """A decision that bars a division, and the one that lifted it."""

    id = fields.String(attribute="sanction.id")
    programme = fields.String(attribute="sanction.programme")
    scope = fields.String(
        attribute="sanction.scope",
        metadata={"description": "city：本地的评选资格；province：所辖各地的申报资格"},
    )
    division_code = fields.String(attribute="sanction.division_code")
    division_name = fields.String()
    first_year = fields.Integer(attribute="sanction.first_year")
    last_year = fields.Integer(attribute="sanction.last_year")
    decision_number = fields.String(attribute="sanction.decision_number")
    decided_on = fields.Date(attribute="sanction.decided_on")
    edition_id = fields.String(allow_none=True)
    article = fields.String(allow_none=True, metadata={"description": "作出决定所依据的条文"})
    reason = fields.String(attribute="sanction.reason")
    imposed_at = fields.DateTime(attribute="sanction.imposed_at")
    status = fields.String()
    status_label = fields.String()
    appeal_number = fields.String(attribute="sanction.appeal_number", allow_none=True)
    lifted_on = fields.Date(attribute="sanction.lifted_on", allow_none=True)
    lift_reason = fields.String(attribute="sanction.lift_reason", allow_none=True)


class LiftingSchema(Schema):
    """The decision on an appeal."""

    appeal_number = fields.String(required=True)
    lifted_on = fields.Date(required=True)
    reason = fields.String(required=True)


@blueprint.get("")
@access("official", "auditor")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, SanctionSchema(many=True), headers=TOTAL)
def index(query: dict[str, int]) -> Any:
    """全部限制，包括已解除的"""
    return listed(overviews.visible_sanctions(db(), current_actor(), now=now(), **query))


@blueprint.get("/<sanction_id>")
@access("official", "auditor")
@blueprint.response(200, SanctionSchema)
def show(sanction_id: str) -> Any:
    """一项限制"""
    return overviews.of_sanction(db(), current_actor(), sanction_id, now=now())


@blueprint.post("/<sanction_id>/lift")
@access("official")
@blueprint.arguments(LiftingSchema)
@blueprint.response(200, SanctionSchema)
def lift(lifting: dict[str, Any], sanction_id: str) -> Any:
    """依申诉决定解除"""
    sanctions.lift(db(), current_actor(), sanction_id, now=now(), **lifting)
    return overviews.of_sanction(db(), current_actor(), sanction_id, now=now())
