"""Objections, for those who handle them."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, engine
from service.auth.routes import access
from service.domain import objections, organisers, overviews, rounds
from service.domain.objections import ObjectionStatus
from service.web.forms import asked, once_only, page_number, shown_again, text

blueprint = Blueprint("objections", __name__)


@blueprint.get("/objections")
@access("official", "auditor")
def index() -> ResponseReturnValue:
    """The objections that the reader may see, the newest first."""
    status = asked("status")
    page = overviews.visible_objections(db(), current_actor(), status=status or None, number=page_number())
    return render_template("objections/index.html", page=page, status=status, statuses=list(ObjectionStatus))


@blueprint.get("/objections/<objection_id>")
@access("official", "auditor")
def show(objection_id: str) -> ResponseReturnValue:
    """One objection with its course."""
    view = overviews.of_objection(db(), current_actor(), objection_id)
    edition_id = rounds.get(db(), view.objection.round_id).edition_id
    return render_template("objections/show.html", view=view, objection=view.objection, edition_id=edition_id)


@blueprint.get("/applications/<application_id>/case")
@access("official")
def new_case(application_id: str) -> ResponseReturnValue:
    """The form by which the ministry opens a case outside a notice."""
    return _case_form(application_id, [])


@blueprint.post("/applications/<application_id>/case")
@access("official")
def open_case(application_id: str) -> ResponseReturnValue:
    """Open a case outside a notice."""

    def carry_out() -> str:
        objection = objections.open_case(
            db(),
            engine(),
            current_actor(),
            application_id=application_id,
            statement=text("statement"),
            evidence=text("evidence"),
        )
        flash(f"已立案核查，编号 {objection.number}。")
        return url_for("objections.show", objection_id=objection.id)

    with shown_again(lambda faults: _case_form(application_id, faults)):
        return once_only(carry_out)


def _case_form(application_id: str, faults: list[Fault]) -> str:
    view = overviews.of_application(db(), current_actor(), application_id)
    organisers.require(current_actor(), view.round.division_code)
    return render_template(
        "objections/new_case.html",
        faults=faults,
        line=view.line,
        typed={"statement": text("statement"), "evidence": text("evidence")},
        longest=objections.LONGEST,
    )
