"""Evaluations: one plan's way through the advisory committee, as often as it is submitted."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime


class Evaluation(Sealed, Base):
    """The scoring of one application; `number` is the scoring pass of its sheets.

    Sheets that are too few when the time is up are kept, and the rest of the committee is asked again.
    """

    __tablename__ = "evaluation"

    TITLE = "定量打分"
    SEALED = ("round_id", "opened_at", "ends_at", "asked", "closed_at", "sheets", "score", "exact")

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked: Mapped[int]
    """How many members were asked, those before included."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sheets: Mapped[int | None]
    score: Mapped[str | None] = mapped_column(String(20))
    """The mean as it is published; None until all are in, or where they were too few."""
    exact: Mapped[str | None] = mapped_column(String(80))
    """The mean as a fraction, so that anybody can recompute it."""


def last(session: Session, application_id: str) -> Evaluation | None:
    """The one that is under way, or was the last."""
    query = select(Evaluation).where(Evaluation.application_id == application_id)
    return session.scalars(query.order_by(Evaluation.number.desc()).limit(1)).first()
