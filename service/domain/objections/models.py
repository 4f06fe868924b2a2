"""The table of objections (异议): what the public files against a notice."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import notices
from service.domain.errors import NotFound
from service.engine.seals import Sealed
from service.store.database import Base, JSONText, UTCDateTime, find


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


class Objection(Sealed, Base):
    """One objection to an application on a notice, or a case that the ministry opened later (no notice)."""

    __tablename__ = "objection"
    __table_args__ = (Index(None, "notice_id", "status"), Index(None, "application_id", "status"))

    TITLE = "异议"
    SEALED = (
        "number",
        "round_id",
        "notice_id",
        "application_id",
        "anonymous",
        "filer",
        "contact",
        "statement",
        "evidence",
        "files",
        "filed_by",
        "filed_at",
        "status",
        "finding",
        "reason",
        "decided_by",
        "decided_at",
        "closed_at",
    )

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
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    status: Mapped[str] = mapped_column(String(20), default=ObjectionStatus.FILED)
    finding: Mapped[str | None] = mapped_column(String(20))
    """What the ministry decided: rejected, lead; after 核查 not_upheld, mendable, upheld, fraud."""
    reason: Mapped[str | None]
    """What was found, as the filer and the applicant may read it."""
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ObjectionMissing(NotFound):
    """没有找到这份异议，请核对受理编号。"""


def get(session: Session, objection_id: str) -> Objection:
    """The objection; ObjectionMissing."""
    found = find(session, Objection, objection_id)
    if found is None:
        raise ObjectionMissing
    return found


def by_number(session: Session, number: str) -> Objection:
    """The objection with this receipt; ObjectionMissing. The receipt cannot be guessed."""
    found = session.scalar(select(Objection).where(Objection.number == number.strip().upper()))
    if found is None:
        raise ObjectionMissing
    return found


def held(session: Session, objection_id: str) -> Objection:
    """The objection, its notice's row held first: open objections are counted under the same lock."""
    objection = get(session, objection_id)
    if objection.notice_id is not None:
        notices.locked(session, objection.notice_id)
    return objection
