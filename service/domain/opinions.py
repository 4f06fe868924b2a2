"""Opinions (意见): what an official wrote with a decision; history holds only the salted digest."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime, new_id


class Opinion(Base):
    """Append-only; `digest` = SHA-256 over salt and text, so that erasing the text leaves the chain verifiable."""

    __tablename__ = "opinion"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    user_task_id: Mapped[str] = mapped_column(String(32), index=True)
    person_id: Mapped[str] = mapped_column(String(32))
    decision: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


def write(
    session: Session,
    *,
    business_key: str,
    user_task_id: str,
    person_id: str,
    decision: str | None,
    text: str,
    now: datetime,
) -> Opinion: ...


def of(session: Session, business_key: str) -> list[Opinion]: ...
