"""Forms on paper: files to print or keep, and the page that a printed version code leads to."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.downloads import to_save
from service.auth.refusals import Fault
from service.auth.requests import app, current_actor, current_actor_or_none, db
from service.auth.routes import access
from service.domain import user_tasks
from service.domain.user_tasks import CodeUnknown
from service.web.forms import asked

blueprint = Blueprint("papers", __name__)


@blueprint.get("/submissions/<submission_id>/<format>")
@access("signed_in")
def submission(submission_id: str, format: str) -> ResponseReturnValue:
    """A submitted form as a Word or Excel file."""
    file = user_tasks.submission_file(
        db(), current_actor(), submission_id, format, base_url=app().laurel.base_url
    )
    return to_save(file.content, name=file.name, media_type=file.media_type)


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/<format>")
@access("signed_in")
def form(user_task_id: str, form_key: str, format: str) -> ResponseReturnValue:
    """A form as the task shows it: a draft is marked as one."""
    file = user_tasks.form_file(
        db(), current_actor(), user_task_id, form_key, format, base_url=app().laurel.base_url
    )
    return to_save(file.content, name=file.name, media_type=file.media_type)


@blueprint.get("/verify")
@access("public")
def ask() -> ResponseReturnValue:
    """Where the code of a paper is typed in."""
    if code := asked("code"):
        return redirect(url_for("papers.verify", code=code), 303)
    return render_template("papers/verify.html", record=None, code="", faults=[])


@blueprint.get("/verify/<code>")
@access("public")
def verify(code: str) -> ResponseReturnValue:
    """What a paper's code stands for: its record, never what the form says."""
    try:
        record = user_tasks.verify(db(), current_actor_or_none(), code)
    except CodeUnknown as unknown:
        faults = [Fault(None, "code", unknown.message)]
        return render_template("papers/verify.html", record=None, code=code, faults=faults), 404
    return render_template("papers/verify.html", record=record, code=record.code, faults=[])
