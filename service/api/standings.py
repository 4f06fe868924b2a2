"""Standings: a round's rankings by points, and how one county's total came about."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import overviews

blueprint = Blueprint("standings", __name__, url_prefix="/standings", description="指标得分和排名")


class PoolLineSchema(Schema):
    """One county in a ranking."""

    application_id = fields.String()
    division = fields.String()
    rank = fields.Integer()
    completion = fields.String(metadata={"description": "目标任务完成的标准分"})
    excess = fields.String(metadata={"description": "超目标完成的标准分"})
    mechanism = fields.String(metadata={"description": "政策机制建设"})
    total = fields.String(metadata={"description": "公布的总分"})
    exact = fields.String(metadata={"description": "精确值，分数形式"})
    winner = fields.Boolean(metadata={"description": "上年度已受激励"})
    accelerating = fields.Boolean(metadata={"description": "加快发展县（市、区）"})
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()


class PoolSchema(Schema):
    """Those who are ranked together."""

    title = fields.String()
    status = fields.String()
    lines = fields.List(fields.Nested(PoolLineSchema))


class RoundStandingsSchema(Schema):
    """All rankings of a round that the reader may see."""

    pools = fields.List(fields.Nested(PoolSchema))


class PointLineSchema(Schema):
    """One indicator of one county."""

    title = fields.String()
    target = fields.String()
    done = fields.String()
    figure = fields.String(metadata={"description": "完成率，或者完成数"})
    rank = fields.Integer()
    points = fields.String()
    excess = fields.String()
    excess_points = fields.String()


class ItemLineSchema(Schema):
    """One item of 政策机制."""

    title = fields.String()
    points = fields.String()
    cap = fields.String()


class ExplanationSchema(Schema):
    """How one county's total at one stage came about."""

    stage = fields.String()
    rank = fields.Integer(attribute="standing.rank")
    total = fields.String(attribute="standing.total")
    exact = fields.String(attribute="standing.exact")
    pool = fields.Integer(metadata={"description": "一起排名的县（市、区）个数"})
    lines = fields.List(fields.Nested(PointLineSchema))
    items = fields.List(fields.Nested(ItemLineSchema))
    sum = fields.String()
    completion = fields.String()
    completion_formula = fields.String()
    excess_sum = fields.String()
    excess = fields.String()
    excess_formula = fields.String()
    mechanism = fields.String()
    articles = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "各部分所依据的条文"}
    )


class ChangeSchema(Schema):
    """One figure that was confirmed otherwise."""

    title = fields.String()
    before = fields.String()
    after = fields.String()
    reason = fields.String()


class CorrectionSchema(Schema):
    """A review that was taken up again."""

    stage = fields.String()
    reason = fields.String()
    article = fields.String(allow_none=True, metadata={"description": "重新核定所依据的条文"})
    requested_at = fields.DateTime(attribute="request.submitted_at")
    reviewed_at = fields.DateTime(
        attribute="review.submitted_at", metadata={"description": "还在核定的没有这一项"}
    )
    changes = fields.List(fields.Nested(ChangeSchema))


@blueprint.get("/rounds/<round_id>")
@access("signed_in")
@blueprint.response(200, RoundStandingsSchema)
def of_round(round_id: str) -> Any:
    """一个轮次的各个排名。"""
    return overviews.standings_of_round(db(), current_actor(), round_id)


@blueprint.get("/applications/<application_id>")
@access("signed_in")
@blueprint.response(200, ExplanationSchema(many=True))
def of_application(application_id: str) -> Any:
    """一个县（市、区）在各环节的得分是怎样算出的。"""
    return overviews.explanations(db(), current_actor(), application_id)


@blueprint.get("/applications/<application_id>/corrections")
@access("signed_in")
@blueprint.response(200, CorrectionSchema(many=True))
def corrections(application_id: str) -> Any:
    """一个县（市、区）在各环节的重新核定：理由，更改前后的核定数。"""
    return overviews.corrections(db(), current_actor(), application_id)
