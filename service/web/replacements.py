"""Replacing a member of the committee (更换委员): one plain form of the ministry's."""

from datetime import date

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault, refusal
from service.auth.requests import current_actor, db, engine, now
from service.auth.routes import access
from service.domain import people, replacements, rounds
from service.domain.committees import Role
from service.domain.errors import Conflict
from service.domain.replacements import Replacement
from service.web import errors
from service.web.forms import once_only, shown_again, text

blueprint = Blueprint("replacements", __name__)

ALTERNATE = "alternate"
"""The new chair is whoever comes in."""
TYPED = ("leaver", "alternate", "chair", "division_code", "reason", "decision_number", "decided_on")


@blueprint.get("/rounds/<round_id>/replacement")
@access("official")
def new(round_id: str) -> ResponseReturnValue:
    """The form, with who may leave and who may come in now."""
    return _form(round_id, [])


@blueprint.post("/rounds/<round_id>/replacement")
@access("official")
def create(round_id: str) -> ResponseReturnValue:
    """Replace a member."""

    def carry_out() -> str:
        seat = replacements.replace(db(), engine(), current_actor(), round_id, _decided())
        name = people.get(db(), seat.person_id).name
        flash(f"已更换委员，由{name}接任。退出的委员尚未提交的评分由接任的委员办理。")
        return url_for("rounds.show", round_id=round_id)

    def again(faults: list[Fault]) -> str:
        try:
            return _form(round_id, faults)
        except Conflict as over:  # The committee has finished meanwhile: there is nothing to choose from.
            return errors.page(refusal(over))

    with shown_again(again):
        return once_only(carry_out)


def _decided() -> Replacement:
    try:
        decided_on = date.fromisoformat(text("decided_on"))
    except ValueError:
        decided_on = None
    return Replacement(
        leaver_id=text("leaver"),
        alternate_id=text("alternate"),
        reason=text("reason"),
        decision_number=text("decision_number"),
        decided_on=decided_on,
        chair_id=(text("alternate") if text("chair") == ALTERNATE else text("chair")) or None,
        division_code=text("division_code") or None,
        recused=request.form.getlist("recused"),
    )


def _form(round_id: str, faults: list[Fault]) -> str:
    choices = replacements.choices(db(), current_actor(), round_id, now())
    leavers = [
        (
            each.person_id,
            f"{each.name}（{each.role.label}"
            + ("，主任委员" if each.chair else "")
            + ("，已提交本次评分" if each.submitted else "")
            + "）",
        )
        for each in choices.members
    ]
    chairs = [(ALTERNATE, "接任的委员")]
    chairs += [(each.person_id, each.name) for each in choices.members if each.role != Role.ALTERNATE]
    alternates = [
        (each.person_id, f"{each.name}（{'、'.join(role.label for role in Role if role in each.roles)}）")
        for each in choices.alternates
    ]
    return render_template(
        "rounds/replacement.html",
        faults=faults,
        round=rounds.get(db(), round_id),
        leavers=leavers,
        alternates=alternates,
        chairs=chairs,
        applicants=choices.applicants,
        homes=choices.homes,
        typed={name: text(name) for name in TYPED},
        recused=request.form.getlist("recused"),
        longest={"reason": replacements.LONGEST_REASON, "number": replacements.LONGEST_NUMBER},
    )
