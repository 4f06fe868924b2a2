"""Overrides: what an application does not meet and goes on all the same, where the document says “原则上”.

Who gave way, why, who approved it, when and by which document is kept for good. Which conditions can be
overridden is the edition's to say: `waivable` in the form of its conditions, `hard` in its decision table.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime


class Override(Sealed, Base):
    """One condition of one application, overridden once. Rows are only ever added."""

    __tablename__ = "eligibility_override"
    __table_args__ = (Index(None, "submission_id", "condition", unique=True),)

    TITLE = "按“原则上”放宽的条件"
    SEALED = (
        "application_id",
        "submission_id",
        "condition",
        "article",
        "name",
        "reason",
        "approver",
        "document_number",
        "approved_on",
        "overridden_by",
        "office",
        "division",
        "overridden_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("form_submission.id"))
    """The form in which the conditions were judged: judged again, they are overridden again or not at all."""
    condition: Mapped[str] = mapped_column(String(80))
    article: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    """第六条第（二）项"""
    reason: Mapped[str] = mapped_column(Text)
    approver: Mapped[str] = mapped_column(String(80))
    document_number: Mapped[str] = mapped_column(String(80))
    approved_on: Mapped[date]
    overridden_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    office: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(6))
    """The office kind and the division for which that person acted."""
    overridden_at: Mapped[datetime] = mapped_column(UTCDateTime)


def of_submission(session: Session, submission_id: str) -> dict[str, Override]:
    """By condition: what was overridden when the conditions were judged in this form."""
    query = select(Override).where(Override.submission_id == submission_id)
    return {each.condition: each for each in session.scalars(query)}


def by_id(session: Session, ids: Collection[str]) -> dict[str, Override]:
    """What events of the history name, in one statement; none for no ids."""
    if not ids:
        return {}
    return {each.id: each for each in session.scalars(select(Override).where(Override.id.in_(ids)))}
