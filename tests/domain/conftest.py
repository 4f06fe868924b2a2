"""A fresh database of each kind, and one open transaction on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.domain import people
from service.store.database import Database
from tests.domain.desks import desk, opened_round
from tests.domain.world import accepted_template, either_world, twelve, world, world_template
from tests.domain.world_2022 import either_world_2022, world_2022, world_2022_template

__all__ = [
    "accepted_template",
    "desk",
    "either_world",
    "either_world_2022",
    "opened_round",
    "twelve",
    "world",
    "world_2022",
    "world_2022_template",
    "world_template",
]

NOW = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One transaction, as a request has one."""
    with database.write() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def admin(session: Session, now: datetime) -> str:
    """The id of an administrator."""
    person = people.create(session, login="admin", name="管理员", now=now)
    people.join(session, person.id, people.ADMIN, now=now)
    return person.id


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collects the SQL that is executed meanwhile."""
    executed: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        executed.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield executed
    event.remove(connection, "before_cursor_execute", note)
