"""Objections (异议): what the public files against a notice, and what becomes of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, JSONText, UTCDateTime


class ObjectionStatus(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LEAD = "lead"
    NOT_UPHELD = "not_upheld"
    MENDED = "mended"
    UPHELD = "upheld"
    FRAUD = "fraud"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def open(self) -> bool:
        """Whether the notice must wait for it."""
        return self in (ObjectionStatus.FILED, ObjectionStatus.ACCEPTED)


_LABELS = {
    ObjectionStatus.FILED: "待受理",
    ObjectionStatus.ACCEPTED: "核查中",
    ObjectionStatus.REJECTED: "不予受理",
    ObjectionStatus.LEAD: "转作线索",
    ObjectionStatus.NOT_UPHELD: "不成立",
    ObjectionStatus.MENDED: "可整改，已整改",
    ObjectionStatus.UPHELD: "成立",
    ObjectionStatus.FRAUD: "认定弄虚作假",
}


class Objection(Base):
    """One objection to an application on a notice, or a case that the ministry opened later (no notice)."""

    __tablename__ = "objection"
    __table_args__ = (Index(None, "notice_id", "status"), Index(None, "application_id", "status"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """The receipt that the filer is given."""
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("notice.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    anonymous: Mapped[bool]
    filer: Mapped[str | None] = mapped_column(String(80))
    contact: Mapped[str | None] = mapped_column(String(200))
    statement: Mapped[str]
    evidence: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONText)
    """Attachments by hash: [{"name", "size", "sha256"}]."""
    filed_by: Mapped[str | None] = mapped_column(String(36))
    """The official who opened a case; None for the public."""
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(20), default=ObjectionStatus.FILED)
    reason: Mapped[str | None]
    """What was found, as the filer and the applicant may read it."""
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
