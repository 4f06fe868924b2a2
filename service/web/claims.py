"""Claims that hold work up, for admins: whose they are, and the form to end one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, engine
from service.auth.routes import access
from service.domain import claims
from service.domain.claims import ClaimMissing
from service.web.forms import instant, page_number, shown_again, text

blueprint = Blueprint("claims", __name__, url_prefix="/admin/claims")


@blueprint.get("")
@access("admin")
def index() -> ResponseReturnValue:
    """The claims that stand, the oldest first."""
    return _list([])


@blueprint.get("/<user_task_id>")
@access("admin")
def show(user_task_id: str) -> ResponseReturnValue:
    """One claim, and the form to end it."""
    return _page(user_task_id, [])


@blueprint.post("/<user_task_id>/release")
@access("admin")
def release(user_task_id: str) -> ResponseReturnValue:
    """End it."""
    with shown_again(lambda faults: _page(user_task_id, faults)):
        claims.release(
            db(),
            engine(),
            current_actor(),
            user_task_id,
            reason=text("reason"),
            claimed_at=instant("claimed_at"),
        )
    flash("签收已解除，同单位的其他人可以办理；原签收人会看到您填写的理由。")
    return redirect(url_for("claims.index"), 303)


def _list(faults: list[Fault]) -> str:
    page = claims.page(db(), current_actor(), number=page_number())
    return render_template("admin/claims.html", page=page, faults=faults)


def _page(user_task_id: str, faults: list[Fault]) -> str:
    try:
        claim = claims.get(db(), current_actor(), user_task_id)
    except ClaimMissing:
        if not faults:
            raise
        return _list(faults)  # It has gone meanwhile, as the faults say.
    return render_template(
        "admin/claim.html",
        claim=claim,
        faults=faults,
        reason=text("reason"),
        longest=claims.LONGEST_REASON,
    )
