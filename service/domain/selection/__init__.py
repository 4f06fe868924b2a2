"""Selection: the legal list that is best in rank order, exactly, with a reason for everybody. No database."""

from service.domain.selection.lists import Conflict, Tie
from service.domain.selection.prospects import Prospect, prospect
from service.domain.selection.reasons import Placement, Standing, cite
from service.domain.selection.repeats import Repeat, repeated
from service.domain.selection.rules import (
    Bonus,
    Candidate,
    Cap,
    Exclusion,
    Floor,
    Rule,
    Rules,
    RulesRefused,
    Waiver,
    bounds,
    describe,
    eases,
    excluded,
    exclusion_key,
    limits,
)
from service.domain.selection.selections import Selection, select

__all__ = [
    "Bonus",
    "Candidate",
    "Cap",
    "Conflict",
    "Exclusion",
    "Floor",
    "Placement",
    "Prospect",
    "Repeat",
    "Rule",
    "Rules",
    "RulesRefused",
    "Selection",
    "Standing",
    "Tie",
    "Waiver",
    "bounds",
    "cite",
    "describe",
    "eases",
    "excluded",
    "exclusion_key",
    "limits",
    "prospect",
    "repeated",
    "select",
]
