"""Editions: an award scheme's procedure as one immutable, content-addressed version, read from a folder."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Invalid, NotFound
from service.store.database import Base, CompressedJSON, UTCDateTime


class Edition(Base):
    """`id` = SHA-256 over all files, shared ones included; `content` holds them, so that export is byte for byte."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("programme", "key", "version"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    programme: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(40))  # the folder's name: 2018
    version: Mapped[int]  # 1, 2 … as the same key is published anew
    title: Mapped[str] = mapped_column(String(200))
    first_year: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(CompressedJSON)  # edition.yaml as JSON
    content: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # path -> base64 of the bytes
    definitions: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # process kind -> definition id
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[str | None] = mapped_column(String(32))

    @property
    def parameters(self) -> dict[str, Any]: ...


class EditionMissing(NotFound):
    """没有找到办法“{name}”。请先部署它：laurel deploy。"""


class EditionRefused(Invalid):
    """办法“{name}”有 {count} 处错误，没有部署任何文件。"""


class EditionFolder:
    """The files of an edition by their path below the project's root, read but not judged."""

    def __init__(self, name: str, files: dict[str, bytes]) -> None: ...

    @classmethod
    def read(cls, root: Path, name: str) -> "EditionFolder":
        """`name` is `miit_industry/2018`; root holds processes/ and forms/."""
        ...


def check(folder: EditionFolder, known: Any) -> Sequence[Any]:
    """Every finding at once, of edition.yaml, BPMN, DMN and forms."""
    ...


def publish(
    session: Session, folder: EditionFolder, known: Any, *, now: datetime, actor_id: str | None = None
) -> Edition:
    """Deploys it; the same content again gives the row that stands already. EditionRefused holds all findings."""
    ...


def get(session: Session, edition_id: str) -> Edition: ...


def latest(session: Session, programme: str, key: str | None = None) -> Edition: ...


def article(edition: Edition, number: str) -> str:
    """The verbatim text of an article: "6", "7(1)"; for "reading 2" the reading's text."""
    ...


def form(edition: Edition, form_key: str) -> Any:
    """The form's definition as FORMS reads it, cached by edition and key."""
    ...


def export(edition: Edition, root: Path) -> None: ...
