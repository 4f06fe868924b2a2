"""Procedures: all that the editions' BPMN names, in one registry for the engine; what forms list."""

from service.domain import parallels  # noqa: F401 - a rule that no element names
from service.domain.procedures import assignments, effects, functions, operators
from service.domain.procedures.rows import Rows, rows
from service.domain.procedures.supplies import supplied
from service.engine.services import Services

__all__ = ["Rows", "build_services", "rows", "supplied"]


def build_services() -> Services:
    """The registry that `ProcessEngine(clock, build_services())` takes."""
    services = Services()
    for part in (operators, effects, functions, assignments):
        part.register(services)
    return services
