"""Effects: what completing a user task does, beyond moving its process on."""

from service.domain.procedures.effects import (
    applications,
    cycles,
    evaluations,
    intakes,
    objections,
    plans,
    recommendations,
    rounds,
    shortlists,
    standings,
    targets,
)
from service.engine.services import Services

_PARTS = (
    applications,
    cycles,
    evaluations,
    intakes,
    objections,
    plans,
    recommendations,
    rounds,
    shortlists,
    standings,
    targets,
)


def register(services: Services) -> None:
    for part in _PARTS:
        for name, effect in part.EFFECTS.items():
            services.effect(name)(effect)
