"""Editions: which procedures are in force, and what their documents say."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.auth.articles import require_reader
from service.auth.downloads import to_save
from service.auth.requests import db
from service.auth.routes import access
from service.domain import editions
from service.domain.editions import Drawing, Edition
from service.web.forms import asked, page_number

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
    account = editions.account(edition)
    return render_template(
        "editions/show.html",
        edition=edition,
        document=edition.document,
        account=account,
        remarks=editions.remarks(edition),
    )


@blueprint.get("/editions/<edition_id>/articles")
@access("public")
def articles(edition_id: str) -> ResponseReturnValue:
    """Every article of its document, and what carries it out."""
    require_reader(edition_id)
    edition = editions.get(db(), edition_id)
    return render_template("editions/articles.html", edition=edition, account=editions.account(edition))


@blueprint.get("/editions/<edition_id>/diagrams/<name>")
@access("signed_in")
def diagram(edition_id: str, name: str) -> ResponseReturnValue:
    """One of its processes, with an element, or all that carry out an article, pointed out."""
    edition = editions.get(db(), edition_id)
    return render_template(
        "editions/diagram.html", edition=edition, drawing=_drawing(edition, name), name=name
    )


@blueprint.get("/editions/<edition_id>/diagrams/<name>/drawing")
@access("signed_in")
def drawing(edition_id: str, name: str) -> ResponseReturnValue:
    """The same, as the diagram island asks for it."""
    found = _drawing(editions.get(db(), edition_id), name)
    return {"files": {found.file: found.xml}, "passed": [], "current": [], "marked": found.marked}


def _drawing(edition: Edition, name: str) -> Drawing:
    return editions.drawing(edition, name, article=asked("article"), element=asked("element"))


@blueprint.get("/editions/<edition_id>/files")
@access("signed_in")
def files(edition_id: str) -> ResponseReturnValue:
    """All its files as a zip, as they were published."""
    edition = editions.get(db(), edition_id)
    content = editions.archive(edition)
    return to_save(content, name=editions.archive_name(edition), media_type="application/zip")
