"""Two administrators at the same moment: the second finds what the first did."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.domain import divisions, offices, people
from service.domain.people import LoginTaken, RolesIncompatible
from service.store.database import Database
from tests.databases import until_blocked

Act = Callable[[Session], Any]


@pytest.fixture
def register(postgresql_url: str, now: datetime) -> Iterator[Database]:
    """A service of many nodes; SQLite lets only one of the two in."""
    database = Database(postgresql_url)
    with database.write() as session:
        divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
        people.create(session, login="wang.fang", name="王芳", now=now)
    yield database
    database.dispose()


@contextmanager
def meanwhile(register: Database, first: Act, second: Act) -> Iterator[Future[Any]]:
    """What comes of `second`, which begins before `first` is committed."""

    def other() -> Any:
        with register.write() as session:
            return second(session)

    with ThreadPoolExecutor(1) as thread:
        with register.write() as session:
            first(session)
            late = thread.submit(other)
            until_blocked(session)
        yield late


def join(role: str, now: datetime) -> Act:
    def act(session: Session) -> str:
        person = people.by_login(session, "wang.fang")
        assert person is not None
        return people.join(session, person.id, role, now=now).id

    return act


def test_nobody_comes_to_work_on_cases_and_to_audit_them(register: Database, now: datetime) -> None:
    acts = join(people.EXPERT, now), join(people.AUDITOR, now)
    with meanwhile(register, *acts) as late, pytest.raises(RolesIncompatible):
        late.result(30)


def test_the_same_role_is_given_once(register: Database, now: datetime) -> None:
    acts = join(people.EXPERT, now), join(people.EXPERT, now)
    with meanwhile(register, *acts) as late:
        given = late.result(30)
    with register.read() as session:
        person = people.by_login(session, "wang.fang")
        assert person is not None
        assert [each.id for each in people.memberships(session, person.id, now)] == [given]


def test_a_login_that_was_just_taken_is_told(register: Database, now: datetime) -> None:
    def create(session: Session) -> str:
        return people.create(session, login="li.ming", name="李明", now=now).id

    with meanwhile(register, create, create) as late, pytest.raises(LoginTaken):
        late.result(30)


def test_an_office_is_founded_once(register: Database, now: datetime) -> None:
    def found(*codes: str) -> Act:
        return lambda session: [
            each.id
            for each in offices.ensure_all(session, [(offices.INDUSTRY, code) for code in codes], now=now)
        ]

    with meanwhile(register, found("330100", "330200"), found("330300", "330200")) as late:
        _, ningbo = late.result(30)
    with register.read() as session:
        assert offices.ensure(session, offices.INDUSTRY, "330200", now=now).id == ningbo
