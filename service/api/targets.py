"""Targets: a year's indicators, their decomposition, and setting a year up."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.numbers import YEAR
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.requests import current_actor, db, engine
from service.auth.routes import access
from service.domain import overviews, targets

blueprint = Blueprint("targets", __name__, url_prefix="/targets", description="年度目标任务")


class TargetYearSchema(Schema):
    """One year's targets."""

    id = fields.String()
    title = fields.String()
    programme = fields.String()
    edition_id = fields.String()
    year = fields.Integer(metadata={"description": "完成目标任务的年度"})
    division_code = fields.String()
    status = fields.String()
    number = fields.String(allow_none=True)
    issued_on = fields.Date(allow_none=True)
    filed_at = fields.DateTime(allow_none=True, metadata={"description": "全部备案的时间，此后不再更改"})


class IndicatorSchema(Schema):
    """One indicator with the organiser's own target."""

    key = fields.String()
    title = fields.String()
    figure = fields.String(allow_none=True)
    bound = fields.String(allow_none=True)
    office = fields.String(allow_none=True, metadata={"description": "责任单位"})


class ShareSchema(Schema):
    """What was set for one division, in the order of the indicators; null where nothing was."""

    code = fields.String()
    name = fields.String()
    figures = fields.List(fields.String(allow_none=True))


class CitySchema(Schema):
    """One city's decomposition."""

    division_code = fields.String(attribute="decomposition.division_code")
    name = fields.String()
    status = fields.String(attribute="decomposition.status")
    status_label = fields.String()
    counties = fields.Integer()
    filing_number = fields.String(attribute="decomposition.filing_number", allow_none=True)
    filed_at = fields.DateTime(attribute="decomposition.filed_at", allow_none=True)


class TargetsViewSchema(Schema):
    """A year's targets; the shares are the cities', or the counties' of the city that was asked for."""

    year = fields.Nested(TargetYearSchema)
    status_label = fields.String()
    indicators = fields.List(fields.Nested(IndicatorSchema))
    cities = fields.List(fields.Nested(CitySchema))
    shares = fields.List(fields.Nested(ShareSchema))


class TargetsQuerySchema(Schema):
    """Whose counties."""

    city = fields.String(load_default=None, metadata={"description": "设区市的代码"})


class NewTargetsSchema(Schema):
    """The year to set up."""

    edition_id = fields.String(required=True)
    year = fields.Integer(required=True, validate=YEAR)


@blueprint.get("")
@access("official", "auditor")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, TargetYearSchema(many=True), headers=TOTAL)
def index(query: dict[str, Any]) -> Any:
    """与我有关的年度目标任务，最近的在前。"""
    return listed(overviews.visible_targets(db(), current_actor(), **query))


@blueprint.post("")
@access("official")
@blueprint.arguments(NewTargetsSchema)
@blueprint.response(201, TargetYearSchema)
def create(content: dict[str, Any]) -> Any:
    """建立一个年度的目标任务。"""
    return targets.create(db(), engine(), current_actor(), **content)


@blueprint.get("/<target_year_id>")
@access("official", "auditor")
@blueprint.arguments(TargetsQuerySchema, location="query")
@blueprint.response(200, TargetsViewSchema)
def show(query: dict[str, Any], target_year_id: str) -> Any:
    """一个年度的指标、分解和备案。"""
    return overviews.of_targets(db(), current_actor(), target_year_id, query["city"])
