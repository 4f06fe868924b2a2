"""Rounds: opening one, its standing, ranking and result."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.numbers import YEAR
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.requests import current_actor, db, engine, now
from service.auth.routes import access
from service.domain import overviews, rounds

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds", description="轮次、排名和结果")


class RoundSchema(Schema):
    """One year's run of one track."""

    id = fields.String()
    title = fields.String()
    programme = fields.String()
    edition_id = fields.String()
    year = fields.Integer()
    track = fields.String()
    stage = fields.String()
    collection_ends_on = fields.Date(allow_none=True)
    quota = fields.Integer(allow_none=True)
    quota_recorded_at = fields.DateTime(allow_none=True)
    ranked_at = fields.DateTime(allow_none=True)
    announced_at = fields.DateTime(allow_none=True)
    approval_number = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)


class CallSchema(Schema):
    """The notice that opened the round, and whom the document copies it to."""

    number = fields.String(allow_none=True)
    contact = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    text = fields.String(allow_none=True, metadata={"description": "通知正文，HTML"})
    issued_at = fields.DateTime()
    copied_to = fields.List(fields.String(), metadata={"description": "抄送的单位"})


class SeatSchema(Schema):
    """One person's time in a seat of the committee; what follows `alternate` is of who has left."""

    name = fields.String()
    role = fields.String()
    chair = fields.Boolean()
    alternate = fields.Boolean()
    ended_at = fields.DateTime(allow_none=True, metadata={"description": "退出的时间；在任的为 null"})
    replaced_by = fields.String(allow_none=True, metadata={"description": "接任的委员"})
    decision_number = fields.String(allow_none=True)
    decided_on = fields.Date(allow_none=True)
    reason = fields.String(allow_none=True, metadata={"description": "退出的原因，只给主办部门和审计员"})


class RankingLineSchema(Schema):
    """One candidate, with the reason for the conclusion."""

    application_id = fields.String()
    division = fields.String()
    rank = fields.Integer()
    score = fields.String(metadata={"description": "公布的得分，两位小数"})
    exact = fields.String(metadata={"description": "精确平均分，分数形式"})
    sheets = fields.Integer()
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()


class ProspectSchema(Schema):
    """Where a candidate stands, why, and what would have had to be different for it to be on the list."""

    application_id = fields.String()
    division = fields.String()
    rank = fields.Integer()
    score = fields.String(metadata={"description": "公布的得分，含加分"})
    state = fields.String()
    state_label = fields.String()
    reason = fields.String()
    sentences = fields.List(fields.String(), metadata={"description": "差多少分，或者为什么多少分都不能列入"})
    needed = fields.String(allow_none=True, metadata={"description": "达到即可列入的得分；没有的为 null"})
    missing = fields.String(allow_none=True, metadata={"description": "还差的分数；已在名单上的为 0.00"})
    rules = fields.List(fields.String(), metadata={"description": "多少分都不能列入的，是哪条规则"})


class WaiverSchema(Schema):
    """A recorded decision that a rule of the list does not apply, or by another number."""

    article = fields.String()
    text = fields.String(metadata={"description": "规则"})
    limit = fields.Integer(allow_none=True, metadata={"description": "改按几个执行；null 表示不适用"})
    reason = fields.String()
    decider = fields.String(metadata={"description": "作出决定的会议或者领导"})
    number = fields.String(metadata={"description": "决定的文号"})
    decided_on = fields.Date()
    recorded_at = fields.DateTime()


class WinnerSchema(Schema):
    """One division of the announced result."""

    application_id = fields.String()
    division_code = fields.String()
    division = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    status = fields.String()


class NoticeRefSchema(Schema):
    """A notice of the round."""

    id = fields.String()
    title = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    status = fields.String()


class RoundViewSchema(Schema):
    """A round as one may see it; what does not concern one is null. Its applications: `/applications`."""

    round = fields.Nested(RoundSchema)
    call = fields.Nested(CallSchema, allow_none=True, metadata={"description": "申报通知；部署之前为 null"})
    committee = fields.List(fields.Nested(SeatSchema), allow_none=True)
    ranking = fields.List(fields.Nested(RankingLineSchema), allow_none=True)
    waivers = fields.List(fields.Nested(WaiverSchema), allow_none=True)
    winners = fields.List(fields.Nested(WinnerSchema))
    notices = fields.List(fields.Nested(NoticeRefSchema))
    may_replace = fields.Boolean(metadata={"description": "现在能否更换评审委员"})
    left = fields.String(
        allow_none=True, metadata={"description": "已退出评审委员会的人读到的说明；其他人为 null"}
    )


class NewRoundSchema(Schema):
    """Which edition's procedure is run for which year and track."""

    edition_id = fields.String(required=True)
    year = fields.Integer(required=True, validate=YEAR)
    track = fields.String(required=True)


class RoundsQuerySchema(PageQuerySchema):
    """Of which year, and which page of them."""

    year = fields.Integer(load_default=None, validate=YEAR, metadata={"description": "年度"})


@blueprint.get("")
@access("signed_in")
@blueprint.arguments(RoundsQuerySchema, location="query")
@blueprint.response(200, RoundSchema(many=True), headers=TOTAL)
def index(query: dict[str, Any]) -> Any:
    """全部轮次"""
    return listed(rounds.listed(db(), **query))


@blueprint.post("")
@access("official", "admin")
@blueprint.arguments(NewRoundSchema)
@blueprint.response(201, RoundSchema)
def create(new: dict[str, Any]) -> Any:
    """建立轮次"""
    return rounds.create(db(), engine(), current_actor(), **new)


@blueprint.get("/<round_id>")
@access("signed_in")
@blueprint.response(200, RoundViewSchema)
def show(round_id: str) -> Any:
    """一个轮次"""
    return overviews.of_round(db(), current_actor(), round_id, now())


@blueprint.get("/<round_id>/ranking")
@access("signed_in")
@blueprint.response(200, RankingLineSchema(many=True))
def ranking(round_id: str) -> Any:
    """评分排名和每个申报的理由"""
    return overviews.ranking(db(), current_actor(), round_id)


@blueprint.get("/<round_id>/prospects/<application_id>")
@access("official", "auditor")
@blueprint.response(200, ProspectSchema)
def prospect(round_id: str, application_id: str) -> Any:
    """一个申报差多少分可以入选（主办部门和审计员；结果公布后，申报单位可以查看本单位的）"""
    return overviews.prospect(db(), current_actor(), round_id, application_id)


@blueprint.get("/<round_id>/results")
@access("public")
@blueprint.response(200, WinnerSchema(many=True))
def results(round_id: str) -> Any:
    """公布的入选名单，无需登录"""
    return overviews.winners(db(), round_id)
