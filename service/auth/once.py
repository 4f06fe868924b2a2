"""Forms that create something are carried out once: a second click lands on the first one's result."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime

FIELD = "form_id"
LONGEST_ID = 64
FORGET_AFTER = timedelta(days=2)


class SentForm(Base):
    """A form that was carried out, by the random id that its page carried, and where its result is shown."""

    __tablename__ = "sent_form"

    form_id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    location: Mapped[str] = mapped_column(String(400))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)


def new_form_id() -> str:
    """The id that a freshly shown form carries."""
    return secrets.token_urlsafe(16)


def record(session: Session, form_id: str, now: datetime) -> SentForm:
    """The record of a form, its location empty where nobody has carried the form out before.

    Who sends the same form at the same moment waits here until the first one is done.
    """
    if sent := session.get(SentForm, form_id):
        return sent
    sent = SentForm(form_id=form_id, location="", sent_at=now)
    try:
        with session.begin_nested():
            session.add(sent)
    except IntegrityError:
        return session.get_one(SentForm, form_id)
    return sent


def sweep(session: Session, now: datetime) -> int:
    """Remove old records; how many they were."""
    old = delete(SentForm).where(SentForm.sent_at < now - FORGET_AFTER)
    return len(session.scalars(old.returning(SentForm.form_id)).all())
