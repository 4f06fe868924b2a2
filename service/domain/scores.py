"""Scores: sealed sheets by scoring pass, their exact means, and the ranking."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class ScoreSheet(Base):
    """What one member gave one application in one pass. Nobody reads a sheet of others before all are in."""

    __tablename__ = "score_sheet"
    __table_args__ = (Index(None, "application_id", "scoring_pass"),)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    scoring_pass: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    score: Mapped[str] = mapped_column(String(20))
    """A decimal string, as it was entered."""
    comment: Mapped[str | None]
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)


def mean(scores: Iterable[Fraction]) -> Fraction:
    """The exact mean; at least one score."""
    values = list(scores)
    return sum(values, Fraction(0)) / len(values)


def published(score: Fraction, places: int = 2) -> Fraction:
    """`score` rounded half up to `places` decimals, once; ranks and ties use this figure."""
    unit = 10**places
    return Fraction((score * unit + Fraction(1, 2)).__floor__(), unit)


def ranks(scores: Mapping[str, Fraction]) -> dict[str, int]:
    """Equal score, equal rank, the next skipped: 10, 10, 9 → 1, 1, 3."""
    ordered = sorted(scores.values(), reverse=True)
    first = {}
    for place, score in enumerate(ordered, start=1):
        first.setdefault(score, place)
    return {key: first[score] for key, score in scores.items()}
