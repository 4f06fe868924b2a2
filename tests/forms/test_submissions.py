"""Drafts, guarded by their version, and submissions, which are only ever added."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from service.domain import forms
from service.domain.forms.errors import DraftChanged
from service.store.database import Database

NOW = datetime(2018, 2, 20, 1, 30, tzinfo=UTC)
TASK = "task-1"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def save(session: Session, version: int, person: str, content: dict[str, object], minutes: int = 0) -> int:
    saved = forms.save_draft(
        session,
        TASK,
        "report",
        content,
        expected_version=version,
        person_id=person,
        now=NOW + timedelta(minutes=minutes),
    )
    return saved.version


def submit(session: Session, content: dict[str, object], minutes: int = 0) -> forms.FormSubmission:
    last = forms.latest(session, "application:1", "report")
    answer = forms.Answer(content, "d" * 64, number=last.number + 1 if last else 1)
    submitted = forms.submit(
        session,
        {"report": answer},
        business_key="application:1",
        user_task_id=TASK,
        person_id="li",
        now=NOW + timedelta(minutes=minutes),
    )
    return submitted["report"]


def test_a_draft_is_saved_over_the_version_that_was_seen(database: Database) -> None:
    with database.write() as session:
        assert save(session, 0, "li", {"a": "1"}) == 1
        assert save(session, 1, "li", {"a": "2"}, 1) == 2
    with database.read() as session:
        draft = forms.draft(session, TASK, "report")
        assert draft is not None
        assert (draft.content, draft.version, draft.saved_by) == ({"a": "2"}, 2, "li")
        assert draft.saved_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_people_the_slower_learns_who_was_faster_and_when(database: Database, seen: int) -> None:
    with database.write() as session:
        for version in range(seen + 1):
            save(session, version, "li", {"a": "li"}, version)
    with database.write() as session:
        with pytest.raises(DraftChanged) as changed:
            save(session, seen, "wang", {"a": "wang"}, 9)
        assert (changed.value.who, changed.value.when) == ("li", NOW + timedelta(minutes=seen))
        assert changed.value.version == seen + 1
        draft = forms.draft(session, TASK, "report")
        assert draft is not None
        assert draft.content == {"a": "li"}


def test_a_draft_that_was_submitted_meanwhile_is_gone(database: Database) -> None:
    with database.write() as session:
        save(session, 0, "li", {"a": "1"})
        submit(session, {"a": "1"})
        with pytest.raises(DraftChanged) as changed:
            save(session, 1, "wang", {"a": "2"})
        assert changed.value.who is None


def test_a_submission_ends_the_draft_and_keeps_what_was_submitted_before(database: Database) -> None:
    with database.write() as session:
        save(session, 0, "li", {"a": "1"})
        first = submit(session, {"a": "1"})
        second = submit(session, {"a": "2"}, 5)
        assert forms.draft(session, TASK, "report") is None
        assert (first.number, second.number) == (1, 2)
        first_id = first.id
    with database.read() as session:
        last = forms.latest(session, "application:1", "report")
        assert last is not None
        assert last.content == {"a": "2"}
        assert [row.content for row in forms.submissions(session, "application:1", "report")] == [
            {"a": "2"},
            {"a": "1"},
        ]
        assert forms.latest(session, "application:2", "report") is None
        found = forms.submission(session, first_id)
        assert found is not None
        assert found.content == {"a": "1"}


def test_the_same_content_twice_has_two_seals(database: Database) -> None:
    """Nobody learns from the history what was submitted by trying out what it may have been."""
    with database.write() as session:
        first, second = (submit(session, {"a": "1"}) for _ in range(2))
        assert first.salt != second.salt


def test_nothing_in_the_package_changes_a_submission() -> None:
    folder = Path(forms.__file__).parent
    assert not any("update(FormSubmission" in path.read_text() for path in folder.rglob("*.py"))
