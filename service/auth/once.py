"""Forms that create something are carried out once: a second click lands on the first one's result."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime

FIELD = "form_id"
FORGET_AFTER = timedelta(days=2)


class SentForm(Base):
    """A form that was carried out, by the random id that its page carried, and where its result is shown."""

    __tablename__ = "sent_form"

    form_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(400))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)


def new_form_id() -> str:
    """The id that a freshly shown form carries."""
    return secrets.token_urlsafe(16)


def result_of(session: Session, form_id: str) -> str | None:
    """Where the result of the form is shown, if it has been carried out before."""
    found = session.get(SentForm, form_id) if form_id else None
    return found.location if found is not None else None


def remember(session: Session, form_id: str, location: str, now: datetime) -> None:
    """Record that the form was carried out; two at the same moment cannot both be."""
    if form_id:
        session.add(SentForm(form_id=form_id[:64], location=location, sent_at=now))


def sweep(session: Session, now: datetime) -> int:
    """Remove old records; how many they were."""
    gone = session.execute(delete(SentForm).where(SentForm.sent_at < now - FORGET_AFTER))
    return int(gone.rowcount)
