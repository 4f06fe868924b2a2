"""Histories: what happened in a case, and in the system, event by event."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import histories, subjects
from service.web.forms import page_number

blueprint = Blueprint("histories", __name__)


@blueprint.get("/cases/<business_key>/history")
@access("signed_in")
def show(business_key: str) -> ResponseReturnValue:
    """A case's history, the oldest event first."""
    page = histories.of_case(db(), current_actor(), business_key, number=page_number())
    subject = subjects.get(db(), business_key)
    return render_template("histories/show.html", page=page, subject=subject)


@blueprint.get("/history")
@access("admin", "auditor")
def system() -> ResponseReturnValue:
    """What happened in the system beside its cases, the newest event first."""
    page = histories.of_system(db(), current_actor(), number=page_number())
    return render_template("histories/show.html", page=page, subject=None)
