"""Applications: beginning one, and what one may see."""

from typing import Any

from marshmallow import Schema, fields

from service.api.attachments import AttachmentSchema
from service.api.blueprints import Blueprint
from service.api.numbers import YEAR
from service.api.pages import TOTAL, PageQuerySchema, listed, one_of
from service.api.user_tasks import FormSchema, StepSchema
from service.auth.requests import current_actor, db, engine
from service.auth.routes import access
from service.domain import applications, overviews, parallels, subjects

blueprint = Blueprint("applications", __name__, url_prefix="/applications", description="申报")


class ApplicationSchema(Schema):
    """One application in a list."""

    id = fields.String()
    division_code = fields.String()
    division = fields.String()
    round_title = fields.String()
    status = fields.String()
    status_label = fields.String()
    created_at = fields.DateTime()
    submitted_at = fields.DateTime(allow_none=True)


class FindingSchema(Schema):
    """What the decision table found about one condition."""

    condition = fields.String()
    label = fields.String()
    article = fields.String()
    met = fields.Boolean()
    figure = fields.String(allow_none=True)
    threshold = fields.String(allow_none=True)
    shortfall = fields.String(allow_none=True)
    message = fields.String()
    hard = fields.Function(
        lambda finding: finding.hard is not False,
        metadata={
            "type": "boolean",
            "description": "必须具备；false：“原则上”应具备，可以写明理由、经批准放宽",
        },
    )


class OverrideSchema(Schema):
    """Who gave way on a condition that holds “原则上”, why, and who approved it."""

    reason = fields.String()
    approver = fields.String()
    document_number = fields.String()
    approved_on = fields.Date()
    office = fields.String()
    person = fields.String()
    overridden_at = fields.DateTime()


class JudgementSchema(Schema):
    """What the recommending unit judged of one condition that cannot be computed."""

    condition = fields.String()
    article = fields.String()
    name = fields.String()
    text = fields.String()
    met = fields.Boolean()
    hard = fields.Boolean(
        metadata={"description": "必须具备；false：“原则上”应具备，可以写明理由、经批准放宽"}
    )
    basis = fields.String()
    judged_at = fields.DateTime()
    override = fields.Nested(OverrideSchema, allow_none=True)


class ApplicationViewSchema(Schema):
    """One application with its course."""

    application = fields.Nested(ApplicationSchema, attribute="line")
    round_id = fields.String(attribute="round.id")
    reason = fields.String(attribute="application.reason", allow_none=True)
    findings = fields.List(fields.Nested(FindingSchema))
    judgements = fields.List(fields.Nested(JudgementSchema))
    warnings = fields.List(fields.String(), metadata={"description": "提醒，不影响办理"})
    course = fields.List(fields.Nested(StepSchema))
    materials = fields.List(fields.Nested(FormSchema))
    attachments = fields.List(fields.Nested(AttachmentSchema))


class NewApplicationSchema(Schema):
    """Which division applies to which round."""

    round_id = fields.String(required=True)
    division_code = fields.String(required=True)


class StartedSchema(Schema):
    """A new application."""

    id = fields.String()
    status = fields.String()
    business_key = fields.String()
    warnings = fields.List(fields.String(), metadata={"description": "提醒，不影响办理"})


class ApplicationsQuerySchema(PageQuerySchema):
    """Of which round, year or status, or by what the division is called; and which page of them."""

    round_id = fields.String(load_default=None)
    year = fields.Integer(load_default=None, validate=YEAR, metadata={"description": "年度"})
    status = fields.String(load_default=None, validate=one_of(applications.Status))
    search = fields.String(
        load_default="", metadata={"description": "申报单位名称的一部分，或行政区划代码的开头"}
    )


@blueprint.get("")
@access("signed_in")
@blueprint.arguments(ApplicationsQuerySchema, location="query")
@blueprint.response(200, ApplicationSchema(many=True), headers=TOTAL)
def index(query: dict[str, Any]) -> Any:
    """可以查看的申报"""
    return listed(overviews.visible_applications(db(), current_actor(), **query))


@blueprint.post("")
@access("official")
@blueprint.arguments(NewApplicationSchema)
@blueprint.response(201, StartedSchema)
def create(new: dict[str, str]) -> Any:
    """开始申报"""
    application = applications.create(db(), engine(), current_actor(), **new)
    business_key = subjects.key(subjects.APPLICATION, application.id)
    subject = subjects.get(db(), business_key)
    return {
        "id": application.id,
        "status": application.status,
        "business_key": business_key,
        "warnings": parallels.warnings(db(), current_actor(), subject),
    }


@blueprint.get("/<application_id>")
@access("signed_in")
@blueprint.response(200, ApplicationViewSchema)
def show(application_id: str) -> Any:
    """一份申报：状态、条件核对、办理过程"""
    return overviews.of_application(db(), current_actor(), application_id)
