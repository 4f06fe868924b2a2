"""Simulation: a whole round by synthetic officials, through the domain calls that the pages use."""

from service.domain.simulation import policies
from service.domain.simulation.checks import Check, check
from service.domain.simulation.drivers import run
from service.domain.simulation.outcomes import Outcome, tell
from service.domain.simulation.plans import TooManyApplications
from service.domain.simulation.policies import PolicyMissing
from service.domain.simulation.runs import Run
from service.domain.simulation.worlds import throw_away_database

__all__ = [
    "Check",
    "Outcome",
    "PolicyMissing",
    "Run",
    "TooManyApplications",
    "check",
    "policies",
    "run",
    "tell",
    "throw_away_database",
]
