"""How the system runs, for admins and auditors: the overview, failing jobs, workers, the schema."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.requests import app, current_actor, db, now
from service.auth.routes import access
from service.domain import operations
from service.store import revisions

blueprint = Blueprint("operations", __name__, url_prefix="/admin")


@blueprint.get("")
@access("admin", "auditor")
def index() -> ResponseReturnValue:
    """What there is to administer."""
    return render_template("admin/index.html")


@blueprint.get("/status")
@access("admin", "auditor")
def status() -> ResponseReturnValue:
    """What fails, who works, and whether the history was found whole."""
    return render_template(
        "admin/status.html",
        status=operations.status(db(), current_actor(), app().session_clock.now()),
        revision=revisions.current(app().database),
        most=operations.MOST,
    )


@blueprint.post("/status/jobs/<kind>/<job_id>/retry")
@access("admin")
def retry(kind: str, job_id: str) -> ResponseReturnValue:
    """Let a failed job be tried at once: the request itself does what is due, once it has been committed."""
    operations.retry(db(), current_actor(), kind, job_id, now())
    flash("已安排立即重试；下面列出的是重试之后的情况。")
    return redirect(url_for("operations.status"), 303)
