"""Operators on a year's targets."""

from service.domain import targets
from service.domain.procedures import keys
from service.engine.services import Context, Result, ServiceFunction


def start_decompositions(context: Context) -> Result:
    targets.start_decompositions(context, keys.target_year(context).id)
    return None


def close_targets(context: Context) -> Result:
    """Whether every city's decomposition is on file by now."""
    return {"filed": targets.close(context, keys.target_year(context).id)}


OPERATORS: dict[str, ServiceFunction] = {
    "targets.close": close_targets,
    "targets.start_decompositions": start_decompositions,
}
