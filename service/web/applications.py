"""Applications: one's list, beginning one, and one application's page."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.requests import current_actor, db, engine, now
from service.auth.routes import access
from service.domain import applications, forms, overviews, rounds
from service.engine import user_tasks
from service.web.forms import asked, asked_year, once_only, page_number, text

blueprint = Blueprint("applications", __name__)


@blueprint.get("/applications")
@access("signed_in")
def index() -> ResponseReturnValue:
    """The applications that the reader may see, and the rounds that the reader may apply to."""
    year, status, search = asked_year(), asked("status"), asked("search")
    page = overviews.visible_applications(
        db(), current_actor(), year=year, status=status or None, search=search, number=page_number()
    )
    return render_template(
        "applications/index.html",
        page=page,
        year=year,
        status=status,
        search=search,
        years=rounds.years(db()),
        statuses=list(applications.Status),
        open_rounds=overviews.open_rounds(db(), current_actor(), now()),
    )


@blueprint.post("/applications")
@access("official")
def create() -> ResponseReturnValue:
    """Begin an application; its first user task is shown."""

    def carry_out() -> str:
        application = applications.create(
            db(), engine(), current_actor(), round_id=text("round_id"), division_code=text("division_code")
        )
        flash("申报已经开始，请填写申报材料。填写的内容会自动保存。")
        first = user_tasks.open_of(db(), f"application:{application.id}")
        if first:
            return url_for("user_tasks.show", user_task_id=first[0].id)
        return url_for("applications.show", application_id=application.id)

    return once_only(carry_out)


@blueprint.get("/applications/<application_id>")
@access("signed_in")
def show(application_id: str) -> ResponseReturnValue:
    """One application: where it stands, what was found, who did what."""
    view = overviews.of_application(db(), current_actor(), application_id)
    return render_template(
        "applications/show.html",
        view=view,
        line=view.line,
        materials=[(form, forms.present(form.compiled, form.content)) for form in view.materials],
    )
