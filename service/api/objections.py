"""Objections, for those who handle them."""

from typing import Any

from marshmallow import Schema, fields

from service.api.attachments import AttachmentSchema
from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed, one_of
from service.api.user_tasks import StepSchema
from service.auth.requests import current_actor, db, engine
from service.auth.routes import access
from service.domain import objections, overviews

blueprint = Blueprint("objections", __name__, url_prefix="/objections", description="异议办理")


class ObjectionLineSchema(Schema):
    """One objection in a list."""

    id = fields.String()
    number = fields.String()
    application_id = fields.String()
    division = fields.String()
    notice_id = fields.String(allow_none=True)
    filed_at = fields.DateTime()
    status = fields.String()
    status_label = fields.String()


class ObjectionMoveSchema(Schema):
    """One application that would move: `leaves`, `enters`, or `tied` where a vote would decide."""

    application_id = fields.String()
    division = fields.String()
    change = fields.String()
    change_label = fields.String()
    reason = fields.String()


class ObjectionImpactSchema(Schema):
    """Who would move if the objection were upheld, by the selection that makes the list.

    `rules` names those that no list could keep to together any more.
    """

    summary = fields.String()
    moves = fields.List(fields.Nested(ObjectionMoveSchema))
    rules = fields.List(fields.String())


class ObjectionViewSchema(Schema):
    """An objection with what came with it and its course.

    `filer`, `contact` and the public's files are given to the ministry and to auditors alone; for others
    `filer_withheld` is true. `impact` is given until it is decided, to those who may see the ranking.
    """

    objection = fields.Nested(ObjectionLineSchema, attribute="line")
    anonymous = fields.Boolean(attribute="objection.anonymous")
    filer_withheld = fields.Boolean()
    filer = fields.String(allow_none=True)
    contact = fields.String(allow_none=True)
    statement = fields.String(attribute="objection.statement")
    evidence = fields.String(attribute="objection.evidence")
    reason = fields.String(attribute="objection.reason", allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentSchema))
    course = fields.List(fields.Nested(StepSchema))
    impact = fields.Nested(ObjectionImpactSchema, allow_none=True)


class CaseSchema(Schema):
    """A case that the ministry opens outside a notice."""

    application_id = fields.String(required=True)
    statement = fields.String(required=True)
    evidence = fields.String(required=True)


class OpenedSchema(Schema):
    """A case that was opened."""

    id = fields.String()
    number = fields.String()
    status = fields.String()


class ObjectionsQuerySchema(PageQuerySchema):
    """Of which status, and which page of them."""

    status = fields.String(load_default=None, validate=one_of(objections.ObjectionStatus))


@blueprint.get("")
@access("official", "auditor")
@blueprint.arguments(ObjectionsQuerySchema, location="query")
@blueprint.response(200, ObjectionLineSchema(many=True), headers=TOTAL)
def index(query: dict[str, Any]) -> Any:
    """可以查看的异议"""
    return listed(overviews.visible_objections(db(), current_actor(), **query))


@blueprint.post("")
@access("official")
@blueprint.arguments(CaseSchema)
@blueprint.response(201, OpenedSchema)
def open_case(case: dict[str, str]) -> Any:
    """公示期外立案核查（主办部门）"""
    return objections.open_case(db(), engine(), current_actor(), **case)


@blueprint.get("/<objection_id>")
@access("official", "auditor")
@blueprint.response(200, ObjectionViewSchema)
def show(objection_id: str) -> Any:
    """一件异议"""
    return overviews.of_objection(db(), current_actor(), objection_id)
