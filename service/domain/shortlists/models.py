"""Candidates: the ranking of one scoring pass, and what the list says of everybody in it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.rounds import Round
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime


class CandidateState(StrEnum):
    """What the current list says of a candidate."""

    SELECTED = "selected"
    PASSED_OVER = "passed_over"
    TIED = "tied"
    WAITING = "waiting"
    """Not reached yet: a vote among better ones, or a decision on conflicting rules, comes first."""
    REMOVED = "removed"
    PROMOTED = "promoted"
    DECLINED = "declined"
    """It was to come in for somebody who was removed, and that was not signed off."""

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_out(self) -> bool:
        """Whether it takes part no more, whatever the rules say."""
        return self in (CandidateState.REMOVED, CandidateState.DECLINED)


_LABELS = {
    CandidateState.SELECTED: "拟入选",
    CandidateState.PASSED_OVER: "未入选",
    CandidateState.TIED: "同分待表决",
    CandidateState.WAITING: "待定",
    CandidateState.REMOVED: "已移出",
    CandidateState.PROMOTED: "递补",
    CandidateState.DECLINED: "递补未获同意",
}


LISTED = (CandidateState.SELECTED, CandidateState.PROMOTED)


class Candidate(Sealed, Base):
    """One accepted application in the ranking of one scoring pass."""

    __tablename__ = "candidate"
    __table_args__ = (Index(None, "round_id", "scoring_pass", "rank"),)

    TITLE = "排名"
    SEALED = ("score", "exact", "sheets", "rank", "vote_order", "state", "reason")

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
    awaiting_notice: Mapped[bool] = mapped_column(default=False)
    """Whether the next notice is to publish it: newly listed, promoted, or mended."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


def candidates(session: Session, round_: Round, *states: CandidateState) -> Sequence[Candidate]:
    """The candidates of the current pass in rank order; only those in `states` where some are given."""
    query = sqlalchemy.select(Candidate).where(
        Candidate.round_id == round_.id, Candidate.scoring_pass == round_.scoring_pass
    )
    if states:
        query = query.where(Candidate.state.in_(states))
    return session.scalars(
        query.order_by(Candidate.rank, Candidate.vote_order, Candidate.application_id)
    ).all()


def of_application(session: Session, round_: Round, application_id: str) -> Candidate | None:
    """The application's place in the ranking of the current pass."""
    return session.get(Candidate, (round_.id, round_.scoring_pass, application_id))
