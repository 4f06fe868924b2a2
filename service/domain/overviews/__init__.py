"""Overviews: what a round, an application and an objection show to whom, for pages and API alike."""

from service.domain.overviews.applications import (
    ApplicationLine,
    ApplicationView,
    of_application,
    visible_applications,
)
from service.domain.overviews.committees import Seat, seats
from service.domain.overviews.cycles import CycleView, Pilot, of_cycle, visible_cycles
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
from service.domain.overviews.sanctions import (
    SanctionLine,
    of_sanction,
    sanctions_where,
    visible_sanctions,
)
from service.domain.overviews.standings import (
    Explanation,
    Pool,
    PoolLine,
    RoundStandings,
    corrections,
    explanations,
    province_pool,
)
from service.domain.overviews.standings import of_round as standings_of_round
from service.domain.overviews.targets import (
    TargetsView,
    has_targets,
    may_set,
    of_targets,
    require_setter,
    visible_targets,
)

__all__ = [
    "ApplicationLine",
    "ApplicationView",
    "CycleView",
    "Explanation",
    "NotAnnounced",
    "NotRanked",
    "ObjectionLine",
    "ObjectionView",
    "OpenRound",
    "Pilot",
    "Pool",
    "PoolLine",
    "ProspectHidden",
    "ProspectView",
    "RankingHidden",
    "RankingLine",
    "RankingSealed",
    "Receipt",
    "RoundStandings",
    "RoundView",
    "SanctionLine",
    "Seat",
    "TargetsView",
    "Winner",
    "corrections",
    "explanations",
    "has_targets",
    "may_set",
    "of_application",
    "of_cycle",
    "of_objection",
    "of_round",
    "of_sanction",
    "of_targets",
    "open_rounds",
    "prospect",
    "province_pool",
    "ranking",
    "reads_own",
    "receipt",
    "require_setter",
    "sanctions_where",
    "seats",
    "standings_of_round",
    "visible_applications",
    "visible_cycles",
    "visible_objections",
    "visible_sanctions",
    "visible_targets",
    "winners",
]
