"""The ledger (台账): awards for everybody; their use and sanctions for who may read them."""

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, now
from service.auth.routes import access
from service.domain import ledger, redemptions
from service.web.forms import asked, asked_year, day, once_only, page_number, shown_again, text, whole

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")

TYPED = ("incentive", "used_by", "purpose", "used_on", "document_number")


@blueprint.get("")
@access("public")
def index() -> ResponseReturnValue:
    """Every award, the latest year first."""
    page = ledger.awards(db(), **_narrowed(), number=page_number())
    return render_template("ledger/index.html", page=page, choices=ledger.choices(db()), **_narrowed())


@blueprint.get("/redemptions")
@access("official", "auditor")
def used() -> ResponseReturnValue:
    """What was used of the awards, the latest first."""
    page = ledger.used(db(), current_actor(), **_narrowed(), number=page_number())
    return render_template("ledger/used.html", page=page, choices=ledger.choices(db()), **_narrowed())


@blueprint.get("/sanctions")
@access("official", "auditor")
def sanctions() -> ResponseReturnValue:
    """The sanctions of the reader's division and of all below it."""
    page = ledger.sanctions(db(), current_actor(), **_narrowed(), number=page_number())
    return render_template("ledger/sanctions.html", page=page, choices=ledger.choices(db()), **_narrowed())


@blueprint.get("/awards/<award_id>")
@access("official", "auditor")
def show(award_id: str) -> ResponseReturnValue:
    """One award: what it entitles to and what was used of it."""
    return _page(award_id, [])


@blueprint.post("/awards/<award_id>/redemptions")
@access("official")
def redeem(award_id: str) -> ResponseReturnValue:
    """Record that an incentive was used."""

    def carry_out() -> str:
        redemptions.redeem(
            db(),
            current_actor(),
            award_id,
            incentive=whole("incentive"),
            used_by=text("used_by"),
            purpose=text("purpose"),
            used_on=day("used_on"),
            document_number=text("document_number"),
            now=now(),
        )
        flash("已登记。登记的内容不能更改，保留在办理记录中。")
        return url_for("ledger.show", award_id=award_id)

    with shown_again(lambda faults: _page(award_id, faults)):
        return once_only(carry_out)


def _narrowed() -> dict[str, Any]:
    return {"division": asked("division"), "programme": asked("programme"), "year": asked_year()}


def _page(award_id: str, faults: list[Fault]) -> str:
    view = ledger.award(db(), current_actor(), award_id)
    return render_template(
        "ledger/show.html",
        view=view,
        options=[(use.incentive.number, use.incentive.title) for use in view.uses],
        faults=faults,
        typed={name: text(name) for name in TYPED},
        longest=redemptions.LONGEST_PURPOSE,
    )
