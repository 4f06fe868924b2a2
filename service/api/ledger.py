"""The ledger: awards for everybody; their use, sanctions and repeats for who may read them."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.numbers import YEAR
from service.api.pages import TOTAL, PageQuerySchema, listed, one_of
from service.api.sanctions import SanctionSchema
from service.auth.requests import current_actor, db, now
from service.auth.routes import access
from service.domain import ledger, redemptions
from service.domain.awards import AwardStatus
from service.domain.incentives import Kind
from service.domain.sanctions import SanctionStatus, Scope

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger", description="台账")


class AwardSchema(Schema):
    """An award: who won what, from when until when."""

    id = fields.String(attribute="award.id")
    division_code = fields.String(attribute="award.division_code")
    division_name = fields.String()
    programme = fields.String(attribute="award.programme")
    title = fields.String()
    track = fields.String(attribute="award.track")
    track_title = fields.String()
    year = fields.Integer(attribute="award.year")
    starts_on = fields.Date(attribute="award.starts_on")
    ends_on = fields.Date(attribute="award.ends_on", metadata={"description": "最后一天，当日有效"})
    status = fields.String(attribute="award.status")
    status_label = fields.String()


class IncentiveSchema(Schema):
    """What an award entitles to."""

    number = fields.Integer(metadata={"description": "登记使用时的 incentive"})
    article = fields.String()
    title = fields.String()
    kind = fields.String()
    kind_label = fields.String()
    benefit = fields.String()
    points = fields.String(allow_none=True)
    maximum = fields.String(allow_none=True)
    preference = fields.String(allow_none=True)
    amount = fields.String(allow_none=True)
    once = fields.Boolean(metadata={"description": "是否只能使用一次"})
    note = fields.String(allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date()


class RedemptionSchema(Schema):
    """One use of an incentive."""

    id = fields.String()
    incentive = fields.Integer()
    article = fields.String()
    used_by = fields.String()
    purpose = fields.String()
    used_on = fields.Date()
    document_number = fields.String()
    recorded_at = fields.DateTime()


class UseSchema(Schema):
    """An incentive with what was used of it."""

    incentive = fields.Nested(IncentiveSchema)
    redemptions = fields.List(fields.Nested(RedemptionSchema))


class AwardViewSchema(Schema):
    """An award with its incentives."""

    award = fields.Nested(AwardSchema, attribute="line")
    closed_at = fields.DateTime(
        attribute="line.award.closed_at", allow_none=True, metadata={"description": "期满或者撤销的时间"}
    )
    reason = fields.String(attribute="line.award.reason", metadata={"description": "撤销的理由和文号"})
    incentives = fields.List(fields.Nested(UseSchema), attribute="uses")
    may_record = fields.Boolean()


class EntitlementSchema(Schema):
    """What a division is entitled to by one award."""

    award = fields.Nested(AwardSchema)
    incentives = fields.List(fields.Nested(IncentiveSchema))


class RedemptionLineSchema(Schema):
    """A use with the award that it belongs to."""

    redemption = fields.Nested(RedemptionSchema)
    award = fields.Nested(AwardSchema)
    incentive = fields.Nested(IncentiveSchema)


class UsingSchema(Schema):
    """What is recorded of a use."""

    incentive = fields.Integer(required=True)
    used_by = fields.String(required=True)
    purpose = fields.String(required=True)
    used_on = fields.Date(required=True)
    document_number = fields.String(required=True)


class LedgerQuerySchema(PageQuerySchema):
    """Of which division, programme and year, and which page of them."""

    division = fields.String(
        load_default=None, metadata={"description": "地区代码或名称（的一部分），包括所辖各地"}
    )
    programme = fields.String(load_default=None)
    year = fields.Integer(load_default=None, validate=YEAR)


class AwardsQuerySchema(LedgerQuerySchema):
    """Of which kind of incentive, and what became of the award."""

    kind = fields.String(
        load_default=None,
        validate=one_of(Kind),
        metadata={"description": "激励的种类：points 加分，preference 优先，amount 资金，other 其他支持"},
    )
    status = fields.String(load_default=None, validate=one_of(AwardStatus))


class SanctionsQuerySchema(LedgerQuerySchema):
    """Whom they bar, and what they are today."""

    kind = fields.String(
        load_default=None,
        validate=one_of(Scope),
        metadata={"description": "city：本地的评选资格；province：所辖各地的申报资格"},
    )
    status = fields.String(load_default=None, validate=one_of(SanctionStatus))


class EntitlementsQuerySchema(PageQuerySchema):
    """Of which division, in force on which day, of which kind, and which page of them."""

    division_code = fields.String(required=True, data_key="division", metadata={"description": "地区代码"})
    on = fields.Date(load_default=None, metadata={"description": "只列这一天在激励期内的"})
    kind = fields.String(load_default=None, validate=one_of(Kind))


class RepeatsQuerySchema(Schema):
    """Of which division, programme, year and track."""

    division = fields.String(required=True)
    programme = fields.String(required=True)
    year = fields.Integer(required=True, validate=YEAR)
    track = fields.String(load_default=None)


class RepeatsSchema(Schema):
    """Who has the award already."""

    itself = fields.Nested(AwardSchema, allow_none=True)
    city = fields.Nested(AwardSchema, allow_none=True)
    counties = fields.List(fields.Nested(AwardSchema))


@blueprint.get("/awards")
@blueprint.doc(security=[])
@access("public")
@blueprint.arguments(AwardsQuerySchema, location="query")
@blueprint.response(200, AwardSchema(many=True), headers=TOTAL)
def awards(query: dict[str, Any]) -> Any:
    """各办法、各年度的激励"""
    return listed(ledger.awards(db(), **query))


@blueprint.get("/incentives")
@blueprint.doc(security=[])
@access("public")
@blueprint.arguments(EntitlementsQuerySchema, location="query")
@blueprint.response(200, EntitlementSchema(many=True), headers=TOTAL)
def entitlements(query: dict[str, Any]) -> Any:
    """某地享有的激励：加分、优先、资金和起止日期"""
    return listed(ledger.entitlements(db(), **query))


@blueprint.get("/awards/<award_id>")
@access("official", "auditor")
@blueprint.response(200, AwardViewSchema)
def award(award_id: str) -> Any:
    """一项激励的内容和使用情况"""
    return ledger.award(db(), current_actor(), award_id)


@blueprint.post("/awards/<award_id>/redemptions")
@access("official")
@blueprint.arguments(UsingSchema)
@blueprint.response(201, RedemptionSchema)
def redeem(using: dict[str, Any], award_id: str) -> Any:
    """登记激励的使用"""
    return redemptions.redeem(db(), current_actor(), award_id, now=now(), **using)


@blueprint.get("/redemptions")
@access("official", "auditor")
@blueprint.arguments(AwardsQuerySchema, location="query")
@blueprint.response(200, RedemptionLineSchema(many=True), headers=TOTAL)
def used(query: dict[str, Any]) -> Any:
    """激励的使用"""
    return listed(ledger.used(db(), current_actor(), **query))


@blueprint.get("/sanctions")
@access("official", "auditor")
@blueprint.arguments(SanctionsQuerySchema, location="query")
@blueprint.response(200, SanctionSchema(many=True), headers=TOTAL)
def sanctions(query: dict[str, Any]) -> Any:
    """本地和所辖各地受到的限制，包括已解除的"""
    return listed(ledger.sanctioned(db(), current_actor(), now=now(), **query))


@blueprint.get("/repeats")
@access("official", "auditor")
@blueprint.arguments(RepeatsQuerySchema, location="query")
@blueprint.response(200, RepeatsSchema)
def repeats(query: dict[str, Any]) -> Any:
    """某地及其所在市、所辖县某年度是否已经入选"""
    return ledger.repeats(db(), query.pop("division"), **query)
