"""Desks: an application in a round that many tests share, and the people around it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import access, calendars, divisions, forms, offices, people, user_tasks
from service.domain.access import Actor
from service.engine.user_tasks import UserTask
from service.store.database import Database
from tests.domain.world import World

_numbers = itertools.count(0, 4)


class Desk:
    """One application of the round, from a city where no other test goes, and the people around it."""

    def __init__(self, world: World, round_id: str, number: int) -> None:
        self.world = world
        self.database = world.database
        self.engine = world.engine
        self.round_id = round_id
        with self.database.read() as session:
            cities = divisions.at_level(session, "city")[number:]
            self.counties = next(
                codes
                for city in cities
                if len(codes := [c.code for c in divisions.children(session, city.code)]) > 2
            )
            self.county = self.counties[0]
            chain = divisions.chain(session, self.county)
        self.names = {division.code: division.name for division in chain}
        self.city, self.province = chain[1].code, chain[2].code
        self.application_id = world.apply(round_id, self.county)
        self.key = f"application:{self.application_id}"

    def another(self) -> "Desk":
        """An application from another city."""
        return Desk(self.world, self.round_id, next(_numbers) % 320)

    def office(self, code: str) -> str:
        return f"{self.names[code]}工业和信息化主管部门"

    @property
    def today(self) -> str:
        """The moment as messages tell it."""
        return calendars.chinese(self.world.clock.now())

    @contextmanager
    def at(self, division: str, name: str = "") -> Iterator[tuple[Session, Actor]]:
        """A transaction with the division's industry official, or a colleague of that name."""
        with self.database.write() as session:
            if not name:
                yield session, self.world.official(session, offices.INDUSTRY, division)
                return
            person_id = self.appoint(session, division, name)
            yield session, access.actor(session, person_id, self.world.clock.now())

    def appoint(self, session: Session, division: str, name: str) -> str:
        """The id of the industry official of that name, who comes on first use."""
        login, now = f"colleague.{division}.{len(name)}", self.world.clock.now()
        if (known := people.by_login(session, login)) is not None:
            return known.id
        person = people.create(session, login=login, name=name, now=now)
        office = offices.ensure(session, offices.INDUSTRY, division, now=now)
        people.join(session, person.id, people.OFFICIAL, office_id=office.id, now=now)
        return person.id

    def appoint_beforehand(self, division: str, *names: str) -> None:
        """So that what they do at the same time does not wait for their appointments."""
        with self.database.write() as session:
            for name in names:
                self.appoint(session, division, name)

    def task(self, element: str) -> str:
        """The id of the latest user task of an element."""
        with self.database.read() as session:
            query = select(UserTask.id).where(
                UserTask.business_key == self.key, UserTask.element_id == element
            )
            found = session.scalars(query.order_by(UserTask.created_at.desc())).first()
            assert found is not None
            return found

    def contents(self, session: Session, actor: Actor, task: str) -> dict[str, dict[str, Any]]:
        """Content without a fault for every form that the task may write."""
        view = user_tasks.view(session, actor, task)
        return {
            each.key: {k: v for k, v in forms.sample(each.compiled, 1, {}).items() if k != "files"}
            for each in view.forms
            if each.editable
        }

    def submit(self) -> None:
        self.world.do(self.key, "fill_in", "submit")

    def submissions(self, session: Session, form_key: str) -> int:
        return len(forms.submissions(session, self.key, form_key))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def opened_round(request: pytest.FixtureRequest) -> Iterator[tuple[World, str]]:
    """A round that takes applications, shared by the tests of a worker: to set one up takes seconds."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    with request.getfixturevalue(name).fresh() as url:
        database = Database(url)
        world = World(database)
        yield world, world.open_round()
        database.dispose()


@pytest.fixture
def desk(opened_round: tuple[World, str]) -> Desk:
    return Desk(*opened_round, next(_numbers) % 320)
