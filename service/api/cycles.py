"""Cycles: pilots and their three years of targets, assessments, rectifications and adjustments."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.numbers import YEAR
from service.api.pages import TOTAL, PageQuerySchema, listed, one_of
from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import overviews
from service.domain.cycles import CycleStatus

blueprint = Blueprint("cycles", __name__, url_prefix="/cycles", description="试点示范周期")

ARTICLE = {"description": "所依据的条文"}


class AssessmentSchema(Schema):
    """One assessment of a pilot."""

    stage = fields.String(attribute="row.stage")
    stage_label = fields.String(attribute="stage")
    verdict = fields.String(attribute="row.verdict")
    verdict_label = fields.String(attribute="verdict")
    assessed_on = fields.Date(attribute="row.assessed_on")
    version = fields.Integer(attribute="row.version", metadata={"description": "按第几版目标考核"})
    targets = fields.Integer(attribute="row.targets")
    reached = fields.Integer(attribute="row.reached", metadata={"description": "完成的目标项数"})
    lowest = fields.String(
        attribute="row.lowest", metadata={"description": "最低的完成率（%）；没有报送的为空"}
    )
    article = fields.String(allow_none=True, metadata=ARTICLE)


class PilotSchema(Schema):
    """One city whose plan was approved, and how far it is."""

    application_id = fields.String(attribute="cycle.application_id")
    round_id = fields.String(attribute="cycle.round_id")
    programme = fields.String()
    year = fields.Integer(metadata={"description": "申报年度"})
    division_code = fields.String()
    division = fields.String()
    approval_number = fields.String(attribute="cycle.approval_number")
    approved_on = fields.Date(attribute="cycle.approved_on")
    starts_on = fields.Date(attribute="cycle.starts_on")
    ends_on = fields.Date(attribute="cycle.ends_on", metadata={"description": "最后一天，当日有效"})
    status = fields.String(attribute="cycle.status")
    status_label = fields.String()
    reason = fields.String(
        attribute="cycle.reason", allow_none=True, metadata={"description": "中止、取消的理由"}
    )
    closed_at = fields.DateTime(attribute="cycle.closed_at", allow_none=True)
    assessments = fields.List(fields.Nested(AssessmentSchema))


class GoalSchema(Schema):
    """A target's goal of one year, and what was reached of it."""

    year = fields.Integer()
    goal = fields.String()
    approved = fields.String(metadata={"description": "调整之前批复的"})
    actual = fields.String(allow_none=True)
    rate = fields.String(allow_none=True, metadata={"description": "完成率（%）"})
    actual_before = fields.String(allow_none=True, metadata={"description": "中期评估时的实际"})
    rate_before = fields.String(allow_none=True)


class TargetSchema(Schema):
    """One target as it is in force."""

    position = fields.Integer(attribute="target.position")
    title = fields.String(attribute="target.title")
    direction = fields.String(
        attribute="target.direction", metadata={"description": "higher：不低于；lower：不高于"}
    )
    base = fields.String(attribute="target.base", metadata={"description": "申报前一年的基数"})
    goals = fields.List(fields.Nested(GoalSchema))


class AdjustmentSchema(Schema):
    """A decision on a change of the plan."""

    agreed = fields.Function(lambda row: row.version is not None)
    version = fields.Integer(allow_none=True, metadata={"description": "调整后的目标是第几版"})
    number = fields.String(allow_none=True)
    decided_on = fields.Date()
    reason = fields.String(metadata={"description": "城市申请调整的理由"})


class RectificationSchema(Schema):
    """What was to be put right after an assessment, until when, and what came of it."""

    stage = fields.String(attribute="row.stage")
    stage_label = fields.String(attribute="stage")
    order_number = fields.String(attribute="row.order_number")
    ordered_at = fields.DateTime(attribute="row.ordered_at")
    working_days = fields.Integer(attribute="row.working_days")
    ends_on = fields.Date(attribute="row.ends_on")
    adjusts = fields.Boolean(attribute="row.adjusts")
    verdict = fields.String(attribute="row.verdict", allow_none=True)
    verdict_label = fields.String(attribute="verdict")
    closed_at = fields.DateTime(attribute="row.closed_at", allow_none=True)
    adjustment = fields.Nested(AdjustmentSchema, allow_none=True)
    article = fields.String(allow_none=True, metadata=ARTICLE)


class MilestoneSchema(Schema):
    """What is due in a cycle, and from which day on."""

    kind = fields.String()
    kind_label = fields.String(attribute="kind.label")
    on = fields.Date()


class CycleViewSchema(Schema):
    """A pilot's years."""

    pilot = fields.Nested(PilotSchema)
    edition_id = fields.String()
    article = fields.String(metadata={"description": "周期所依据的条文"})
    ending_article = fields.String(allow_none=True, metadata={"description": "中止和取消所依据的条文"})
    version = fields.Integer(attribute="cycle.version", metadata={"description": "目标是第几版"})
    milestones = fields.List(fields.Nested(MilestoneSchema))
    targets = fields.List(fields.Nested(TargetSchema))
    rectifications = fields.List(fields.Nested(RectificationSchema))


class CyclesQuerySchema(PageQuerySchema):
    """Of which programme, year of application, standing and division, and which page of them."""

    programme = fields.String(load_default=None)
    year = fields.Integer(load_default=None, validate=YEAR, metadata={"description": "申报年度"})
    status = fields.String(load_default=None, validate=one_of(CycleStatus))
    division = fields.String(
        load_default=None, metadata={"description": "地区代码或名称（的一部分），包括所辖各地"}
    )


@blueprint.get("")
@access("official", "auditor")
@blueprint.arguments(CyclesQuerySchema, location="query")
@blueprint.response(200, PilotSchema(many=True), headers=TOTAL)
def index(query: dict[str, Any]) -> Any:
    """与我有关的试点示范城市，申报年度最近的在前。"""
    return listed(overviews.visible_cycles(db(), current_actor(), **query))


@blueprint.get("/<application_id>")
@access("signed_in")
@blueprint.response(200, CycleViewSchema)
def show(application_id: str) -> Any:
    """一个城市的周期：各年目标和完成情况、评估、限期整改和调整。"""
    return overviews.of_cycle(db(), current_actor(), application_id)
