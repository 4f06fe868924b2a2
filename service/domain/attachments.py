"""Attachments: files by their SHA-256 in one folder, a row each time one is handed in."""

import fcntl
import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO

from ruamel.yaml import YAML
from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Invalid, NotFound
from service.engine import history, seals
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, new_id

KINDS = Path(__file__).parent.parent / "data" / "attachments.yaml"
CHUNK = 1 << 16
MAXIMUM_NAME = 120
MAXIMUM_PARTS = 5_000  # of an Office file, which is a ZIP
MAXIMUM_UNPACKED = 500 * 1024 * 1024
# Names that are long enough not to stand by chance in a compressed picture.
ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")


class Attachment(Sealed, Base):
    """One upload; equal contents share the file. `removed_at` hides a mistaken one, the row stays."""

    __tablename__ = "attachment"

    TITLE = "附件"
    SEALED = (
        "business_key",
        "user_task_id",
        "name",
        "media_type",
        "size",
        "sha256",
        "uploaded_by",
        "uploaded_at",
        "removed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    user_task_id: Mapped[str | None] = mapped_column(String(36), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    uploaded_by: Mapped[str | None] = mapped_column(String(32))
    """None: the public, with an objection."""
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AttachmentMissing(NotFound):
    """没有找到这个附件，或者您无权查看。"""


class FileRefused(Invalid):
    """文件“{name}”没有收下：{reason}"""

    place = "/file"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name=name, reason=reason)


@dataclass(frozen=True)
class Kind:
    """A kind of file that is accepted, from data/attachments.yaml."""

    extensions: tuple[str, ...]
    media_type: str
    title: str
    begins: tuple[bytes, ...]
    zip: str | None


def add(
    session: Session,
    folder: Path,
    stream: IO[bytes],
    *,
    name: str,
    business_key: str,
    user_task_id: str | None,
    person_id: str | None,
    now: datetime,
    maximum_bytes: int,
    chain: str = history.SYSTEM,
) -> Attachment:
    """Check a file, store it in the attachments' folder, record it; who may do so is the caller's to judge.

    The content is on disk, under its hash, before the row is written: a transaction that fails leaves a file
    without a row, which `sweep` takes away, never a row without its file. Raises FileRefused. `chain` is the
    history that it belongs to: the instance's.
    """
    name = clean_name(name)
    with _received(folder, stream, name, maximum_bytes) as (temporary, sha256, size):
        kind = _judge(temporary, name)
        _keep(temporary, path(folder, sha256))
    attachment = Attachment(
        id=new_id(),
        business_key=business_key,
        user_task_id=user_task_id,
        name=name,
        media_type=kind.media_type,
        size=size,
        sha256=sha256,
        uploaded_by=person_id,
        uploaded_at=now,
    )
    session.add(attachment)
    session.flush()
    data = {"attachment": attachment.id, "subject": business_key, "sealed": seals.of(attachment)}
    history.record(session, chain, "attachment_added", now, actor_id=person_id, data=data)
    return attachment


def remove(
    session: Session, attachment_id: str, *, person_id: str, now: datetime, chain: str = history.SYSTEM
) -> None:
    """Take a mistaken upload out of the case; whether this person may is the caller's to judge."""
    attachment = session.get(Attachment, attachment_id, with_for_update=True)
    if attachment is None or attachment.removed_at is not None:
        raise AttachmentMissing
    attachment.removed_at = now
    session.flush()
    data = {
        "attachment": attachment_id,
        "subject": attachment.business_key,
        "sealed": seals.of(attachment),
    }
    history.record(session, chain, "attachment_removed", now, actor_id=person_id, data=data)


def of(session: Session, business_key: str) -> list[Attachment]:
    """Those of a case that were not removed, the oldest first."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.business_key == business_key, Attachment.removed_at.is_(None))
            .order_by(Attachment.uploaded_at, Attachment.id)
        )
    )


def path(folder: Path, sha256: str) -> Path:
    """Where the content with this hash lies in the attachments' folder (`Config.uploads`)."""
    return folder / sha256[:2] / sha256


def sweep(session: Session, folder: Path, *, now: datetime, after: timedelta = timedelta(days=1)) -> int:
    """Delete contents that no row names, and half-received ones, once a day old; returns how many.

    Who uploads such a content at this moment comes before or after: it is young then, or written anew.
    """
    return sum(_swept(session, folder, file, now - after) for file in folder.glob("*/*"))


def _swept(session: Session, folder: Path, file: Path, before: datetime) -> bool:
    with _alone(folder):
        try:
            young = file.stat().st_mtime > before.timestamp()
        except FileNotFoundError:  # It was being received, and has found its place since.
            return False
        known = select(Attachment.id).where(Attachment.sha256 == file.name).limit(1)
        if young or session.scalar(known) is not None:
            return False
        file.unlink(missing_ok=True)
        return True


