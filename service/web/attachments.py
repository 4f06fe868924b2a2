"""Attachments, by the rights of the case that they belong to."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from service.auth.requests import app, current_actor, db
from service.auth.routes import access
from service.domain import attachments, visibility

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<attachment_id>")
@access("signed_in")
def download(attachment_id: str) -> ResponseReturnValue:
    """A file, always to be saved: nothing that was uploaded is shown as a page of ours."""
    found = visibility.attachment(db(), current_actor(), attachment_id)
    return send_file(
        attachments.path(app().laurel.uploads, found.sha256).absolute(),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=found.sha256,
        last_modified=found.uploaded_at,
    )
