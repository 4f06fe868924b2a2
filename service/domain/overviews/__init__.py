"""Overviews: what a round, an application and an objection show to whom, for pages and API alike."""

from service.domain.overviews.applications import (
    ApplicationLine,
    ApplicationView,
    of_application,
    visible_applications,
)
from service.domain.overviews.committees import Seat, seats
from service.domain.overviews.objections import (
    ObjectionLine,
    ObjectionView,
    Receipt,
    of_objection,
    receipt,
    visible_objections,
)
from service.domain.overviews.prospects import NotRanked, ProspectHidden, ProspectView, prospect, reads_own
from service.domain.overviews.rounds import (
    NotAnnounced,
    OpenRound,
    RankingHidden,
    RankingLine,
    RankingSealed,
    RoundView,
    Winner,
    of_round,
    open_rounds,
    ranking,
    winners,
)

__all__ = [
    "ApplicationLine",
    "ApplicationView",
    "NotAnnounced",
    "NotRanked",
    "ObjectionLine",
    "ObjectionView",
    "OpenRound",
    "ProspectHidden",
    "ProspectView",
    "RankingHidden",
    "RankingLine",
    "RankingSealed",
    "Receipt",
    "RoundView",
    "Seat",
    "Winner",
    "of_application",
    "of_objection",
    "of_round",
    "open_rounds",
    "prospect",
    "ranking",
    "reads_own",
    "receipt",
    "seats",
    "visible_applications",
    "visible_objections",
    "winners",
]
