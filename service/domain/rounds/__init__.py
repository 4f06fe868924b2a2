"""Rounds: one year's run of an edition's procedure for one track."""

from service.domain.rounds.acts import (
    AnnouncementMisdated,
    DeadlinePast,
    QuotaMissing,
    QuotaOutOfRange,
    QuotaRecorded,
    ScoresOpened,
    announce,
    close,
    enter,
    open_collection,
    open_year,
    record_quota,
)
from service.domain.rounds.creating import (
    RoundExists,
    TrackMissing,
    YearTooEarly,
    YearTooLate,
    create,
    openable,
    require_opener,
)
from service.domain.rounds.lists import (
    last_closed_year,
    listed,
    organised,
    years,
)
from service.domain.rounds.models import (
    Round,
    RoundMissing,
    get,
    locked,
)
from service.domain.rounds.stages import (
    RECEIVING,
    Outcome,
    Stage,
    stages,
)

__all__ = [
    "RECEIVING",
    "AnnouncementMisdated",
    "DeadlinePast",
    "Outcome",
    "QuotaMissing",
    "QuotaOutOfRange",
    "QuotaRecorded",
    "Round",
    "RoundExists",
    "RoundMissing",
    "ScoresOpened",
    "Stage",
    "TrackMissing",
    "YearTooEarly",
    "YearTooLate",
    "announce",
    "close",
    "create",
    "enter",
    "get",
    "last_closed_year",
    "listed",
    "locked",
    "open_collection",
    "open_year",
    "openable",
    "organised",
    "record_quota",
    "require_opener",
    "stages",
    "years",
]
