"""User tasks: 待办, 已办, and the page on which a task is worked on."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth.csrf import csrf_token
from service.auth.refusals import Fault
from service.auth.requests import app, current_actor, db, engine
from service.auth.routes import access
from service.domain import editions, forms, objections, overviews, subjects, user_tasks
from service.domain.forms import Problem, statistics, takeovers
from service.domain.overviews import ApplicationLine, RankingHidden, RankingLine, RankingSealed
from service.domain.pages import Page
from service.domain.user_tasks import FormView, View
from service.engine.user_tasks import UserTaskStatus
from service.web.forms import page_number, shown_again, text, whole

blueprint = Blueprint("user_tasks", __name__)


@blueprint.get("/user-tasks")
@access("signed_in")
def todo() -> ResponseReturnValue:
    """待办: what the reader or the reader's office is to do, the most urgent first."""
    page = user_tasks.todo(db(), current_actor(), number=page_number())
    return render_template("user_tasks/list.html", page=page, done=False)


@blueprint.get("/user-tasks/done")
@access("signed_in")
def done() -> ResponseReturnValue:
    """已办: what the reader has completed."""
    page = user_tasks.done(db(), current_actor(), number=page_number())
    return render_template("user_tasks/list.html", page=page, done=True)


@blueprint.get("/user-tasks/<user_task_id>")
@access("signed_in")
def show(user_task_id: str) -> ResponseReturnValue:
    """One task with its forms, materials, course and diagram."""
    return _page(user_task_id, [])


@blueprint.post("/user-tasks/<user_task_id>/claim")
@access("official", "expert")
def claim(user_task_id: str) -> ResponseReturnValue:
    """Reserve the task for oneself."""
    user_tasks.claim(db(), engine(), current_actor(), user_task_id)
    flash("任务已签收，由您办理。")
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id), 303)


@blueprint.post("/user-tasks/<user_task_id>/release")
@access("official", "expert")
def release(user_task_id: str) -> ResponseReturnValue:
    """Give the task back to the office."""
    user_tasks.release(db(), engine(), current_actor(), user_task_id)
    flash("签收已退回，同单位的其他人可以办理。")
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id), 303)


@blueprint.post("/user-tasks/<user_task_id>/complete")
@access("official", "expert")
def complete(user_task_id: str) -> ResponseReturnValue:
    """Hand the task in with what its drafts hold; where something is wrong, the page says so at each cell."""
    with shown_again(lambda faults: _page(user_task_id, faults)):
        user_tasks.complete(
            db(),
            engine(),
            current_actor(),
            user_task_id,
            decision=text("decision") or None,
            opinion=text("opinion"),
            version=whole("version"),  # Nobody decides on what has changed since the page was shown.
        )
    flash("已办结。")
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id), 303)


@blueprint.post("/user-tasks/<user_task_id>/attachments")
@access("official", "expert")
def attach(user_task_id: str) -> ResponseReturnValue:
    """Add files to the case."""
    with shown_again(lambda faults: _page(user_task_id, faults)):
        for file in request.files.getlist("files"):
            if file.filename:
                user_tasks.attach(
                    db(),
                    engine(),
                    current_actor(),
                    user_task_id,
                    app().laurel.uploads,
                    file.stream,
                    name=file.filename,
                    maximum_bytes=app().laurel.attachment_bytes,
                )
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id, _anchor="attachments"), 303)


@blueprint.post("/user-tasks/<user_task_id>/attachments/<attachment_id>/remove")
@access("official", "expert")
def detach(user_task_id: str, attachment_id: str) -> ResponseReturnValue:
    """Take a file away that was added in this task."""
    user_tasks.detach(db(), engine(), current_actor(), user_task_id, attachment_id)
    return redirect(url_for("user_tasks.show", user_task_id=user_task_id, _anchor="attachments"), 303)


def _page(user_task_id: str, faults: list[Fault]) -> str:
    view = user_tasks.view(db(), current_actor(), user_task_id)
    edition = editions.get(db(), view.subject.edition_id)
    islands = [_island(view, form, faults) for form in view.forms if form.editable]
    return render_template(
        "user_tasks/show.html",
        view=view,
        task=view.user_task,
        is_open=view.user_task.status == UserTaskStatus.OPEN,
        faults=[fault for fault in faults if fault.form is None],
        form_faults=[fault for fault in faults if fault.form is not None],
        islands=islands,
        editable={form.key: form for form in view.forms if form.editable},
        with_earlier=user_tasks.with_earlier(
            db(), view.subject, [form.key for form in view.forms if form.editable]
        ),
        with_reported={form.key for form in view.forms if form.editable and takeovers.takes(form.compiled)},
        with_figures={form.key for form in view.forms if form.editable and statistics.plans(form.compiled)},
        first=next((island["form"] for island in islands if island["problems"]), ""),
        readable=[
            (form, forms.present(form.compiled, form.content))
            for form in [*view.forms, *view.materials]
            if not form.editable
        ],
        article=editions.article(edition, view.article) if view.article else "",
        applications=_applications(view),
        ranking=_ranking(view),
        typed={"decision": text("decision"), "opinion": text("opinion")},
    )


def _applications(view: View) -> Page[ApplicationLine] | None:
    """The first of those whom one compares, scores, decides on; the one that is objected to.

    The task of one application is about it, and shows what there is of it by itself.
    """
    if view.subject.kind == subjects.APPLICATION:
        return None
    about = None
    if view.subject.kind == subjects.OBJECTION:
        about = objections.get(db(), view.subject.id).application_id
    return overviews.visible_applications(
        db(), current_actor(), round_id=view.subject.round_id, application_id=about
    )


def _ranking(view: View) -> list[RankingLine]:
    """The list that a round's task proposes, decides on or publishes, as soon as it is there."""
    if view.subject.kind != subjects.ROUND:
        return []
    try:
        return overviews.ranking(db(), current_actor(), view.subject.round_id)
    except (RankingHidden, RankingSealed):
        return []


def _island(view: View, form: FormView, faults: list[Fault]) -> dict[str, Any]:
    """What the form island is given."""
    task = view.user_task
    file = url_for("attachments.by_hash", business_key=task.business_key, sha256="SHA256")
    return {
        **forms.island(
            form.compiled,
            form.content,
            version=form.version,
            problems=[Problem(fault.pointer, fault.message) for fault in faults if fault.form == form.key],
        ),
        "urls": {
            "draft": url_for("api.user_tasks.save_draft", user_task_id=task.id, form_key=form.key),
            "upload": url_for("api.user_tasks.attach", user_task_id=task.id),
            "file": file.replace("SHA256", "{sha256}"),
        },
        "csrf": csrf_token(),
    }
