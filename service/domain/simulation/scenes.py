"""Scenes: all that a running simulation holds together."""

from dataclasses import dataclass, field
from random import Random

from service.domain.simulation.agendas import Agenda
from service.domain.simulation.courses import Case, Course
from service.domain.simulation.policies import Policy
from service.domain.simulation.runs import Run
from service.domain.simulation.worlds import World


@dataclass
class Scene:
    """The world, the plan, and what is known of the cases."""

    world: World
    policy: Policy
    run: Run
    agenda: Agenda = field(default_factory=Agenda)
    courses: dict[str, Course] = field(default_factory=dict)
    """By round id."""
    cases: dict[str, Case] = field(default_factory=dict)
    """By business key."""

    def random(self, *parts: object) -> Random:
        """Draws that depend on nothing but the seed and these parts."""
        return Random("/".join(map(str, (self.run.seed, *parts))))
