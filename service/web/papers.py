"""Forms on paper: files to print or keep, and the page that a printed version code leads to."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth.downloads import to_save
from service.auth.refusals import Fault
from service.auth.requests import app, current_actor, current_actor_or_none, db, engine
from service.auth.routes import access
from service.domain import user_tasks
from service.domain.forms import statistics
from service.domain.forms.statistics.guards import MAXIMUM_BYTES
from service.domain.user_tasks import CodeUnknown
from service.web.forms import asked, shown_again, whole

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


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/workbook")
@access("official", "expert")
def workbook(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """The statistics workbook: to be downloaded, and to be brought back."""
    return _workbook(user_task_id, form_key, [])


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/workbook/template")
@access("official", "expert")
def template(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """The workbook to be filled in."""
    file = user_tasks.template(db(), current_actor(), user_task_id, form_key)
    return to_save(file.content, name=file.name, media_type=file.media_type)


@blueprint.post("/user-tasks/<user_task_id>/forms/<form_key>/workbook")
@access("official", "expert")
def take(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """Take a workbook into the draft; where a cell is wrong, the page lists all of them."""
    with shown_again(lambda faults: _workbook(user_task_id, form_key, faults)):
        file = request.files.get("file")
        taken = user_tasks.take(
            db(),
            engine(),
            current_actor(),
            user_task_id,
            form_key,
            file.stream.read(MAXIMUM_BYTES + 1) if file is not None else b"",
            version=whole("version"),
        )
    flash(f"工作簿已导入草稿：共 {taken.filled} 格有内容，其中改动 {taken.changed} 格。请核对后提交。")
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id), 303)


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/suggestions")
@access("official", "expert")
def suggestions(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """What last year's submission says for the cells that are empty, and where it comes from."""
    return _suggestions(user_task_id, form_key, [])


@blueprint.post("/user-tasks/<user_task_id>/forms/<form_key>/suggestions")
@access("official", "expert")
def carry_over(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """Fill the empty cells with it."""
    with shown_again(lambda faults: _suggestions(user_task_id, form_key, faults)):
        done = user_tasks.carry_over(db(), engine(), current_actor(), user_task_id, form_key)
    flash(f"已从“{done.source}”带入 {len(done.suggestions)} 格，原来有内容的格没有改动。请逐格核对。")
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id), 303)


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/reported")
@access("official", "expert")
def reported(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """What was reported, row by row beside its target and evidence, for the cells that are empty."""
    return _reported(user_task_id, form_key, [])


@blueprint.post("/user-tasks/<user_task_id>/forms/<form_key>/reported")
@access("official", "expert")
def take_over(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """Fill the chosen cells with it."""
    with shown_again(lambda faults: _reported(user_task_id, form_key, faults)):
        done = user_tasks.take_over(
            db(), engine(), current_actor(), user_task_id, form_key, request.form.getlist("rows")
        )
    flash(f"已按上报数填入 {done.filled} 项，仍可逐项修改；与上报数不同的，请写明调整理由。")
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id), 303)


def _reported(user_task_id: str, form_key: str, faults: list[Fault]) -> str:
    found = user_tasks.reported(db(), current_actor(), user_task_id, form_key)
    return render_template(
        "papers/reported.html",
        tables=found.tables,
        desk=found.desk,
        task=found.desk.case.user_task,
        form_key=form_key,
        business_key=found.desk.case.subject.business_key,
        chosen=request.form.getlist("rows") if faults else None,
        faults=faults,
    )


def _suggestions(user_task_id: str, form_key: str, faults: list[Fault]) -> str:
    found = user_tasks.suggested(db(), current_actor(), user_task_id, form_key)
    return render_template(
        "papers/suggestions.html",
        found=found,
        desk=found.desk,
        task=found.desk.case.user_task,
        form_key=form_key,
        faults=faults,
    )


def _workbook(user_task_id: str, form_key: str, faults: list[Fault]) -> str:
    desk = user_tasks.open_desk(db(), current_actor(), user_task_id, form_key)
    return render_template(
        "papers/workbook.html",
        desk=desk,
        task=desk.case.user_task,
        form_key=form_key,
        plans=statistics.plans(desk.compiled),
        faults=[fault if fault.pointer == "file" else fault._replace(pointer="") for fault in faults],
    )


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
