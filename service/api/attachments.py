"""Attachments: their hashes, and the files."""

from flask import send_file
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth.requests import app, current_actor, db
from service.auth.routes import access
from service.domain import attachments, visibility

blueprint = Blueprint("attachments", __name__, url_prefix="/attachments", description="附件")


class AttachmentSchema(Schema):
    """A file that was handed in."""

    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    user_task_id = fields.String(allow_none=True)
    uploaded_at = fields.DateTime()


@blueprint.get("/<attachment_id>")
@access("signed_in")
@blueprint.response(200, AttachmentSchema)
def show(attachment_id: str) -> object:
    """一个附件的名称、大小和 SHA-256"""
    return visibility.attachment(db(), current_actor(), attachment_id)


@blueprint.get("/<attachment_id>/content")
@access("signed_in")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download(attachment_id: str) -> ResponseReturnValue:
    """下载附件"""
    found = visibility.attachment(db(), current_actor(), attachment_id)
    return send_file(
        attachments.path(app().laurel.uploads, found.sha256).absolute(),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=found.sha256,
        last_modified=found.uploaded_at,
    )
