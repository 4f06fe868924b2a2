"""Operators on the evaluation of one plan."""

from service.domain import evaluations
from service.domain.procedures import keys
from service.engine.services import Context, Result, ServiceFunction


def open_scoring(context: Context) -> Result:
    """Who is to score, and until when."""
    evaluation, asked = evaluations.open_scoring(context, keys.application(context), context.parameters)
    return {
        "pass": evaluation.number,
        "members": {person: person for person in asked},
        "ends": evaluation.ends_at.isoformat(),
    }


def close_scoring(context: Context) -> Result:
    """Whether the sheets that are in are enough."""
    return {"enough": evaluations.close_scoring(context, keys.application(context), context.parameters)}


OPERATORS: dict[str, ServiceFunction] = {
    "evaluations.close": close_scoring,
    "evaluations.open": open_scoring,
}
