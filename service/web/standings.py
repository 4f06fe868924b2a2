"""Standings: a round's rankings by points, and how one county's total came about."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import applications, overviews, rounds

blueprint = Blueprint("standings", __name__)


@blueprint.get("/rounds/<round_id>/standings")
@access("signed_in")
def index(round_id: str) -> ResponseReturnValue:
    """Every ranking of the round that the reader may see."""
    return render_template(
        "standings/index.html", view=overviews.standings_of_round(db(), current_actor(), round_id)
    )


@blueprint.get("/applications/<application_id>/points")
@access("signed_in")
def show(application_id: str) -> ResponseReturnValue:
    """One county's points, indicator by indicator, at every stage that the reader may see."""
    found = overviews.explanations(db(), current_actor(), application_id)
    application = applications.get(db(), application_id)
    return render_template(
        "standings/show.html",
        explanations=found,
        corrections=overviews.corrections(db(), current_actor(), application_id),
        application=application,
        division=applications.name_of(db(), application),
        round=rounds.get(db(), application.round_id),
    )
