"""Selection: the legal list that is best in rank order, exactly, with a reason for everybody. No database."""

from service.domain.selection.lists import Conflict, Tie
from service.domain.selection.prospects import Prospect, prospect
from service.domain.selection.reasons import Placement, Standing
from service.domain.selection.rules import (
    Bonus,
    Candidate,
    Cap,
    Exclusion,
    Floor,
    Rules,
    RulesRefused,
    Waiver,
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
    "Rules",
    "RulesRefused",
    "Selection",
    "Standing",
    "Tie",
    "Waiver",
    "prospect",
    "select",
]
