"""The tables of standings: what every county's points came to at each stage, and the list made of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine.seals import Sealed
from service.store.database import Base, CompressedJSON, JSONText, UTCDateTime


class StandingStage(StrEnum):
    """Whose counties are ranked together; nothing carries over from one stage to the other."""

    CITY = "city"
    PROVINCE = "province"

    @property
    def label(self) -> str:
        return {"city": "设区市推荐环节", "province": "省级部门评送环节"}[self]


class StandingState(StrEnum):
    """What the list says of a county."""

    RANKED = "ranked"
    TIED = "tied"
    WAITING = "waiting"
    LISTED = "listed"
    PASSED_OVER = "passed_over"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    StandingState.RANKED: "已排名",
    StandingState.TIED: "并列待表决",
    StandingState.WAITING: "待定",
    StandingState.LISTED: "列入建议名单",
    StandingState.PASSED_OVER: "未列入建议名单",
    StandingState.AWARDED: "列入督查激励",
    StandingState.NOT_AWARDED: "评选未列入",
}


class Standing(Sealed, Base):
    """One county's points at one stage. Figures are exact fractions; `total` alone is rounded, once."""

    __tablename__ = "standing"
    __table_args__ = (Index(None, "pool", "stage", "rank"),)

    TITLE = "评分排名"
    SEALED = (
        "round_id",
        "pool",
        "lines",
        "items",
        "points",
        "completion",
        "excess_points",
        "excess",
        "mechanism",
        "exact",
        "total",
        "rank",
        "winner",
        "vote_order",
        "state",
        "reason",
        "scored_at",
    )

    stage: Mapped[str] = mapped_column(String(10), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    pool: Mapped[str] = mapped_column(String(32))
    """Whom it is ranked with: the id of the city's recommendation, or of the round."""
    lines: Mapped[dict[str, dict[str, str]]] = mapped_column(CompressedJSON)
    """Indicator → target, done, figure, rank, points, excess, excess_points; only those with a target."""
    items: Mapped[dict[str, str]] = mapped_column(JSONText)
    """Points by item of 政策机制."""
    points: Mapped[str] = mapped_column(String(80))
    """Σ of the points for completion."""
    completion: Mapped[str] = mapped_column(String(80))
    """标准分 of 目标任务完成."""
    excess_points: Mapped[str] = mapped_column(String(80))
    excess: Mapped[str] = mapped_column(String(80))
    """标准分 of 超目标完成."""
    mechanism: Mapped[str] = mapped_column(String(80))
    exact: Mapped[str] = mapped_column(String(80))
    total: Mapped[str] = mapped_column(String(20))
    """The published total, with all its decimals."""
    rank: Mapped[int]
    winner: Mapped[bool]
    """Whether it won last year (上年度列为省政府督查激励)."""
    vote_order: Mapped[int | None]
    """The place among equals that a recorded vote gave, 1 first."""
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    scored_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Proposal(Sealed, Base):
    """The 差额 list of one round: its size, recorded before any score; whether a rule was waived for it."""

    __tablename__ = "proposal"

    TITLE = "建议名单"
    SEALED = ("size", "recorded_by", "recorded_at", "waiver", "decided_by", "decided_at")

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    size: Mapped[int]
    """How many the list holds, more than there are awards."""
    recorded_by: Mapped[str] = mapped_column(String(36))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    waiver: Mapped[dict[str, Any] | None] = mapped_column(JSONText)
    """rule, reason, decider, number of a recorded decision that a rule does not apply this time."""
    decided_by: Mapped[str | None] = mapped_column(String(120))
    """决定机关或会议."""
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def of_pool(session: Session, stage: StandingStage, pool: str) -> Sequence[Standing]:
    """Those who were ranked together, in rank order."""
    query = select(Standing).where(Standing.stage == stage, Standing.pool == pool)
    return session.scalars(query.order_by(Standing.rank, Standing.vote_order, Standing.application_id)).all()


def of_pools(session: Session, stage: StandingStage, pools: Collection[str]) -> dict[str, list[Standing]]:
    """The same of several, by pool; one in which nobody is ranked is left out."""
    query = select(Standing).where(Standing.stage == stage, Standing.pool.in_(pools))
    order = (Standing.pool, Standing.rank, Standing.vote_order, Standing.application_id)
    rows = session.scalars(query.order_by(*order))
    return {pool: [*together] for pool, together in groupby(rows, key=lambda row: row.pool)}


def of_application(session: Session, application_id: str) -> Sequence[Standing]:
    """Every stage's, the city's first."""
    query = select(Standing).where(Standing.application_id == application_id)
    return session.scalars(query.order_by(Standing.stage)).all()


def proposal(session: Session, round_id: str) -> Proposal | None:
    return session.get(Proposal, round_id)
