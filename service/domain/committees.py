"""Review committees (评审委员会): who is seated, who withdraws from which application, who scores what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class MemberRole(StrEnum):
    """第八条: experts, and representatives of the ministry's departments."""

    EXPERT = "expert"
    BUREAU = "bureau"

    @property
    def label(self) -> str:
        return {"expert": "专家", "bureau": "司局代表"}[self]


class CommitteeMember(Base):
    """One seat of a round's committee; the list is frozen when scores are opened."""

    __tablename__ = "committee_member"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    chair: Mapped[bool] = mapped_column(default=False)
    division_code: Mapped[str | None] = mapped_column(String(6))
    """籍贯或工作所在地: no member scores an applicant of it, above it or below it."""
    seated_by: Mapped[str] = mapped_column(String(36))
    seated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Recusal(Base):
    """A member who does not score one application (回避), declared or found from the member's offices."""

    __tablename__ = "recusal"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    automatic: Mapped[bool]
    reason: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
