"""Standings: points at each stage, who is recommended, the 差额 list, what was decided on it."""

from service.domain.standings.corrections import (
    Change,
    Correction,
    doubts,
    reopen_in_city,
    reopen_in_province,
    stage_reviewed,
)
from service.domain.standings.corrections import of_application as corrections_of
from service.domain.standings.corrections import record as record_correction
from service.domain.standings.counties import attained, indicators, last_winners
from service.domain.standings.models import (
    Proposal,
    Standing,
    StandingStage,
    StandingState,
    of_application,
    of_pool,
    of_pools,
    proposal,
)
from service.domain.standings.proposals import (
    accelerating,
    decide,
    grant,
    listed,
    place,
    record_size,
    require_whole,
    waive,
)
from service.domain.standings.proposals import vote as vote_on_list
from service.domain.standings.rewards import pay, pays_itself
from service.domain.standings.scoring import (
    CountiesOpen,
    RecommendationsOpen,
    VoteTied,
    best,
    broken,
    score_city,
    score_province,
)
from service.domain.standings.scoring import vote as vote_on_recommendation
from service.domain.standings.starting import start_assessments
from service.domain.standings.supplies import SOURCES

__all__ = [
    "SOURCES",
    "Change",
    "Correction",
    "CountiesOpen",
    "Proposal",
    "RecommendationsOpen",
    "Standing",
    "StandingStage",
    "StandingState",
    "VoteTied",
    "accelerating",
    "attained",
    "best",
    "broken",
    "corrections_of",
    "decide",
    "doubts",
    "grant",
    "indicators",
    "last_winners",
    "listed",
    "of_application",
    "of_pool",
    "of_pools",
    "pay",
    "pays_itself",
    "place",
    "proposal",
    "record_correction",
    "record_size",
    "reopen_in_city",
    "reopen_in_province",
    "require_whole",
    "score_city",
    "score_province",
    "stage_reviewed",
    "start_assessments",
    "vote_on_list",
    "vote_on_recommendation",
    "waive",
]
