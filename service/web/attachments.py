"""Attachments, by the rights of the case that they belong to."""

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from service.auth.requests import app, current_actor, db
from service.auth.routes import access
from service.domain import attachments, visibility
from service.domain.attachments import Attachment

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<attachment_id>")
@access("signed_in")
def download(attachment_id: str) -> ResponseReturnValue:
    """A file by its row."""
    return _send(visibility.attachment(db(), current_actor(), attachment_id))


@blueprint.get("/cases/<business_key>/files/<sha256>")
@access("signed_in")
def by_hash(business_key: str, sha256: str) -> ResponseReturnValue:
    """A file of a case by its hash, as forms name it."""
    return _send(visibility.file(db(), current_actor(), business_key, sha256))


def _send(found: Attachment) -> Response:
    """Always to be saved: nothing that was uploaded is shown as a page of ours."""
    return send_file(
        attachments.path(app().laurel.uploads, found.sha256).absolute(),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=found.sha256,
        last_modified=found.uploaded_at,
    )
