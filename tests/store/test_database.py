"""The database: transactions, column types that keep what they are given, and the schema."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import String, event, func, inspect, select, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.store.database import (
    CompressedJSON,
    Database,
    JSONText,
    UTCDateTime,
    find,
    migrate,
    new_id,
    normalise,
    snapshot,
)


class Own(DeclarativeBase):
    """Tables that only these tests have."""


class Sample(Own):
    """A row of every type."""

    __tablename__ = "test_sample"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    small: Mapped[Any] = mapped_column(JSONText, nullable=True)
    large: Mapped[Any] = mapped_column(CompressedJSON, nullable=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    Own.metadata.create_all(database.engine)
    yield database
    database.dispose()


def fail_after_writing(database: Database) -> None:
    with database.write() as session:
        session.add(Sample(id="2"))
        session.flush()
        raise KeyError


def kept(database: Database) -> Sample:
    with database.read() as session:
        return session.scalars(select(Sample)).one()


def test_a_snapshot_sees_one_moment_whatever_is_committed_meanwhile(database: Database) -> None:
    count = select(func.count()).select_from(Sample)
    with database.snapshot() as session:
        assert session.scalar(count) == 0
        with database.write() as other:
            other.add(Sample(id="1"))
        assert session.scalar(count) == 0
    with database.snapshot() as session:
        assert session.scalar(count) == 1


def test_what_is_written_is_there_afterwards_and_what_fails_is_not(database: Database) -> None:
    with database.write() as session:
        session.add(Sample(id="1"))
    with pytest.raises(KeyError):
        fail_after_writing(database)
    with database.read() as session:
        assert session.scalars(select(Sample.id)).all() == ["1"]


def test_reading_never_commits(database: Database) -> None:
    with database.read() as session:
        session.add(Sample(id="1"))
        session.flush()
    with database.read() as session:
        assert session.scalars(select(Sample)).all() == []


def test_an_instant_comes_back_aware_and_in_utc(database: Database) -> None:
    shanghai = datetime(2026, 3, 2, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with database.write() as session:
        session.add(Sample(id="1", at=shanghai))
    at = kept(database).at
    assert at == shanghai
    assert at is not None
    assert at.tzinfo == UTC


def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.write() as session:
        session.add(Sample(id="1", at=datetime(2026, 3, 2)))  # noqa: DTZ001


@pytest.mark.parametrize("column", ["small", "large"])
def test_json_keeps_the_order_of_its_keys(database: Database, column: str) -> None:
    value = {"z": 1, "a": {"市": [1, None, {"y": "", "b": False}]}, "m": 0}
    with database.write() as session:
        session.add(Sample(id="1", **{column: value}))
    found = getattr(kept(database), column)
    assert found == value
    assert list(found) == ["z", "a", "m"]
    assert list(found["a"]["市"][2]) == ["y", "b"]


def test_not_a_number_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.write() as session:
        session.add(Sample(id="1", small=float("nan")))


def test_two_who_read_and_then_write_wait_for_each_other(database: Database) -> None:
    with database.write() as session:
        session.add(Sample(id="1", small=0))

    def count_up() -> None:
        for _ in range(20):
            with database.write() as session:
                row = session.scalars(select(Sample).with_for_update()).one()
                row.small = row.small + 1

    threads = [threading.Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(database).small == 40


def test_sqlite_is_durable_and_holds_to_foreign_keys(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [session.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    assert found == ["wal", 2, 1]
    database.dispose()


def test_a_missing_database_is_an_error_and_not_a_new_one() -> None:
    database = Database("sqlite:////nowhere/at/all.sqlite")
    with pytest.raises(OperationalError), database.read() as session:
        session.execute(text("SELECT 1"))


def test_a_snapshot_has_the_values_and_no_session(database: Database) -> None:
    found = snapshot(Sample, ["id", "small"], ["1", {"a": 1}])
    assert (found.id, found.small) == ("1", {"a": 1})
    assert inspect(found).transient


def test_a_row_found_by_its_key_is_read_once_in_a_session(database: Database) -> None:
    with database.write() as session:
        session.add(Sample(id="1"))
    read: list[str] = []
    with database.read() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *given: read.append(given[2]))
        assert [find(session, Sample, "1") is not None for _ in range(3)] == [True] * 3
        assert len(read) == 1
        assert find(session, Sample, "2") is None


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    database = Database(database_url)
    before = set(inspect(database.engine).get_table_names())
    migrate(database_url)
    assert set(inspect(database.engine).get_table_names()) == before
    assert {"process_instance", "user_task", "history_event", "alembic_version"} <= before
    database.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_way_to_name_postgresql_means_psycopg(scheme: str) -> None:
    assert normalise(f"{scheme}://u:p@h/d") == "postgresql+psycopg://u:p@h/d"


def test_ids_are_32_hex_digits_and_never_the_same() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(found) == 32 and int(found, 16) for found in ids)
