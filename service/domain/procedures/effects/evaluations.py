"""Effects of user tasks on the evaluation of one plan."""

from service.domain import evaluations, rounds
from service.domain.committees import Seat, standing
from service.domain.procedures import keys
from service.engine.services import Completion, Context, Result


def convene(context: Context, completion: Completion) -> Result:
    """Who of the committee withdraws from this application, and who comes in where too few are left."""
    application = keys.application(context)
    declared = {
        person_id: row["reason"]
        for person_id, row in completion.content["panel"]["members"].items()
        if row["recused"]
    }
    round_ = rounds.get(context.session, application.round_id)
    if added := [Seat.of(row) for row in completion.content["panel"].get("added", ())]:
        standing.enlarge(context, round_, added)
    evaluations.convene(context, round_, application, declared, context.parameters)
    return None


def submit(context: Context, completion: Completion) -> Result:
    """One member's sheet, or a recusal; `sheet` is whose it is, never what it says."""
    application = keys.application(context)
    sheet = completion.content["score_sheet"]
    if sheet["recused"]:
        evaluations.recuse(context, application, completion.person_id, sheet["reason"])
    else:
        evaluations.submit(context, application, completion.person_id, sheet["total"], context.parameters)
    return {"sheet": completion.person_id}


EFFECTS = {
    "evaluations.convene": convene,
    "evaluations.submit": submit,
}
