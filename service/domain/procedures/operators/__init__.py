"""Operators: the services that the editions' service tasks call."""

from service.domain.procedures.operators import (
    applications,
    awards,
    closing,
    cycles,
    evaluations,
    notices,
    objections,
    plans,
    recommendations,
    rounds,
    standings,
    targets,
)
from service.engine.services import Services

_PARTS = (
    applications,
    awards,
    closing,
    cycles,
    evaluations,
    notices,
    objections,
    plans,
    recommendations,
    rounds,
    standings,
    targets,
)


def register(services: Services) -> None:
    for part in _PARTS:
        for name, operator in part.OPERATORS.items():
            services.service(name)(operator)
