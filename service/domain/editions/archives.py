"""The files of a published edition, out again: as they were published, byte for byte."""

import io
import zipfile

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.editions.published import Edition, EditionMissing, latest

EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest that a zip file can say: the same edition gives the same bytes.


def version(session: Session, programme: str, key: str, number: int | None = None) -> Edition:
    """One version of an edition, the newest unless a number is given; EditionMissing."""
    if number is None:
        return latest(session, programme, key)
    wanted = (Edition.programme == programme, Edition.key == key, Edition.version == number)
    found = session.scalar(select(Edition).where(*wanted))
    if found is None:
        raise EditionMissing(name=f"{programme}/{key} 第 {number} 版")
    return found


def archive(edition: Edition) -> bytes:
    """All files as a zip with the folders that `laurel deploy` reads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, text in sorted(edition.files.items()):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, text.encode("utf-8"))
    return buffer.getvalue()


def archive_name(edition: Edition) -> str:
    """miit_industry-2018-v1.zip"""
    return f"{edition.programme}-{edition.key}-v{edition.version}.zip"
