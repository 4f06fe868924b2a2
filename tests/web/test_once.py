"""A form that creates something is carried out once, also when it is sent twice at the same moment."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from service.auth import once
from service.store.database import Database

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def test_two_at_the_same_moment_are_one(database: Database) -> None:
    carried_out: list[int] = []
    barrier = threading.Barrier(2)

    def send(number: int) -> None:
        barrier.wait()
        with database.write() as session:
            sent = once.record(session, "the form", NOW)
            if not sent.location:
                carried_out.append(number)
                sent.location = f"/results/{number}"

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(carried_out) == 1
    with database.write() as session:
        assert once.record(session, "the form", NOW).location == f"/results/{carried_out[0]}"


def test_what_failed_may_be_sent_again(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            once.record(session, "the form", NOW).location = "/half"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.write() as session:
        assert once.record(session, "the form", NOW).location == ""


def test_old_forms_are_forgotten(database: Database) -> None:
    with database.write() as session:
        once.record(session, "the form", NOW)
    with database.write() as session:
        assert once.sweep(session, NOW + timedelta(days=1)) == 0
        assert once.sweep(session, NOW + timedelta(days=3)) == 1
