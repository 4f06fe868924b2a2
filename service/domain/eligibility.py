"""Eligibility: what the edition's decision table found about an application, condition by condition."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class EligibilityFinding(Base):
    """One condition in one check of one application. Rows are only ever added."""

    __tablename__ = "eligibility_finding"
    __table_args__ = (Index(None, "application_id", "check_number", "position", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    check_number: Mapped[int]
    """1 for the first submission, one more for each later one."""
    position: Mapped[int]
    condition: Mapped[str] = mapped_column(String(80))
    article: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    met: Mapped[bool]
    figure: Mapped[str | None] = mapped_column(String(80))
    """The exact figure as text; None when it is missing, which is not 0."""
    threshold: Mapped[str | None] = mapped_column(String(80))
    shortfall: Mapped[str | None] = mapped_column(String(80))
    """threshold − figure, exact, where both are numbers and the condition is not met."""
    message: Mapped[str]
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
