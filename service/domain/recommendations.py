"""Recommendations: what one recommending unit (推荐单位) compares, recommends and submits in one round."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class RecommendationStatus(StrEnum):
    """Where a recommendation stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    NONE = "none"
    REFUSED = "refused"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    RecommendationStatus.OPEN: "比选推荐中",
    RecommendationStatus.SUBMITTED: "已报送",
    RecommendationStatus.NONE: "无推荐",
    RecommendationStatus.REFUSED: "政府未同意",
    RecommendationStatus.LAPSED: "逾期未报送",
}


class Recommendation(Base):
    """One row a round and province-level division, created when the collection starts."""

    __tablename__ = "recommendation"
    __table_args__ = (Index(None, "round_id", "division_code", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    division_code: Mapped[str] = mapped_column(String(6), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(20), default=RecommendationStatus.OPEN)
    letter_number: Mapped[str | None] = mapped_column(String(120))
    """文号 of the 推荐函."""
    government_decision: Mapped[str | None] = mapped_column(String(20))
    """The government's last word: agree, return or refuse."""
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Choice(Base):
    """Whether the recommending unit chose an application, and why; replaced when it compares afresh."""

    __tablename__ = "recommendation_choice"

    recommendation_id: Mapped[str] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    chosen: Mapped[bool]
    reason: Mapped[str]
    chosen_by: Mapped[str] = mapped_column(String(36))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)
