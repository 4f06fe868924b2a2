"""Awards: who won which track of which year, from when until when, and what became of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime, new_id


class Award(Base):
    """One incentive period of one winner; at most one per application."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("application_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    programme: Mapped[str] = mapped_column(String(60))
    edition_id: Mapped[str] = mapped_column(String(64))
    round_id: Mapped[str] = mapped_column(String(32), index=True)
    track: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    application_id: Mapped[str] = mapped_column(String(32))
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(10))  # current | expired | revoked
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revocation: Mapped[str] = mapped_column(String(200), default="")  # why, with the decision's number


def grant(
    session: Session,
    *,
    programme: str,
    edition_id: str,
    round_id: str,
    track: str,
    year: int,
    application_id: str,
    division_code: str,
    starts_at: datetime,
    years: int,
) -> Award:
    """`years` full years from `starts_at`; ends at the same hour of the same day of the last year."""
    ...


def expire(session: Session, application_id: str, *, now: datetime) -> Award: ...


def revoke(session: Session, application_id: str, *, reason: str, now: datetime) -> Award: ...
