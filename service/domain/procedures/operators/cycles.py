"""Operators on the cycle of a pilot."""

from service.domain import cycles
from service.domain.cycles import Cycle, Verdict
from service.domain.procedures import keys
from service.engine.services import Context, Result, ServiceFunction


def begin(context: Context) -> Result:
    cycles.begin(context, keys.application(context))
    return None


def next_milestone(context: Context) -> Result:
    kind, at = cycles.next_milestone(context, _cycle(context))
    return {"kind": kind.value, "at": at.isoformat()}


def lapse(context: Context) -> Result:
    """No report came before the deadline: it is not met (reading 24)."""
    cycles.settle(context, _cycle(context), Verdict.OVERDUE)
    return {"met": False}


def suspend(context: Context) -> Result:
    cycles.suspend(context, _cycle(context))
    return None


def complete(context: Context) -> Result:
    cycles.complete(context, _cycle(context))
    return None


def _cycle(context: Context) -> Cycle:
    return cycles.get(context.session, keys.application(context).id)


OPERATORS: dict[str, ServiceFunction] = {
    "cycles.begin": begin,
    "cycles.complete": complete,
    "cycles.lapse": lapse,
    "cycles.next_milestone": next_milestone,
    "cycles.suspend": suspend,
}
