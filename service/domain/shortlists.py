"""Shortlists: who is proposed, who is passed over, and why, for every candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class CandidateState(StrEnum):
    """What the current list says of a candidate."""

    SELECTED = "selected"
    PASSED_OVER = "passed_over"
    TIED = "tied"
    REMOVED = "removed"
    PROMOTED = "promoted"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    CandidateState.SELECTED: "拟入选",
    CandidateState.PASSED_OVER: "未入选",
    CandidateState.TIED: "同分待表决",
    CandidateState.REMOVED: "已移出",
    CandidateState.PROMOTED: "递补",
}


class Candidate(Base):
    """One accepted application in the ranking of one scoring pass."""

    __tablename__ = "candidate"
    __table_args__ = (Index(None, "round_id", "scoring_pass", "rank"),)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    scoring_pass: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    score: Mapped[str] = mapped_column(String(20))
    """The published mean: two decimals, rounded half up once."""
    exact: Mapped[str] = mapped_column(String(80))
    """The exact mean as a fraction, so that anybody can recompute the published one."""
    sheets: Mapped[int]
    rank: Mapped[int]
    vote_order: Mapped[int | None]
    """The place among equals that the committee's recorded vote gave, 1 first."""
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class Ranked:
    """What `select` needs to know of a candidate; `score` is the published figure."""

    key: str
    score: Fraction
    removed: str | None = None
    """Why the candidate can no longer be selected, as decided on an objection."""
    vote_order: int | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """What `select` says of a candidate."""

    key: str
    rank: int
    state: CandidateState
    reason: str


def select(candidates: Sequence[Ranked], quota: int) -> list[Selected]:
    """Fill `quota` places down the ranking, a reason for everybody; a tie at the cut-off waits for a vote."""
    raise NotImplementedError
