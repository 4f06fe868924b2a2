"""Rounds: the list, one round's page, and opening a new one."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, engine, now
from service.auth.routes import access
from service.domain import overviews, rounds
from service.domain.quotes import nested
from service.web.forms import ShowAgain, asked_year, faults_of_new, once_only, page_number, shown_again, text

blueprint = Blueprint("rounds", __name__)


@blueprint.get("/rounds")
@access("signed_in")
def index() -> ResponseReturnValue:
    """All rounds, the newest year first."""
    year = asked_year()
    page = rounds.listed(db(), year=year, number=page_number())
    return render_template(
        "rounds/index.html",
        page=page,
        year=year,
        years=rounds.years(db()),
        may_open=bool(rounds.openable(db(), current_actor())),
        has_targets=overviews.has_targets(db(), current_actor()),
    )


@blueprint.get("/rounds/<round_id>")
@access("signed_in")
def show(round_id: str) -> ResponseReturnValue:
    """One round as the reader may see it."""
    view = overviews.of_round(db(), current_actor(), round_id, now())
    page = overviews.visible_applications(db(), current_actor(), round_id=round_id, number=page_number())
    stages = rounds.stages(view.edition.parameters)
    return render_template("rounds/show.html", view=view, round=view.round, page=page, stages=stages)


@blueprint.get("/rounds/<round_id>/prospects/<application_id>")
@access("official", "auditor")
def prospect(round_id: str, application_id: str) -> ResponseReturnValue:
    """Where one candidate stands, why, and what would have had to be different."""
    view = overviews.prospect(db(), current_actor(), round_id, application_id)
    return render_template("rounds/prospect.html", view=view, round=view.round)


@blueprint.get("/rounds/new")
@access("official", "admin")
def new() -> ResponseReturnValue:
    """The form to open a round."""
    return _form([])


@blueprint.post("/rounds")
@access("official", "admin")
def create() -> ResponseReturnValue:
    """Open a round."""

    def carry_out() -> str:
        edition_id, _, track = text("track").partition(" ")
        round_ = rounds.create(
            db(), engine(), current_actor(), edition_id=edition_id, year=int(text("year")), track=track
        )
        flash(nested(f"“{round_.title}”已经建立，下一步的任务在主办部门的待办中。"))
        return url_for("rounds.show", round_id=round_.id)

    if faults := faults_of_new("track", "请选择办法和名单。"):
        raise ShowAgain(422, faults, _form)
    with shown_again(_form):
        return once_only(carry_out)


def _form(faults: list[Fault]) -> str:
    openable = rounds.require_opener(db(), current_actor())
    choices = [
        (f"{edition.id} {track['key']}", f"{edition.title}（{edition.key}）· {track['title']}")
        for edition in openable
        for track in edition.document["tracks"]
    ]
    return render_template(
        "rounds/new.html",
        faults=faults,
        choices=choices,
        track=text("track"),
        year=text("year") or now().year,
    )
