"""Public notices, for everybody: what is published, and the form for an objection."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from service.auth.refusals import Fault
from service.auth.requests import app, db, engine, now
from service.auth.routes import access
from service.domain import editions, evidence, notices, objections, overviews, rounds
from service.domain.notices import NoticeStatus
from service.web.forms import asked, once_only, page_number, shown_again, text

blueprint = Blueprint("notices", __name__)

TYPED = ("application_id", "filer", "contact", "statement", "evidence", "anonymous")


@blueprint.get("/notices")
@access("public")
def index() -> ResponseReturnValue:
    """All notices, the newest first."""
    status = asked("status")
    page = notices.listed(db(), status=status or None, number=page_number())
    return render_template(
        "notices/index.html", page=page, status=status, statuses=[NoticeStatus.RUNNING, NoticeStatus.CLOSED]
    )


@blueprint.get("/notices/<notice_id>")
@access("public")
def show(notice_id: str) -> ResponseReturnValue:
    """One notice, its list in the order of division codes, and the form for an objection while it runs."""
    return _page(notice_id, [])


@blueprint.post("/notices/<notice_id>/objections")
@access("public", throttled=True, again=lambda faults, notice_id: _page(notice_id, faults))
def object(notice_id: str) -> ResponseReturnValue:
    """File an objection."""

    def carry_out() -> str:
        objection = evidence.file_objection(
            db(),
            engine(),
            app().laurel.uploads,
            [evidence.File(file.filename or "", file.stream) for file in _files()],
            maximum_bytes=app().laurel.attachment_bytes,
            notice_id=notice_id,
            application_id=text("application_id"),
            filer=text("filer"),
            contact=text("contact"),
            statement=text("statement"),
            evidence=text("evidence"),
            anonymous=bool(text("anonymous")),
        )
        return url_for("notices.receipt", number=objection.number)

    with shown_again(lambda faults: _page(notice_id, faults)):
        return once_only(carry_out)


@blueprint.get("/objections/receipt")
@access("public")
def receipt() -> ResponseReturnValue:
    """What became of the objection with this receipt number, for whoever holds the number."""
    number = request.args.get("number", "").strip()
    if not number:
        return render_template("notices/receipt.html", objection=None, faults=[], number="")
    try:
        objection = overviews.receipt(db(), number)
    except objections.ObjectionMissing as missing:
        faults = [Fault(None, "number", missing.message)]
        return render_template("notices/receipt.html", objection=None, faults=faults, number=number), 404
    return render_template("notices/receipt.html", objection=objection, faults=[], number=number)


def _files() -> list[FileStorage]:
    return [file for file in request.files.getlist("files") if file.filename]


def _page(notice_id: str, faults: list[Fault]) -> str:
    notice = notices.get(db(), notice_id)
    edition = editions.get(db(), rounds.get(db(), notice.round_id).edition_id)
    entries = notices.entries(db(), [notice_id])[notice_id]
    return render_template(
        "notices/show.html",
        notice=notice,
        edition_id=edition.id,
        basis={name: edition.parameters.get(name, {}).get("article") for name in ("notice", "objection")},
        entries=entries,
        entry_choices=[(entry.application_id, entry.division_name) for entry in entries],
        running=notice.ends_at is not None and now() < notice.ends_at and notice.closed_at is None,
        faults=faults,
        typed={name: text(name) for name in TYPED},
        longest=objections.LONGEST,
        most_files=objections.MOST_FILES,
    )
