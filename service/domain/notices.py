"""Public notices (公示): what is published, from when to when, and when it may be closed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class NoticeStatus(StrEnum):
    """Where a notice stands."""

    PREPARED = "prepared"
    RUNNING = "running"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"prepared": "待发布", "running": "公示中", "closed": "公示结束"}[self]


class Notice(Base):
    """One publication of a list; a replacement or a mended entry is published alone, in its own notice."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "round_id", "sequence", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    sequence: Mapped[int]
    """1 for the round's first notice."""
    number: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    contact: Mapped[str]
    """To whom and how objections are made."""
    status: Mapped[str] = mapped_column(String(20), default=NoticeStatus.PREPARED)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """24:00 of `ends_on` in Asia/Shanghai."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NoticeEntry(Base):
    """One division on a notice; shown in division-code order, unranked."""

    __tablename__ = "notice_entry"

    notice_id: Mapped[str] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    division_code: Mapped[str] = mapped_column(String(6))
    division_name: Mapped[str] = mapped_column(String(120))
    """As published: 省 and 市（州）."""
