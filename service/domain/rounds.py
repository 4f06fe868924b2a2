"""Rounds: one year's run of an edition's procedure for one track."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class Stage(StrEnum):
    """How far a round is; the order of the members is the order of the procedure."""

    OPENING = "opening"
    COLLECTING = "collecting"
    INTAKE = "intake"
    COMMITTEE = "committee"
    SCORING = "scoring"
    DELIBERATION = "deliberation"
    NOTICE = "notice"
    APPROVAL = "approval"
    ANNOUNCED = "announced"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.OPENING: "待部署",
    Stage.COLLECTING: "申报推荐",
    Stage.INTAKE: "受理审查",
    Stage.COMMITTEE: "组建评审委员会",
    Stage.SCORING: "评审打分",
    Stage.DELIBERATION: "研究确定",
    Stage.NOTICE: "公示",
    Stage.APPROVAL: "报批",
    Stage.ANNOUNCED: "已公布",
    Stage.CLOSED: "已结束（无入选）",
}


class Round(Base):
    """One programme, one year T (考核年度 + 1), one track."""

    __tablename__ = "round"
    __table_args__ = (Index(None, "programme", "year", "track", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[str] = mapped_column(String(64), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    track: Mapped[str] = mapped_column(String(40))
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
    approval_number: Mapped[str | None] = mapped_column(String(120))
    approved_on: Mapped[date | None]
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    award_starts_on: Mapped[date | None]
    award_ends_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    """`announced`, or why there is no award: `no_candidates`, `none_left`, `not_approved`."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
