"""One finished simulation a test run, and copies of its database to tamper with."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from service.cli.editions import ROOT
from service.domain import simulation
from service.domain.editions import EditionFolder
from service.domain.simulation import Check, Outcome, Run
from service.store.database import Database
from tests.databases import SqliteDatabases
from tests.simulation.browsing import Halfway, copy

EDITION = "miit_industry/2018"
COUNT, SEED = 18, 15
"""Enough for returns, refusals, a supplement, objections of several kinds, a fraud and the year after."""


@pytest.fixture(scope="session")
def folder() -> EditionFolder:
    return EditionFolder.read(ROOT, EDITION)


class Finished(NamedTuple):
    """A run and the file that it left behind."""

    run: Run
    path: Path
    halfway: Halfway

    def outcome(self) -> Outcome:
        database = Database(f"sqlite:///{self.path}")
        with database.read() as session:
            outcome = simulation.tell(session, self.run)
        database.dispose()
        return outcome


@pytest.fixture(scope="session")
def finished(
    folder: EditionFolder, sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Finished:
    path = tmp_path_factory.mktemp("simulation") / "finished.sqlite"
    with sqlite_databases.fresh() as url:
        database = Database(url)
        halfway = Halfway(url, path.parent)
        run = simulation.run(database, folder, count=COUNT, seed=SEED, progress=halfway)
        database.dispose()
        copy(url, path)
    return Finished(run, path, halfway)


@pytest.fixture
def checks_after(finished: Finished, tmp_path: Path) -> Iterator[Callable[..., dict[str, Check]]]:
    """`checks_after("UPDATE …")`: the checks by key, on a copy in which these statements were run."""
    path = tmp_path / "tampered.sqlite"
    shutil.copyfile(finished.path, path)
    database = Database(f"sqlite:///{path}")

    def checks(*statements: str) -> dict[str, Check]:
        with database.write() as session:
            for statement in statements:
                assert session.connection().exec_driver_sql(statement).rowcount, "it must change something"
        with database.read() as session:
            return {check.key: check for check in simulation.check(session, finished.run)}

    yield checks
    database.dispose()
