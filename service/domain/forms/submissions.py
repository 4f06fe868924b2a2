"""Drafts, kept until submitted, and submissions, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    CursorResult,
    Index,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.forms.errors import DraftChanged
from service.engine.seals import Sealed
from service.store.database import Base, JSONText, UTCDateTime, append, forget, new_id, snapshot


class FormDraft(Base):
    """What a person has typed so far in one form of one user task: one row each, guarded by its version."""

    __tablename__ = "form_draft"

    user_task_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    form_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONText)
    version: Mapped[int]
    saved_by: Mapped[str] = mapped_column(String(36))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FormSubmission(Sealed, Base):
    """What was submitted, exactly, and under which definition. Rows are only ever added."""

    __tablename__ = "form_submission"
    __table_args__ = (Index(None, "business_key", "form_key", "number", unique=True),)

    TITLE = "表单"
    SEALED = (
        "business_key",
        "form_key",
        "number",
        "definition_digest",
        "content",
        "submitted_by",
        "submitted_at",
        "user_task_id",
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    business_key: Mapped[str] = mapped_column(String(120))
    form_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    """1, 2, 3 … within its business key and form."""
    definition_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSONText)
    submitted_by: Mapped[str] = mapped_column(String(36))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    user_task_id: Mapped[str] = mapped_column(String(36), index=True)


_DROP_DRAFTS = delete(cast(Table, FormDraft.__table__)).where(
    FormDraft.user_task_id == bindparam("task"), FormDraft.form_key.in_(bindparam("keys", expanding=True))
)
_LAST = (
    select(FormSubmission.form_key, func.max(FormSubmission.number).label("number"))
    .where(
        FormSubmission.business_key == bindparam("business_key"),
        FormSubmission.form_key.in_(bindparam("keys", expanding=True)),
    )
    .group_by(FormSubmission.form_key)
    .subquery()
)


_SUBMISSIONS = cast(Table, FormSubmission.__table__)
COLUMNS = [column.name for column in _SUBMISSIONS.c]
_ALL = (
    select(*_SUBMISSIONS.c)
    .where(
        FormSubmission.business_key == bindparam("business_key"),
        FormSubmission.form_key == bindparam("form_key"),
    )
    .order_by(FormSubmission.number.desc())
)
_LATEST = _ALL.limit(1)


_LATEST_OF = select(*_SUBMISSIONS.c).join(
    _LAST,
    and_(
        FormSubmission.business_key == bindparam("business_key"),
        FormSubmission.form_key == _LAST.c.form_key,
        FormSubmission.number == _LAST.c.number,
    ),
)


def draft(session: Session, user_task_id: str, form_key: str) -> FormDraft | None:
    """The draft of one form of one user task."""
    return session.get(FormDraft, (user_task_id, form_key))


def save_draft(
    session: Session,
    user_task_id: str,
    form_key: str,
    content: Mapping[str, Any],
    *,
    expected_version: int,
    person_id: str,
    now: datetime,
) -> FormDraft:
    """Save over the version that the person saw, 0 for none; raises DraftChanged with who and when."""
    values = {
        "content": dict(content),
        "version": expected_version + 1,
        "saved_by": person_id,
        "saved_at": now,
    }
    mine = (FormDraft.user_task_id == user_task_id) & (FormDraft.form_key == form_key)
    if expected_version:
        saved = session.execute(
            update(FormDraft).where(mine, FormDraft.version == expected_version).values(values)
        )
        if not cast("CursorResult[Any]", saved).rowcount:
            raise _changed(session, user_task_id, form_key)
    else:
        try:
            with session.begin_nested():
                session.execute(
                    insert(FormDraft).values(user_task_id=user_task_id, form_key=form_key, **values)
                )
        except IntegrityError:
            raise _changed(session, user_task_id, form_key) from None
    return session.get_one(FormDraft, (user_task_id, form_key), populate_existing=True)


def _changed(session: Session, user_task_id: str, form_key: str) -> DraftChanged:
    other = session.get(FormDraft, (user_task_id, form_key), populate_existing=True)
    if other is None:
        return DraftChanged(None, None, 0)
    return DraftChanged(other.saved_by, other.saved_at, other.version)


class Answer(NamedTuple):
    """What is submitted of one form, once `validate` has found no error in it."""

    content: Mapping[str, Any]
    definition_digest: str
    number: int
    """One more than the form's last submission for this business key has."""


def submit(
    session: Session,
    answers: Mapping[str, Answer],
    *,
    business_key: str,
    user_task_id: str,
    person_id: str,
    now: datetime,
) -> dict[str, FormSubmission]:
    """Append the answers and drop the user task's drafts of their forms; all of it by form key."""
    if not answers:
        return {}
    rows = [
        {
            "id": new_id(),
            "business_key": business_key,
            "form_key": key,
            "number": answer.number,
            "definition_digest": answer.definition_digest,
            "content": dict(answer.content),
            "submitted_by": person_id,
            "submitted_at": now,
            "user_task_id": user_task_id,
            "salt": new_id(),
        }
        for key, answer in answers.items()
    ]
    submitted = append(session, FormSubmission, rows)
    session.connection().execute(_DROP_DRAFTS, {"task": user_task_id, "keys": list(answers)})
    for key in answers:
        forget(session, FormDraft, (user_task_id, key))
    return {row.form_key: row for row in submitted}


def drop_drafts(session: Session, user_task_id: str) -> int:
    """Forget what was typed in a user task that somebody else is to do now; how many forms it was."""
    dropped = session.execute(delete(FormDraft).where(FormDraft.user_task_id == user_task_id))
    return cast("CursorResult[Any]", dropped).rowcount


def submission(session: Session, submission_id: str) -> FormSubmission | None:
    """One submission."""
    return session.get(FormSubmission, submission_id)


def latest(session: Session, business_key: str, form_key: str) -> FormSubmission | None:
    """The last submission of a form for a business key (`application:3f…`)."""
    found = _read(session, _LATEST, {"business_key": business_key, "form_key": form_key})
    return next(iter(found), None)


def latest_of(session: Session, business_key: str, form_keys: Sequence[str]) -> dict[str, FormSubmission]:
    """The last submissions of several forms, in one statement; what was never submitted is left out."""
    found = _read(session, _LATEST_OF, {"business_key": business_key, "keys": list(form_keys)})
    return {row.form_key: row for row in found}


def submissions(session: Session, business_key: str, form_key: str) -> list[FormSubmission]:
    """Every submission of a form for a business key, the newest first."""
    return _read(session, _ALL, {"business_key": business_key, "form_key": form_key})


def _read(
    session: Session, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]
) -> list[FormSubmission]:
    """Snapshots: a submission never changes, and goes in at once, so no session needs to watch it."""
    rows = session.connection().execute(statement, parameters)
    return [snapshot(FormSubmission, COLUMNS, row) for row in rows]
