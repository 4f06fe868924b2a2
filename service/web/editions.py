"""Editions: which procedures are in force, and what their documents say."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.auth.requests import db
from service.auth.routes import access
from service.domain import editions

blueprint = Blueprint("editions", __name__)


@blueprint.get("/editions")
@access("signed_in")
def index() -> ResponseReturnValue:
    """The published editions."""
    return render_template("editions/index.html", editions=editions.listed(db()))


@blueprint.get("/editions/<edition_id>")
@access("signed_in")
def show(edition_id: str) -> ResponseReturnValue:
    """One edition: its document, article by article, and its parameters."""
    edition = editions.get(db(), edition_id)
    return render_template("editions/show.html", edition=edition, document=edition.document)
