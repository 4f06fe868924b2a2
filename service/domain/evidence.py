"""Evidence (证据材料): an objection of the public with its files, all of it or nothing."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqlalchemy.orm import Session

from service.domain import attachments, objections
from service.domain.objections import Objection
from service.engine.engine import ProcessEngine


class File(NamedTuple):
    """A file as it came; the stream is at its beginning and can be read twice."""

    name: str
    stream: IO[bytes]


def file_objection(
    session: Session,
    engine: ProcessEngine,
    folder: Path,
    files: Sequence[File],
    *,
    maximum_bytes: int,
    **stated: Any,
) -> Objection:
    """`objections.file_objection` with its files; nothing is stored until the objection itself is in order.

    Raises what that raises, and FileRefused.
    """
    listed = [_described(file) for file in files]
    objection = objections.file_objection(session, engine, files=listed, **stated)
    for file in files:
        attachments.add(
            session,
            folder,
            file.stream,
            name=file.name,
            business_key=f"objection:{objection.id}",
            user_task_id=None,
            person_id=None,
            now=engine.clock.now(),
            maximum_bytes=maximum_bytes,
        )
    return objection


def _described(file: File) -> dict[str, Any]:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    size = file.stream.tell()
    file.stream.seek(0)
    return {"name": attachments.clean_name(file.name), "size": size, "sha256": digest}
