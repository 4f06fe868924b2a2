"""How long sign-in stays shut after failures."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from service.auth import throttles
from service.auth.throttles import SignInThrottle
from service.store.database import Database

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def fail(database: Database, times: int, login: str = "yuhang", address: str = HERE) -> None:
    for _ in range(times):
        with database.write() as session:
            throttles.record_failure(session, login, address, NOW)


def wait(
    database: Database, login: str = "yuhang", address: str = HERE, now: datetime = NOW
) -> timedelta | None:
    with database.read() as session:
        return throttles.blocked_for(session, login, address, now)


def test_four_failures_are_free_and_the_fifth_shuts(database: Database) -> None:
    fail(database, 4)
    assert wait(database) is None
    fail(database, 1)
    assert wait(database) == timedelta(seconds=30)


def test_every_further_failure_doubles_the_wait_up_to_an_hour(database: Database) -> None:
    fail(database, 7)
    assert wait(database) == timedelta(seconds=120)
    fail(database, 20)
    assert wait(database) == timedelta(hours=1)


def test_the_owner_can_still_sign_in_from_elsewhere(database: Database) -> None:
    fail(database, 10)
    assert wait(database, address=THERE) is None


def test_one_who_changes_addresses_is_stopped_by_the_account(database: Database) -> None:
    for number in range(50):
        fail(database, 1, address=f"203.0.113.{number}")
    assert wait(database, address="192.0.2.1") == timedelta(seconds=30)


def test_one_who_changes_accounts_is_stopped_by_the_address(database: Database) -> None:
    for number in range(100):
        fail(database, 1, login=f"guess{number}")
    assert wait(database, login="somebody") == timedelta(seconds=30)
    assert wait(database, login="somebody", address=THERE) is None


def test_the_wait_ends_and_old_failures_are_forgotten(database: Database) -> None:
    fail(database, 5)
    assert wait(database, now=NOW + timedelta(seconds=30)) is None
    with database.write() as session:
        throttles.record_failure(session, "yuhang", HERE, NOW + timedelta(days=2))
    assert wait(database, now=NOW + timedelta(days=2)) is None


def test_a_right_password_clears_the_pair(database: Database) -> None:
    fail(database, 5)
    with database.write() as session:
        throttles.forget(session, "yuhang", HERE)
    assert wait(database) is None


def test_capital_letters_are_no_way_round(database: Database) -> None:
    fail(database, 5)
    assert wait(database, login="YuHang") is not None


def test_neither_logins_nor_addresses_are_kept(database: Database) -> None:
    fail(database, 1)
    with database.read() as session:
        keys = session.scalars(select(SignInThrottle.key)).all()
    assert len(keys) == 3
    assert not any("yuhang" in key or HERE in key for key in keys)


def test_old_counts_are_swept(database: Database) -> None:
    fail(database, 5)
    with database.write() as session:
        assert throttles.sweep(session, NOW + timedelta(hours=1)) == 0
        assert throttles.sweep(session, NOW + timedelta(days=2)) == 3


@pytest.mark.parametrize("count", ["failure", "filing"])
def test_the_first_two_from_an_address_at_the_same_moment_are_both_counted(
    database: Database, count: str
) -> None:
    barrier = threading.Barrier(2)
    refused: list[Exception] = []

    def attempt(login: str) -> None:
        try:
            with database.write() as session:
                session.connection()
                if session.get_bind().dialect.name == "postgresql":
                    barrier.wait(
                        10
                    )  # Both transactions have begun; on SQLite the second waits for the first.
                if count == "failure":
                    throttles.record_failure(session, login, HERE, NOW)
                else:
                    throttles.record_filing(session, HERE, NOW)
        except Exception as error:
            refused.append(error)

    for number in range(20):
        with database.write() as session:
            session.execute(delete(SignInThrottle))
        threads = [threading.Thread(target=attempt, args=(f"{number}-{each}",)) for each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == []
        with database.read() as session:
            counted = session.scalars(select(SignInThrottle.failures)).all()
        assert sorted(counted) == ([1, 1, 1, 1, 2] if count == "failure" else [2])
