"""Operators on points: self-assessments begin, the list is placed, awards are granted and paid."""

from service.domain import standings
from service.domain.procedures import keys
from service.engine.services import Context, Result, ServiceFunction


def start_assessments(context: Context, assessment_ends: str) -> Result:
    """One self-assessment for every county that has targets on file."""
    started = standings.start_assessments(context, keys.round_(context), assessment_ends)
    return {"counties": len(started)}


def place_list(context: Context) -> Result:
    return {"next": standings.place(context, keys.round_(context))}


def grant_awards(context: Context) -> Result:
    standings.grant(context, keys.round_(context))
    return None


def who_pays(context: Context) -> Result:
    """Whether the city pays by itself (宁波)."""
    return {"locally": standings.pays_itself(context.session, keys.application(context), context.parameters)}


OPERATORS: dict[str, ServiceFunction] = {
    "rewards.payer": who_pays,
    "standings.grant_awards": grant_awards,
    "standings.place": place_list,
    "standings.start_assessments": start_assessments,
}
