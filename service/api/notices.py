"""Public notices and objections to them, without signing in."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth.requests import db, engine
from service.auth.routes import access
from service.domain import notices, objections

blueprint = Blueprint("notices", __name__, url_prefix="/notices", description="公示和异议（无需登录）")


class EntrySchema(Schema):
    """One division on a notice."""

    application_id = fields.String()
    division_code = fields.String()
    division_name = fields.String()


class NoticeSchema(Schema):
    """A public notice."""

    id = fields.String()
    round_id = fields.String()
    number = fields.String()
    title = fields.String()
    text = fields.String()
    contact = fields.String()
    status = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date(metadata={"description": "到这一天的 24:00 为止"})
    published_at = fields.DateTime()
    ends_at = fields.DateTime()
    closed_at = fields.DateTime(allow_none=True)


class NoticeViewSchema(NoticeSchema):
    """A public notice with its list, in the order of division codes."""

    entries = fields.List(fields.Nested(EntrySchema))


class NewObjectionSchema(Schema):
    """What the public files."""

    application_id = fields.String(required=True)
    statement = fields.String(required=True)
    evidence = fields.String(load_default="")
    filer = fields.String(load_default="")
    contact = fields.String(load_default="")
    anonymous = fields.Boolean(load_default=False)


class ReceiptSchema(Schema):
    """The receipt of an objection, and what became of it."""

    number = fields.String()
    filed_at = fields.DateTime()
    status = fields.String()
    reason = fields.String(allow_none=True)


@blueprint.get("")
@access("public")
@blueprint.response(200, NoticeSchema(many=True))
def index() -> Any:
    """全部公示"""
    return notices.published(db())


@blueprint.get("/<notice_id>")
@access("public")
@blueprint.response(200, NoticeViewSchema)
def show(notice_id: str) -> Any:
    """一份公示和名单"""
    notice = notices.get(db(), notice_id)
    return {**_columns(notice), "entries": notices.entries(db(), [notice_id])[notice_id]}


@blueprint.post("/<notice_id>/objections")
@access("public")
@blueprint.arguments(NewObjectionSchema)
@blueprint.response(201, ReceiptSchema)
def object(objection: dict[str, Any], notice_id: str) -> Any:
    """对公示提出异议"""
    return objections.file_objection(db(), engine(), notice_id=notice_id, **objection)


@blueprint.get("/receipts/<number>")
@access("public")
@blueprint.response(200, ReceiptSchema)
def receipt(number: str) -> Any:
    """凭受理编号查询异议的处理情况"""
    return objections.by_number(db(), number)


def _columns(notice: notices.Notice) -> dict[str, Any]:
    return {column.key: getattr(notice, column.key) for column in notices.Notice.__table__.columns}
