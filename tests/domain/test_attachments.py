"""Attachments: what is accepted, how it is kept, and what is refused in which words."""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from service.domain import attachments
from service.domain.attachments import Attachment, AttachmentMissing, FileRefused
from service.engine import history
from service.store.database import Database

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


Add = Callable[..., Attachment]


@pytest.fixture
def add(session: Session, folder: Path, now: datetime) -> Add:
    def add(content: bytes, name: str, maximum_bytes: int = 1 << 20) -> Attachment:
        return attachments.add(
            session,
            folder,
            io.BytesIO(content),
            name=name,
            business_key="application:1",
            user_task_id="task",
            person_id="wang",
            now=now,
            maximum_bytes=maximum_bytes,
        )

    return add


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def contents(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "推荐函.pdf", "application/pdf"),
        (PNG, "章.PNG", "image/png"),
        (b"\xff\xd8\xff\xe0....", "照片.jpeg", "image/jpeg"),
        (
            packed(WORD),
            "声明.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            packed({"xl/workbook.xml": b"<workbook/>"}),
            "数据.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (packed({"OFD.xml": b"<OFD/>"}), "批复.ofd", "application/ofd"),
    ],
    ids=["pdf", "png", "jpeg", "docx", "xlsx", "ofd"],
)
def test_what_is_accepted_lies_under_its_hash(
    add: Add, folder: Path, content: bytes, name: str, media_type: str
) -> None:
    attachment = add(content, name)
    sha256 = hashlib.sha256(content).hexdigest()
    assert (attachment.name, attachment.media_type) == (name, media_type)
    assert (attachment.sha256, attachment.size) == (sha256, len(content))
    assert attachments.path(folder, sha256).read_bytes() == content
    assert contents(folder) == [attachments.path(folder, sha256)]


