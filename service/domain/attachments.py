"""Attachments: files by their SHA-256 under the data folder, a row each time one is handed in."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.access import Actor
from service.domain.errors import Invalid
from service.store.database import Base, UTCDateTime, new_id


class Attachment(Base):
    """One upload; equal contents share the file. `removed_at` hides a mistaken one, the row stays."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    user_task_id: Mapped[str | None] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    uploaded_by: Mapped[str | None] = mapped_column(String(32))  # None: the public, with an objection
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FileRefused(Invalid):
    """文件“{name}”没有收下：{reason}"""


def add(
    session: Session,
    folder: Path,
    stream: BinaryIO,
    *,
    name: str,
    business_key: str,
    user_task_id: str | None,
    person_id: str | None,
    now: datetime,
    maximum_bytes: int,
) -> Attachment:
    """Checks, stores and records one file; the right to do so is the caller's (user_tasks.attach, objections)."""
    ...


def remove(session: Session, actor: Actor, attachment_id: str, *, now: datetime) -> None: ...


def of(session: Session, business_key: str) -> list[Attachment]: ...


def path(folder: Path, sha256: str) -> Path: ...
