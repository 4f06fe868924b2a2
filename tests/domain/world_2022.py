"""The small ministry with the 2022 edition: two tracks, statistics and communications at work."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.clock import SHANGHAI
from service.domain import rounds
from service.engine.user_tasks import UserTask
from service.store.database import Database
from tests.databases import SqliteDatabases
from tests.domain.world import MINISTRY, World, copied, template_of

START = datetime(2022, 1, 5, 9, 0, tzinfo=SHANGHAI)
DEADLINE = "2022-02-14"


class World2022(World):
    """Everything that a test of one track of the 2022 edition needs."""

    edition = "miit_industry/2022"

    def __init__(self, database: Database, start: datetime = START) -> None:
        super().__init__(database, start)

    def open_track(self, track: str, deadline: str = DEADLINE) -> str:
        """A round of this track that takes applications; its id."""
        with self.database.write() as session:
            ministry = self.official(session, *MINISTRY)
            round_id = rounds.create(
                session, self.engine, ministry, edition_id=self.edition_id, year=2022, track=track
            ).id
        self.do(f"round:{round_id}", "open_round", "publish", given={"opening": {"deadline": deadline}})
        return round_id

    def bring_up(self, round_id: str, division: str) -> str:
        """An application that its recommending unit may compare; its id."""
        application = self.submitted(round_id, division)
        self.do(f"application:{application}", "province_review", "agree")
        self.settle()
        return application

    def submitted(self, round_id: str, division: str) -> str:
        """An application that lies before the recommending unit; its id."""
        application = self.apply(round_id, division)
        key = f"application:{application}"
        self.do(key, "fill_in", "submit")
        self.do(key, "statistics_check", "agree")
        return application

    def recommend(self, round_id: str, province: str) -> None:
        """All that is ready there goes to the ministry; in track B by the communications administration."""
        key = f"recommendation:{self.recommendation(round_id, province).id}"
        self.do(key, "compare", "submit", given=self.verdicts(key))
        if "joint_consent" in self.open_tasks(key):
            self.do(key, "joint_consent", "agree")
        self.do(key, "letter", "submit")
        self.do(key, "government_consent", "agree")
        self.do(key, "submit_recommendation", "submit", given=self.all_there)
        self.settle()

    def consented(self, business_key: str) -> bool:
        """Whether the communications administration took part in the recommendation."""
        with self.database.read() as session:
            query = select(UserTask.element_id).where(UserTask.business_key == business_key)
            return "joint_consent" in session.scalars(query).all()

    def seats(self) -> list[dict[str, Any]]:
        """Nine experts and eight of the ministry's departments, the first of which is in the chair."""
        with self.database.write() as session:
            return [
                {
                    "person": self.member(session, kind, number),
                    "role": kind,
                    "recused": [],
                    "chair": (kind, number) == ("bureau", 1),
                }
                for kind, count in (("expert", 9), ("bureau", 8))
                for number in range(1, count + 1)
            ]

    def review_track(
        self,
        round_id: str,
        scores: Mapping[str, str],
        *,
        bonus: str = "1",
        praised: Sequence[str] = (),
        closed: str = "2022-02-15",
    ) -> None:
        """From the end of the collection to the ranking."""
        self.form_committee(round_id, self.seats(), deadline=closed)
        rows = {
            each: {"praised": True, "basis": "国务院办公厅通报"} if each in praised else {"praised": False}
            for each in scores
        }
        quota = {"quota": "10", "bonus": bonus, "praised": rows}
        self.do(f"round:{round_id}", "record_quota", "record", given={"quota": quota})
        self.score(round_id, scores)


@pytest.fixture(scope="session")
def world_2022_template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set up once a worker."""
    return template_of(World2022, sqlite_databases, tmp_path_factory.mktemp("world-2022"))


@pytest.fixture
def world_2022(world_2022_template: Path, tmp_path: Path) -> Iterator[World2022]:
    """A world of one's own, for the tests to which the kind of database makes no difference."""
    with copied(World2022, world_2022_template, tmp_path) as world:
        yield world


@pytest.fixture
def either_world_2022(database: Database) -> World2022:
    """A world on each kind of database."""
    return World2022(database)
