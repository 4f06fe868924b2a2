"""Editions: which procedures are in force, and what their documents say."""

import io

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from service.auth.requests import db
from service.auth.routes import access
from service.domain import editions
from service.web.forms import page_number

blueprint = Blueprint("editions", __name__)


@blueprint.get("/editions")
@access("signed_in")
def index() -> ResponseReturnValue:
    """The published editions, a page of them."""
    return render_template("editions/index.html", page=editions.listed(db(), number=page_number()))


@blueprint.get("/editions/<edition_id>")
@access("signed_in")
def show(edition_id: str) -> ResponseReturnValue:
    """One edition: its document, article by article, and its parameters."""
    edition = editions.get(db(), edition_id)
    return render_template("editions/show.html", edition=edition, document=edition.document)


@blueprint.get("/editions/<edition_id>/files")
@access("signed_in")
def files(edition_id: str) -> ResponseReturnValue:
    """All its files as a zip, as they were published."""
    edition = editions.get(db(), edition_id)
    return send_file(
        io.BytesIO(editions.archive(edition)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=editions.archive_name(edition),
    )
