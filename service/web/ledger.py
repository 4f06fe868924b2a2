"""The ledger (台账): awards for everybody; their use and sanctions for who may read them."""

from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, current_actor_or_none, db, now
from service.auth.routes import access
from service.domain import ledger, redemptions
from service.domain.awards import AwardStatus
from service.domain.divisions import DivisionMissing
from service.domain.incentives import Kind
from service.domain.ledger import Choices
from service.domain.pages import Page
from service.domain.sanctions import SanctionStatus, Scope
from service.web.forms import asked, asked_year, day, once_only, page_number, shown_again, text, whole

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")

TYPED = ("incentive", "used_by", "purpose", "used_on", "document_number")


@blueprint.get("")
@access("public")
def index() -> ResponseReturnValue:
    """Every award, the latest year first."""
    narrowed = _narrowed_to(Kind, AwardStatus)
    page = ledger.awards(db(), **narrowed, number=page_number())
    reader = current_actor_or_none()
    readable = ledger.readable(db(), reader, page.rows) if reader is not None else set()
    return _list(
        "ledger/index.html", page, narrowed, ledger.choices(db()), Kind, AwardStatus, readable=readable
    )


@blueprint.get("/redemptions")
@access("official", "auditor")
def used() -> ResponseReturnValue:
    """What was used of the awards, the latest first."""
    narrowed = _narrowed_to(Kind, AwardStatus)
    page = ledger.used(db(), current_actor(), **narrowed, number=page_number())
    return _list("ledger/used.html", page, narrowed, ledger.choices(db()), Kind, AwardStatus)


@blueprint.get("/sanctions")
@access("official", "auditor")
def sanctions() -> ResponseReturnValue:
    """The sanctions of the reader's division and of all below it."""
    narrowed = _narrowed_to(Scope, SanctionStatus)
    page = ledger.sanctioned(db(), current_actor(), **narrowed, now=now(), number=page_number())
    choices = ledger.sanction_choices(db(), current_actor())
    return _list("ledger/sanctions.html", page, narrowed, choices, Scope, SanctionStatus)


@blueprint.get("/repeats")
@access("official", "auditor")
def repeats() -> ResponseReturnValue:
    """Who of a division, its city and its counties has the award of a year already."""
    narrowed = _narrowed()
    found, unknown = None, False
    if narrowed["division"] and narrowed["programme"] and narrowed["year"]:
        try:
            found = ledger.repeats(
                db(), narrowed["division"], programme=narrowed["programme"], year=narrowed["year"]
            )
        except DivisionMissing:
            unknown = True
    return render_template(
        "ledger/repeats.html", found=found, unknown=unknown, choices=ledger.choices(db()), narrowed=narrowed
    )


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


def _narrowed_to(kinds: type[StrEnum], statuses: type[StrEnum]) -> dict[str, Any]:
    """What is asked for; a kind or status that does not exist is not."""
    asked_for = {"kind": (asked("kind"), kinds), "status": (asked("status"), statuses)}
    known = {name: word if word in [*of] else "" for name, (word, of) in asked_for.items()}
    return {**_narrowed(), **known}


def _list(
    template: str,
    page: Page[Any],
    narrowed: dict[str, Any],
    choices: Choices,
    kinds: type[StrEnum],
    statuses: type[StrEnum],
    **more: Any,
) -> str:
    return render_template(
        template,
        page=page,
        narrowed=narrowed,
        choices=choices,
        kinds=list(kinds),
        statuses=list(statuses),
        **more,
    )


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
