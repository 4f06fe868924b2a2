"""Sites for the tests of pages, empty and in the middle of a round."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.databases import SqliteDatabases
from tests.web.chain import Chain
from tests.web.site import Site


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """A site on each kind of database."""
    site = Site(database_url, tmp_path)
    site.set_up()
    yield site
    site.database.dispose()


@pytest.fixture
def sqlite_site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    """A site where the kind of database makes no difference."""
    site = Site(sqlite_url, tmp_path)
    site.set_up()
    yield site
    site.database.dispose()


class Stages:
    """A round that has come as far as the application, and as far as the public notice; played once."""

    def __init__(self, databases: SqliteDatabases, folder: Path) -> None:
        self.folder = folder
        with databases.fresh() as url:
            site = Site(url, folder)
            site.set_up()
            chain = Chain(site)
            chain.set_up()
            chain.open_round()
            chain.apply()
            self._keep(chain, "begun")
            chain.recommend()
            chain.seat()
            self._keep(chain, "seated")
            chain.hand_in_scores()
            self._keep(chain, "scored")
            chain.publish()
            self._keep(chain, "noticed")
            site.database.dispose()

    def _keep(self, chain: Chain, stage: str) -> None:
        with sqlite3.connect(chain.site.database.engine.url.database or "") as connection:
            connection.execute("VACUUM INTO ?", [str(self.folder / f"{stage}.sqlite")])
        connection.close()
        known = {
            "now": chain.site.clock.now().isoformat(),
            "people": chain.site.people,
            "edition_id": chain.edition_id,
            "round_id": chain.round_id,
            "application_id": chain.application_id,
        }
        (self.folder / f"{stage}.json").write_text(json.dumps(known))

    def copy(self, stage: str, folder: Path) -> Chain:
        """A site of one's own at that stage."""
        path = folder / "site.sqlite"
        path.write_bytes((self.folder / f"{stage}.sqlite").read_bytes())
        known = json.loads((self.folder / f"{stage}.json").read_text())
        site = Site(f"sqlite:///{path}", folder, now=datetime.fromisoformat(known["now"]))
        site.people = known["people"]
        chain = Chain(site)
        chain.edition_id = known["edition_id"]
        chain.round_id = known["round_id"]
        chain.application_id = known["application_id"]
        return chain


@pytest.fixture(scope="session")
def stages(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(sqlite_databases, tmp_path_factory.mktemp("stages"))


@pytest.fixture
def at(stages: Stages, tmp_path: Path) -> Iterator[Callable[[str], Chain]]:
    """`at("begun")`, `at("scored")`, `at("noticed")`: a round that has come that far."""
    chains: list[Chain] = []

    def copy(stage: str) -> Chain:
        chains.append(stages.copy(stage, tmp_path))
        return chains[-1]

    yield copy
    for chain in chains:
        chain.site.database.dispose()
