"""Sanctions, for the ministry that imposes them: the list, one of them, and the form to lift it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, now
from service.auth.routes import access
from service.domain import overviews, sanctions
from service.web.forms import day, page_number, shown_again, text

blueprint = Blueprint("sanctions", __name__, url_prefix="/sanctions")


@blueprint.get("")
@access("official", "auditor")
def index() -> ResponseReturnValue:
    """All of them, the latest first."""
    page = overviews.visible_sanctions(db(), current_actor(), now=now(), number=page_number())
    return render_template("sanctions/index.html", page=page)


@blueprint.get("/<sanction_id>")
@access("official", "auditor")
def show(sanction_id: str) -> ResponseReturnValue:
    """One of them."""
    return _page(sanction_id, [])


@blueprint.post("/<sanction_id>/lift")
@access("official")
def lift(sanction_id: str) -> ResponseReturnValue:
    """Lift it, by a decision on an appeal."""
    with shown_again(lambda faults: _page(sanction_id, faults)):
        sanctions.lift(
            db(),
            current_actor(),
            sanction_id,
            appeal_number=text("appeal_number"),
            lifted_on=day("lifted_on"),
            reason=text("reason"),
            now=now(),
        )
    flash("限制已解除，今后的申报不再受它影响；原来的处理决定仍保留在记录中。")
    return redirect(url_for("sanctions.show", sanction_id=sanction_id), 303)


def _page(sanction_id: str, faults: list[Fault]) -> str:
    line = overviews.of_sanction(db(), current_actor(), sanction_id, now=now())
    return render_template(
        "sanctions/show.html",
        line=line,
        faults=faults,
        typed={name: text(name) for name in ("appeal_number", "lifted_on", "reason")},
        longest=sanctions.LONGEST_REASON,
    )
