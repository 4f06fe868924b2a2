"""Replacing members of a round's committee."""

from typing import Any

from marshmallow import Schema, fields, validate

from service.api.blueprints import Blueprint
from service.api.rounds import SeatSchema
from service.auth.requests import current_actor, db, engine, now
from service.auth.routes import access
from service.domain import overviews, replacements, rounds
from service.domain.replacements import LONGEST_NUMBER, LONGEST_REASON, Replacement

blueprint = Blueprint("replacements", __name__, url_prefix="/rounds", description="更换评审委员")


class SittingSchema(Schema):
    """A member who may leave."""

    person_id = fields.String()
    name = fields.String()
    role = fields.String()
    chair = fields.Boolean()
    submitted = fields.Boolean(
        metadata={"description": "本次评分是否已提交；已提交的有效，接任者自下一次评分起参加"}
    )


class AlternateSchema(Schema):
    """Somebody who may come in."""

    person_id = fields.String()
    name = fields.String()
    roles = fields.List(fields.String(), metadata={"description": "可以担任的身份"})


class ApplicantSchema(Schema):
    """An application from which the alternate may withdraw."""

    application_id = fields.String()
    name = fields.String()
    division_code = fields.String()


class ChoicesSchema(Schema):
    """What may be chosen at the moment."""

    members = fields.List(fields.Nested(SittingSchema))
    alternates = fields.List(fields.Nested(AlternateSchema))
    applicants = fields.List(fields.Nested(ApplicantSchema))


class ReplacementSchema(Schema):
    """A decision to replace a member."""

    leaver = fields.String(required=True, metadata={"description": "退出的委员"})
    alternate = fields.String(required=True, metadata={"description": "接任的人员"})
    reason = fields.String(required=True, validate=validate.Length(max=LONGEST_REASON))
    decision_number = fields.String(required=True, validate=validate.Length(max=LONGEST_NUMBER))
    decided_on = fields.Date(required=True)
    chair = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "退出的是主任委员时，由谁接任：接任的人员，或者现任的一名委员"},
    )
    division_code = fields.String(
        load_default=None, allow_none=True, metadata={"description": "接任者的籍贯或工作所在地"}
    )
    recused = fields.List(fields.String(), load_default=[], metadata={"description": "接任者申请回避的申报"})


@blueprint.get("/<round_id>/replacements/choices")
@access("official")
@blueprint.response(200, ChoicesSchema)
def choices(round_id: str) -> Any:
    """可以退出和可以接任的人员（主办部门）"""
    return replacements.choices(db(), current_actor(), round_id, now())


@blueprint.post("/<round_id>/replacements")
@access("official")
@blueprint.arguments(ReplacementSchema)
@blueprint.response(201, SeatSchema(many=True))
def create(decided: dict[str, Any], round_id: str) -> Any:
    """更换一名评审委员（主办部门），返回更换后的名单"""
    people = {f"{name}_id": decided.pop(name) for name in ("leaver", "alternate", "chair")}
    replacements.replace(db(), engine(), current_actor(), round_id, Replacement(**people, **decided))
    return overviews.seats(db(), current_actor(), rounds.get(db(), round_id))
