"""Public notices and objections to them, without signing in."""

import base64
import binascii
import io
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed, one_of
from service.auth.requests import app, db, engine
from service.auth.routes import access
from service.domain import evidence, notices, objections, overviews

blueprint = Blueprint("notices", __name__, url_prefix="/notices", description="公示和异议（无需登录）")


class Base64(fields.Field[bytes]):
    """Bytes as JSON can carry them."""

    default_error_messages = {"invalid": "这一项应为 Base64 编码的文件内容。"}  # noqa: RUF012

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise self.make_error("invalid") from None


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


class EvidenceSchema(Schema):
    """A file that proves what is objected."""

    name = fields.String(required=True)
    content = Base64(required=True, metadata={"format": "byte", "description": "文件内容，Base64 编码"})


class NewObjectionSchema(Schema):
    """What the public files."""

    application_id = fields.String(required=True)
    statement = fields.String(required=True)
    evidence = fields.String(load_default="")
    filer = fields.String(load_default="")
    contact = fields.String(load_default="")
    anonymous = fields.Boolean(load_default=False)
    files = fields.List(
        fields.Nested(EvidenceSchema),
        load_default=list,
        metadata={"description": f"证据材料，至多 {objections.MOST_FILES} 个"},
    )


class ReceiptSchema(Schema):
    """The receipt of an objection, and what became of it."""

    number = fields.String()
    filed_at = fields.DateTime()
    status = fields.String()
    reason = fields.String(allow_none=True, metadata={"description": "办结之后才有"})


class NoticesQuerySchema(PageQuerySchema):
    """Of which status, and which page of them."""

    status = fields.String(load_default=None, validate=one_of(notices.NoticeStatus))


@blueprint.get("")
@access("public")
@blueprint.arguments(NoticesQuerySchema, location="query")
@blueprint.response(200, NoticeSchema(many=True), headers=TOTAL)
def index(query: dict[str, Any]) -> Any:
    """全部公示"""
    return listed(notices.listed(db(), **query))


@blueprint.get("/<notice_id>")
@access("public")
@blueprint.response(200, NoticeViewSchema)
def show(notice_id: str) -> Any:
    """一份公示和名单"""
    notice = notices.get(db(), notice_id)
    return {**_columns(notice), "entries": notices.entries(db(), [notice_id])[notice_id]}


@blueprint.post("/<notice_id>/objections")
@access("public", throttled=True)
@blueprint.arguments(NewObjectionSchema)
@blueprint.response(201, ReceiptSchema)
def object(objection: dict[str, Any], notice_id: str) -> Any:
    """对公示提出异议"""
    files = [evidence.File(each["name"], io.BytesIO(each["content"])) for each in objection.pop("files")]
    filed = evidence.file_objection(
        db(),
        engine(),
        app().laurel.uploads,
        files,
        maximum_bytes=app().laurel.attachment_bytes,
        notice_id=notice_id,
        **objection,
    )
    return overviews.receipt(db(), filed.number)


@blueprint.get("/receipts/<number>")
@access("public")
@blueprint.response(200, ReceiptSchema)
def receipt(number: str) -> Any:
    """凭受理编号查询异议的处理情况"""
    return overviews.receipt(db(), number)


def _columns(notice: notices.Notice) -> dict[str, Any]:
    return {column.key: getattr(notice, column.key) for column in notices.Notice.__table__.columns}
