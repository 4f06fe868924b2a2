"""Worlds: a database with registers and edition, a clock that stands until it is moved, and people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from service.clock import SHANGHAI, VirtualClock
from service.domain import (
    access,
    calendars,
    committees,
    divisions,
    editions,
    offices,
    organisers,
    people,
    targets,
)
from service.domain.access import Actor
from service.domain.divisions import Division
from service.domain.editions import EditionFolder
from service.domain.procedures import build_services
from service.domain.simulation.hours import OPENS, OfficeHours
from service.engine.engine import ProcessEngine
from service.store.database import Database, migrate

SPARE_SEATS = 8
"""So many more people than the smallest committee has may be asked."""


@dataclass(frozen=True)
class Member:
    """Somebody who may be seated in a committee; `home` is one of the divisions that recusals tell apart."""

    person_id: str
    role: str
    home: str | None


@contextmanager
def throw_away_database() -> Iterator[Database]:
    """A migrated SQLite database that is gone afterwards."""
    with TemporaryDirectory(prefix="laurel-simulation-") as folder:
        url = f"sqlite:///{Path(folder) / 'simulation.sqlite'}"
        migrate(url)
        database = Database(url)
        # What is thrown away need not survive a power cut.
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        try:
            yield database
        finally:
            database.dispose()


class World:
    """What a simulated round takes place in. Everybody is appointed when first needed."""

    def __init__(self, database: Database, folder: EditionFolder) -> None:
        self.database = database
        services = build_services()
        self.start = _start(folder)
        self.clock = VirtualClock(self.start)
        self.engine = ProcessEngine(self.clock, services)
        now = self.clock.now()
        with database.write() as session:
            if session.scalar(select(Division.code).limit(1)) is None:
                divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
            edition = editions.publish(session, folder, editions.known(services), now=now)
            self.edition_id, self.parameters = edition.id, edition.parameters
            self.tracks: list[str] = [track["key"] for track in edition.document["tracks"]]
            self.year = edition.first_year
            self.organiser_code = organisers.of(edition.parameters).division
        self.hours = OfficeHours(self._is_working_day)
        self._people: dict[tuple[str, str], str] = {}
        self._seatable = 0
        """How many people were appointed for committees so far."""

    def official(self, session: Session, kind: str, division: str) -> Actor:
        """An official of the office."""
        if (kind, division) not in self._people:
            now = self.clock.now()
            office = offices.ensure(session, kind, division, now=now)
            login = f"{kind}-{division}".replace("_", "-")
            person = people.create(session, login=login, name=f"{office.name}经办人", now=now)
            people.join(session, person.id, people.OFFICIAL, now=now, office_id=office.id)
            self._people[kind, division] = person.id
        return access.actor(session, self._people[kind, division], self.clock.now())

    def person(self, session: Session, person_id: str) -> Actor:
        """Somebody to whom a user task was given in person."""
        return access.actor(session, person_id, self.clock.now())

    def organiser(self, session: Session) -> Actor:
        """The official of the organiser who sets rounds up."""
        return self.official(session, offices.INDUSTRY, self.organiser_code)

    def committee_pool(self, session: Session, random: Random) -> list[Member]:
        """Who may be seated: about as many experts as officials of the organiser's departments."""
        now = self.clock.now()
        size = int(self.parameters["committee"]["minimum"]) + SPARE_SEATS
        homes = [code for code, _ in committees.homes(session, self.organiser_code)]
        random.shuffle(homes)
        organiser = offices.ensure(session, offices.INDUSTRY, self.organiser_code, now=now)
        pool: list[Member] = []
        for number in range(self._seatable + 1, self._seatable + size + 1):
            is_expert = number % 2 == 1
            name = f"专家{number}" if is_expert else f"部门代表{number}"
            person = people.create(session, login=f"member-{number}", name=name, now=now)
            role = people.EXPERT if is_expert else people.OFFICIAL
            people.join(session, person.id, role, now=now, office_id=None if is_expert else organiser.id)
            home = homes[number % len(homes)] if is_expert else None
            pool.append(Member(person.id, "expert" if is_expert else "bureau", home))
        self._seatable += size
        return pool

    def today(self) -> date:
        return self.clock.now().astimezone(SHANGHAI).date()

    def _is_working_day(self, day: date) -> bool:
        with self.database.read() as session:
            return calendars.is_working_day(session, day)


def _start(folder: EditionFolder) -> datetime:
    """Nine o'clock on the day the document came into force, or on that day of the edition's first year.

    Where rounds are scored by targets, before the first of these are set.
    """
    content: Any = folder.document.content
    if targets.PROCESS in folder.document.processes:
        return datetime.combine(date(folder.document.first_year - 1, 1, 14), OPENS, SHANGHAI)
    in_force = date.fromisoformat(content["document"]["in_force"])
    return datetime.combine(in_force.replace(year=folder.document.first_year), OPENS, SHANGHAI)


def anniversary(moment: datetime) -> datetime:
    """The same hour a year later."""
    local = moment.astimezone(SHANGHAI)
    return datetime.combine(local.date().replace(year=local.year + 1), time(local.hour), SHANGHAI)
