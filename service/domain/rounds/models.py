"""The table of rounds: one year's run of an edition's procedure for one track."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import NotFound
from service.domain.rounds.stages import Stage
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, find, hold


class Round(Sealed, Base):
    """One programme, one year T (考核年度 + 1), one track."""

    __tablename__ = "round"
    __table_args__ = (Index(None, "programme", "year", "track", unique=True),)

    TITLE = "轮次"
    SEALED = (
        "edition_id",
        "programme",
        "year",
        "track",
        "collection_ends_on",
        "collection_ends_at",
        "quota",
        "quota_recorded_by",
        "quota_recorded_at",
        "scoring_pass",
        "scores_opened_at",
        "approval_number",
        "approved_on",
        "announced_at",
        "award_starts_on",
        "outcome",
        "closed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[str] = mapped_column(String(64), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    track: Mapped[str] = mapped_column(String(40))
    division_code: Mapped[str] = mapped_column(String(6), index=True)
    """The organiser's, as the edition names it."""
    title: Mapped[str] = mapped_column(String(200))
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.OPENING)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    collection_ends_on: Mapped[date | None]
    """The last day on which materials are received; it counts in full."""
    collection_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """24:00 of that day in Asia/Shanghai."""
    quota: Mapped[int | None]
    """One number within the edition's range, recorded before the scores are opened, immutable afterwards."""
    quota_recorded_by: Mapped[str | None] = mapped_column(String(36))
    quota_recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scoring_pass: Mapped[int] = mapped_column(default=0)
    """0 until scores are opened; a new pass (复评) scores afresh and leaves the earlier sheets alone."""
    scores_opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ranked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When every sheet of the current pass was in and the ranking was published to those with the right."""
    noticed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a list of this round was first published; from then on places are not filled up to the quota."""
    approval_number: Mapped[str | None] = mapped_column(String(120))
    approved_on: Mapped[date | None]
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    award_starts_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RoundMissing(NotFound):
    """没有找到这一轮次，它可能已被删除，或链接有误。"""


def get(session: Session, round_id: str) -> Round:
    """The round; RoundMissing."""
    found = find(session, Round, round_id)
    if found is None:
        raise RoundMissing
    return found


def locked(session: Session, round_id: str) -> Round:
    """The round with its row held until the transaction ends, for what must not happen at the same time."""
    found = hold(session, Round, round_id)
    if found is None:
        raise RoundMissing
    return found
