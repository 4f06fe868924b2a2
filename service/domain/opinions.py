"""Opinions (意见): what an official wrote with a decision; history holds only the salted digest."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Invalid, NotFound
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, append, find, new_id

MAXIMUM_LENGTH = 4000


class Opinion(Sealed, Base):
    """Append-only. The history holds its seal only."""

    __tablename__ = "opinion"
    __table_args__ = (Index(None, "business_key", "written_at"),)

    TITLE = "意见"
    SEALED = ("business_key", "user_task_id", "person_id", "decision", "text", "written_at")

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    business_key: Mapped[str] = mapped_column(String(80))
    user_task_id: Mapped[str] = mapped_column(String(36), index=True)
    person_id: Mapped[str] = mapped_column(String(32))
    decision: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OpinionMissing(NotFound):
    """没有找到这条意见。"""


class OpinionTooLong(Invalid):
    """意见最多 {maximum} 个字，现有 {length} 个字，请精简后再提交。"""

    place = "/opinion"


def write(
    session: Session,
    *,
    business_key: str,
    user_task_id: str,
    person_id: str,
    decision: str | None,
    text: str,
    now: datetime,
) -> Opinion:
    """A trimmed, non-empty text of at most 4,000 characters, as it stands for good."""
    text = text.strip()
    if len(text) > MAXIMUM_LENGTH:
        raise OpinionTooLong(maximum=MAXIMUM_LENGTH, length=len(text))
    row = {
        "id": new_id(),
        "business_key": business_key,
        "user_task_id": user_task_id,
        "person_id": person_id,
        "decision": decision,
        "text": text,
        "written_at": now,
        "salt": new_id(),
    }
    return append(session, Opinion, [row])[0]


def get(session: Session, opinion_id: str) -> Opinion:
    if (opinion := find(session, Opinion, opinion_id)) is None:
        raise OpinionMissing
    return opinion


def by_id(session: Session, opinion_ids: Collection[str]) -> dict[str, Opinion]:
    """Many at once, for a page that shows a case's course."""
    if not opinion_ids:
        return {}
    found = session.scalars(select(Opinion).where(Opinion.id.in_(set(opinion_ids))))
    return {opinion.id: opinion for opinion in found}


def of(session: Session, business_key: str) -> list[Opinion]:
    """All opinions on a case, the oldest first."""
    return list(
        session.scalars(
            select(Opinion)
            .where(Opinion.business_key == business_key)
            .order_by(Opinion.written_at, Opinion.id)
        )
    )