def test_equal_contents_share_one_file(add: Add, session: Session, folder: Path) -> None:
    first, second = add(PDF, "一.pdf"), add(PDF, "二.pdf")
    assert first.sha256 == second.sha256
    assert len(contents(folder)) == 1
    assert {a.name for a in attachments.of(session, "application:1")} == {"一.pdf", "二.pdf"}
    assert attachments.of(session, "application:2") == []


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "空.pdf", "文件是空的"),
        (b"x" * (2 << 20), "大.pdf", "超过 1 MB 的上限"),
        (PDF, "没有扩展名", "没有扩展名"),
        (b"MZ\x90\0", "安装.exe", "不接收 .exe 类型的文件，可以上传：PDF 文档、PNG 图片"),
        (b"<script>alert(1)</script>", "页面.html", "不接收 .html 类型"),
        (b"<svg onload='alert(1)'/>", "图.svg", "不接收 .svg 类型"),
        (b"MZ\x90\0", "伪装.pdf", "内容不是PDF 文档"),
        (PNG, "伪装.jpg", "内容不是JPEG 图片"),
        (packed({"xl/workbook.xml": b""}), "表.docx", "内容不是Word 文档"),
        (b"PK\x03\x04 broken", "坏.docx", "文件已损坏"),
        (packed({**WORD, "word/vbaProject.bin": b"macro"}), "宏.docx", "文件含有宏"),
        (packed({**WORD, "word/embeddings/oleObject1.bin": b"ole"}), "内嵌.docx", "内嵌了其他文件"),
        (packed({**WORD, "../../etc/passwd": b""}), "路径.docx", "不安全的路径"),
        (b"%PDF-1.7\nhalf of it", "半.pdf", "文件不完整"),
        (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), "脚本.pdf", "含有脚本"),
        (PDF.replace(b"/Catalog", b"/Catalog /AA << /S /J#61vaScript >>"), "转义.pdf", "含有脚本"),
        (PDF.replace(b"/Catalog", b"/Catalog /Launch (cmd)"), "运行.pdf", "自动运行"),
        (PDF.replace(b"endobj", b"endobj\ntrailer << /Encrypt 5 0 R >>"), "加密.pdf", "文件已加密"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_is_told_why_and_leaves_nothing(
    add: Add, session: Session, folder: Path, content: bytes, name: str, reason: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        add(content, name)
    assert reason in str(refused.value)
    assert str(refused.value).startswith(f"文件“{name}”没有收下：")
    assert refused.value.problems[0].place == "/file"
    assert contents(folder) == []
    assert attachments.of(session, "application:1") == []


def test_what_unpacks_without_end_is_refused(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAXIMUM_UNPACKED", 1 << 20)
    with pytest.raises(FileRefused, match="解压后过大"):
        add(packed({**WORD, "word/big.xml": b"\0" * (2 << 20)}), "炸弹.docx")
    monkeypatch.setattr(attachments, "MAXIMUM_PARTS", 10)
    with pytest.raises(FileRefused, match="解压后过大"):
        add(packed({**WORD, **{f"word/{n}.xml": b"" for n in range(10)}}), "碎片.docx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/推荐函.pdf", "推荐函.pdf"),
        ("C:\\Users\\王\\推荐函.pdf", "推荐函.pdf"),
        ("推荐\r\nX-Header: 1函.pdf", "推荐 X-Header_ 1函.pdf"),
        ("申报\u202efdp.pdf", "申报 fdp.pdf"),
        ('a<b>:"c|d?e*.pdf', "a_b___c_d_e_.pdf"),
        ("字" * 300 + ".pdf", "字" * 116 + ".pdf"),
        (" . 推荐函.pdf. ", "推荐函.pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert attachments.clean_name(given) == kept


def test_a_transaction_that_fails_leaves_a_file_that_is_swept(
    add: Add, session: Session, folder: Path, now: datetime
) -> None:
    kept = add(PDF, "留.pdf")
    with session.begin_nested() as nested:
        orphan = attachments.path(folder, add(PNG, "弃.png").sha256)
        nested.rollback()
    half = folder / "incoming" / "half"
    half.write_bytes(b"half")
    assert attachments.sweep(session, folder, now=datetime.now(UTC)) == 0  # May still be under way.
    yesterday = (now - timedelta(days=2)).timestamp()
    for file in contents(folder):
        os.utime(file, (yesterday, yesterday))
    assert attachments.sweep(session, folder, now=now) == 2
    assert contents(folder) == [attachments.path(folder, kept.sha256)]
    assert not orphan.exists()


class Uploading:
    """A session that sweeps; at the moment of its first question somebody uploads the same content."""

    def __init__(self, session: Session, upload: Callable[[], None]) -> None:
        self.session, self.beside = session, Thread(target=upload)

    def scalar(self, query: Any) -> Any:
        found = self.session.scalar(query)
        self.beside.start()
        self.beside.join(0.3)  # Who has to wait is not through by then.
        return found


def test_what_is_uploaded_while_the_same_content_is_swept_is_kept(
    database: Database, folder: Path, now: datetime
) -> None:
    def upload() -> None:
        with database.write() as session:
            attachments.add(
                session,
                folder,
                io.BytesIO(PDF),
                name="推荐函.pdf",
                business_key="application:1",
                user_task_id="task",
                person_id="wang",
                now=now,
                maximum_bytes=1 << 20,
            )

    kept = attachments.path(folder, hashlib.sha256(PDF).hexdigest())
    kept.parent.mkdir(parents=True)
    kept.write_bytes(PDF)
    yesterday = (now - timedelta(days=2)).timestamp()
    os.utime(kept, (yesterday, yesterday))
    with database.read() as session:
        sweeping = Uploading(session, upload)
        attachments.sweep(cast(Session, sweeping), folder, now=now)
        sweeping.beside.join()
    assert kept.read_bytes() == PDF


def test_what_is_gone_when_the_sweep_comes_to_it_does_not_end_the_sweep(
    session: Session, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [folder / "incoming" / "taken over"])
    assert attachments.sweep(session, folder, now=now) == 0


def test_a_mistaken_upload_is_removed_once_and_both_are_on_record(
    add: Add, session: Session, now: datetime
) -> None:
    attachment = add(PDF, "错.pdf")
    attachments.remove(session, attachment.id, person_id="wang", now=now)
    assert attachments.of(session, "application:1") == []
    with pytest.raises(AttachmentMissing):
        attachments.remove(session, attachment.id, person_id="wang", now=now)
    events = history.of_chain(session, history.SYSTEM)
    assert [e.type for e in events] == ["attachment_added", "attachment_removed"]
    assert "错.pdf" not in str([e.data for e in events])


def test_the_page_can_say_beforehand_what_is_accepted() -> None:
    assert {extension for kind in attachments.accepted() for extension in kind.extensions} == {
        "pdf",
        "png",
        "jpg",
        "jpeg",
        "docx",
        "xlsx",
        "ofd",
    }
