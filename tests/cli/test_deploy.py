"""Deploying: a folder becomes an edition, once; a wrong one changes nothing."""

import sqlite3
from pathlib import Path

from tests.cli.conftest import Laurel
from tests.cli.test_lint import EDITION, edition, spoil

__all__ = ["edition"]


def editions(folder: Path) -> list[tuple[str, str, int]]:
    with sqlite3.connect(folder / "laurel.sqlite") as connection:
        return connection.execute("SELECT programme, key, version FROM edition ORDER BY version").fetchall()


def test_the_same_folder_is_deployed_once(data_folder: Path, laurel: Laurel) -> None:
    for _ in range(2):
        result = laurel("deploy", str(EDITION))
        assert result.exit_code == 0, result.output
    assert editions(data_folder) == [("miit_industry", "2018", 1)]


def test_a_changed_folder_is_a_new_version(data_folder: Path, laurel: Laurel, edition: Path) -> None:
    assert laurel("deploy", str(EDITION)).exit_code == 0
    spoil(edition / "edition.yaml", "minimum: 10", "minimum: 11")
    result = laurel("deploy", str(edition))
    assert result.exit_code == 0, result.output
    assert editions(data_folder) == [("miit_industry", "2018", 1), ("miit_industry", "2018", 2)]


def test_of_a_wrong_folder_nothing_is_deployed(data_folder: Path, laurel: Laurel, edition: Path) -> None:
    spoil(edition.parents[1] / "shared/application.bpmn", 'id="applications.ready"', 'id="applications.redy"')
    result = laurel("deploy", str(edition))
    assert result.exit_code == 1
    assert "mark_ready" in result.output
    assert editions(data_folder) == []
