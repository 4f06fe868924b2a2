"""A province: the edition whose counties are scored by targets, and one city's year walked through."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select

from service.clock import SHANGHAI, VirtualClock
from service.domain import divisions, editions, offices, rounds, standings, targets
from service.domain.applications import Application
from service.domain.editions import EditionFolder
from service.domain.procedures import build_services
from service.domain.standings import Standing, StandingStage
from service.engine.engine import ProcessEngine
from service.store.database import Database
from tests.domain.world import REPOSITORY, World
from tests.domain.world import ZHEJIANG as PROVINCE

NAME = "zhejiang_manufacturing/2020"
ZHOUSHAN = "330900"
A, B, C, D = "330902", "330903", "330921", "330922"
"""Its four counties."""
EARLY = datetime(2019, 1, 15, 9, 0, tzinfo=SHANGHAI)
MECHANISM = ("plan", "annual_plan", "policy", "coordination", "pilot")


def folder(**points: Any) -> EditionFolder:
    """The edition as shipped, or with other parameters of its points."""
    read = EditionFolder.read(REPOSITORY, NAME)
    if not points:
        return read
    yaml = YAML()
    content = yaml.load(read.files[read.main].decode())
    content["parameters"]["points"].update(points)
    out = BytesIO()
    yaml.dump(content, out)
    return replace(read, files={**read.files, read.main: out.getvalue()})


class Zhejiang(World):
    """Steps of the province's two processes; every act is a transaction of its own."""

    def __init__(self, database: Database, read: EditionFolder | None = None) -> None:
        self.database = database
        self.clock = VirtualClock(EARLY)
        self.engine = ProcessEngine(self.clock, build_services())
        now = self.clock.now()
        with database.write() as session:
            divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
            known = editions.known(self.engine.services)
            self.edition_id = editions.publish(session, read or folder(), known, now=now).id

    @classmethod
    def again(cls, database: Database) -> "Zhejiang":
        """The world of a database that was set up before."""
        world = cls.__new__(cls)
        world.database, world.clock = database, VirtualClock(EARLY)
        world.engine = ProcessEngine(world.clock, build_services())
        with database.read() as session:
            world.edition_id = editions.latest(session, NAME.partition("/")[0]).id
        return world

    def publish_with(self, **points: Any) -> None:
        """The edition once more, with other parameters of its points; rounds to come run by it."""
        with self.database.write() as session:
            known = editions.known(self.engine.services)
            read = folder(**points)
            self.edition_id = editions.publish(session, read, known, now=self.clock.now()).id

    # The first process: targets.

    def set_up_targets(self, year: int = 2019) -> str:
        """A year whose indicators are to be fixed; its id."""
        with self.database.write() as session:
            actor = self.official(session, offices.INDUSTRY, PROVINCE)
            return targets.create(session, self.engine, actor, edition_id=self.edition_id, year=year).id

    def issue(self, year_id: str, cities: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """The indicators as the sample has them, and these figures for these cities."""
        key = f"targets:{year_id}"
        self.do(key, "fix_indicators", "fix")
        given = {code: dict((cities or {}).get(code, {})) for code in self.cities()}
        self.do(key, "decompose_cities", "issue", given={"city_targets": {"targets": given}})

    def submit_counties(self, year_id: str, city: str, figures: Mapping[str, Mapping[str, str]]) -> str:
        """A city hands its decomposition in; the business key of it."""
        key = f"decomposition:{self.decomposition(year_id, city)}"
        given = {code: dict(figures.get(code, {})) for code in self.counties(city)}
        self.do(key, "decompose_counties", "submit", given={"county_targets": {"targets": given}})
        return key

    def file_targets(
        self, figures: Mapping[str, Mapping[str, str]], city: str = ZHOUSHAN, year: int = 2019
    ) -> str:
        """The whole of a year: these figures for the counties of one city, nothing for the others."""
        year_id = self.set_up_targets(year)
        self.issue(year_id)
        for each in self.cities():
            key = self.submit_counties(year_id, each, figures if each == city else {})
            self.do(key, "file_targets", "file")
            self.settle()
        return year_id

    def cities(self) -> list[str]:
        with self.database.read() as session:
            return [each.code for each in targets.cities(session, PROVINCE)]

    def counties(self, city: str) -> list[str]:
        with self.database.read() as session:
            parameters = editions.get(session, self.edition_id).parameters
            return [each.code for each in targets.counties(session, city, parameters)]

    def decomposition(self, year_id: str, city: str) -> str:
        with self.database.read() as session:
            rows = targets.decompositions(session, year_id)
            return next(each.id for each in rows if each.division_code == city)

    # The second: the round.

    def set_up_round(self, year: int = 2020) -> str:
        with self.database.write() as session:
            actor = self.official(session, offices.INDUSTRY, PROVINCE)
            return rounds.create(
                session, self.engine, actor, edition_id=self.edition_id, year=year, track="main"
            ).id

    def call(self, round_id: str, *, year: int = 2020, winners: Sequence[str] = ()) -> None:
        """The numbers, then the call."""
        key = f"round:{round_id}"
        self.do(key, "record_quota", "record", given={"quota": {"quota": "6", "size": "8"}})
        opening: dict[str, Any] = {
            "assessment_deadline": f"{year}-03-16",
            "deadline": f"{year}-03-27",
            "former_winners": list(winners),
        }
        self.do(key, "open_round", "publish", given={"opening": opening})
        self.settle()

    def of_division(self, round_id: str, code: str) -> Application:
        with self.database.read() as session:
            query = select(Application).where(Application.round_id == round_id)
            return session.scalars(query.where(Application.division_code == code)).one()

    def assess(self, round_id: str, code: str, done: Mapping[str, str], met: int | Mapping[str, int]) -> str:
        """自评 and 市级核定 of one county: what it has done, how many points of 政策机制; its application."""
        application = self.of_division(round_id, code).id
        key = f"application:{application}"
        self.hand_in(key, done, met)
        self.confirm(key, "city_review", done, met)
        return application

    def hand_in(
        self, key: str, done: Mapping[str, str], met: int | Mapping[str, int], element: str = "fill_in"
    ) -> None:
        has = mechanism(met)
        self.do(key, element, "submit", given={"self_assessment": assessed(done, has)})

    def confirm(self, key: str, element: str, done: Mapping[str, str], met: int | Mapping[str, int]) -> None:
        self.do(key, element, "agree", given={element: confirmed(done, mechanism(met))})

    def standings(self, stage: StandingStage, pool: str) -> dict[str, Standing]:
        """By division code."""
        with self.database.read() as session:
            rows = standings.of_pool(session, stage, pool)
            return {session.get_one(Application, each.application_id).division_code: each for each in rows}


def mechanism(met: int | Mapping[str, int]) -> dict[str, int]:
    """Which items a county meets so that they come to so many points."""
    if not isinstance(met, int):
        return dict(met)
    found, left = dict.fromkeys((*MECHANISM, "recognition"), 0), met
    for key, points in (("pilot", 4), ("coordination", 4), ("policy", 4), ("plan", 2), ("annual_plan", 2)):
        if left >= points:
            found[key], left = 1, left - points
    assert left <= 4
    return found | {"recognition": left}


def assessed(done: Mapping[str, str], has: Mapping[str, int]) -> dict[str, Any]:
    return {
        "completion": {key: {"actual": figure, "basis": "台账"} for key, figure in done.items()},
        "mechanism": {
            key: {"has": True, "document": "县政办发〔2019〕12号", "date": "2019-03-20"}
            if has[key]
            else {"has": False}
            for key in MECHANISM
        },
        "recognitions": [
            {"type": "speech", "name": f"第{number}次全省现场会", "date": "2019-06-05"}
            for number in range(1, has["recognition"] + 1)
        ],
    }


def confirmed(done: Mapping[str, str], has: Mapping[str, int]) -> dict[str, Any]:
    return {
        "completion": {key: {"confirmed": figure, "reason": "核对无误"} for key, figure in done.items()},
        "mechanism": {key: {"confirmed": bool(has[key]), "reason": "已查阅文件原件"} for key in MECHANISM},
        "recognitions": str(has["recognition"]),
    }