def accepted() -> list[Kind]:
    """The kinds of files that may be uploaded, for the page to say so beforehand."""
    return list(_kinds())


def clean_name(name: str) -> str:
    """The file's name without folders, control characters and what file systems or headers stumble over."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # Bidirectional controls can make "文.exe" read as a harmless name, so all of category C go.
    name = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in name)
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        raise FileRefused(name or "（无名）", "文件名没有扩展名，无法判断类型。")
    return f"{stem[: MAXIMUM_NAME - len(extension) - 1].rstrip(' .')}.{extension[:10]}"


@contextmanager
def _received(folder: Path, stream: IO[bytes], name: str, maximum: int) -> Iterator[tuple[Path, str, int]]:
    """The stream in a temporary file of the same file system; gone afterwards unless it was kept."""
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=incoming)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > maximum:
                    raise FileRefused(
                        name, f"超过 {maximum // (1024 * 1024)} MB 的上限，请压缩或拆分后再上传。"
                    )
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise FileRefused(name, "文件是空的，请检查后重新上传。")
        yield Path(temporary), digest.hexdigest(), size
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _keep(temporary: Path, target: Path) -> None:
    """Move into place; the same content may be there already, or come at the same moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(temporary, 0o640)
    with _alone(target.parent.parent):
        os.replace(temporary, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else puts a content in place or sweeps one meanwhile, whichever process it is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # Which lets go of the lock.


def _judge(file: Path, name: str) -> Kind:
    """The kind of a file, by extension and content; FileRefused where it is none of ours, or dangerous."""
    extension = name.rpartition(".")[2].lower()
    kind = next((kind for kind in _kinds() if extension in kind.extensions), None)
    if kind is None:
        allowed = "、".join(kind.title for kind in _kinds())
        raise FileRefused(name, f"不接收 .{extension} 类型的文件，可以上传：{allowed}。")
    with file.open("rb") as opened:
        head = opened.read(1024)
    if not any(head.startswith(begin) for begin in kind.begins):
        raise FileRefused(name, f"内容不是{kind.title}，请另存为正确的格式后再上传。")
    if kind.zip:
        _judge_zip(file, name, kind)
    elif kind.media_type == "application/pdf":
        _judge_pdf(file, name)
    return kind


def _judge_zip(file: Path, name: str, kind: Kind) -> None:
    """An Office file: complete, of its kind, no macros, nothing that unpacks without end."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise FileRefused(name, "文件已损坏，无法打开，请重新保存后再上传。") from None
    names = [part.filename for part in parts]
    if kind.zip not in names:
        raise FileRefused(name, f"内容不是{kind.title}，请另存为正确的格式后再上传。")
    if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED:
        raise FileRefused(name, "解压后过大，请精简内容后再上传。")
    if any(PurePosixPath(part).is_absolute() or ".." in PurePosixPath(part).parts for part in names):
        raise FileRefused(name, "内部含有不安全的路径。")
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused(name, "文件已加密，请去掉密码后再上传。")
    if any(PurePosixPath(part).name.lower() in ("vbaproject.bin", "vbadata.xml") for part in names):
        raise FileRefused(name, "文件含有宏，请另存为不含宏的格式后再上传。")
    if any("/embeddings/" in f"/{part.lower()}" for part in names):
        raise FileRefused(name, "文件内嵌了其他文件，请去掉后再上传。")


def _judge_pdf(file: Path, name: str) -> None:
    """A PDF: complete, not encrypted, nothing that acts when it is opened."""
    content = file.read_bytes()
    if b"%%EOF" not in content[-2048:]:
        raise FileRefused(name, "文件不完整，请重新生成后再上传。")
    # Names may be written with #xx escapes: /J#61vaScript.
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), content)
    if re.search(rb"/Encrypt\b", plain):
        raise FileRefused(name, "文件已加密，请去掉密码后再上传。")
    if ACTIVE.search(plain):
        raise FileRefused(name, "文件含有脚本、自动运行的动作或内嵌文件，请去掉后再上传。")


@cache
def _kinds() -> tuple[Kind, ...]:
    listed = YAML(typ="safe", pure=True).load(KINDS.read_text(encoding="utf-8"))
    return tuple(
        Kind(
            extensions=tuple(entry["extensions"]),
            media_type=entry["media_type"],
            title=entry["title"],
            begins=tuple(bytes.fromhex(begin) for begin in entry["begins"]),
            zip=entry.get("zip"),
        )
        for entry in listed
    )
