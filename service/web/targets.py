"""Targets: the years' list, one year's page, and setting a new one up."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, engine, now
from service.auth.routes import access
from service.domain import overviews, targets
from service.domain.quotes import nested
from service.web.forms import ShowAgain, asked, faults_of_new, once_only, page_number, shown_again, text

blueprint = Blueprint("targets", __name__)


@blueprint.get("/targets")
@access("official", "auditor")
def index() -> ResponseReturnValue:
    """The years that concern the reader, the newest first."""
    page = overviews.visible_targets(db(), current_actor(), number=page_number())
    may_set = bool(overviews.may_set(db(), current_actor()))
    return render_template("targets/index.html", page=page, may_set=may_set)


@blueprint.get("/targets/<target_year_id>")
@access("official", "auditor")
def show(target_year_id: str) -> ResponseReturnValue:
    """One year: the indicators, the cities' shares, and the counties' of the city that is asked for."""
    view = overviews.of_targets(db(), current_actor(), target_year_id, asked("city") or None)
    return render_template("targets/show.html", view=view, year=view.year)


@blueprint.get("/targets/new")
@access("official")
def new() -> ResponseReturnValue:
    """The form to set a year up."""
    return _form([])


@blueprint.post("/targets")
@access("official")
def create() -> ResponseReturnValue:
    """Set a year up."""

    def carry_out() -> str:
        year = targets.create(
            db(), engine(), current_actor(), edition_id=text("edition_id"), year=int(text("year"))
        )
        flash(nested(f"“{year.title}”已经建立，下一步制定年度指标。"))
        return url_for("targets.show", target_year_id=year.id)

    if faults := faults_of_new("edition_id", "请选择办法。"):
        raise ShowAgain(422, faults, _form)
    with shown_again(_form):
        return once_only(carry_out)


def _form(faults: list[Fault]) -> str:
    choices = [
        (edition.id, f"{edition.title}（{edition.key}）")
        for edition in overviews.require_setter(db(), current_actor())
    ]
    return render_template(
        "targets/new.html",
        faults=faults,
        choices=choices,
        edition_id=text("edition_id"),
        year=text("year") or now().year,
    )
