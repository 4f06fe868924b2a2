"""A database that does not belong to the programs: no command touches it, and each says what to do."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config

from service.store import revisions
from service.store.database import Database
from tests.cli.conftest import Laurel, call


def set_revision(folder: Path, revision: str) -> None:
    with sqlite3.connect(folder / "laurel.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("verify",), ("holidays", "list")])
def test_an_older_schema_is_refused_with_the_way_to_update_it(
    data_folder: Path, laurel: Laurel, command: tuple[str, ...]
) -> None:
    set_revision(data_folder, "0001")
    result = laurel(*command)
    assert result.exit_code == 1
    assert f"旧版本的（0001，程序需要 {revisions.newest()}）" in result.output
    assert "laurel init" in result.output


def test_a_newer_schema_and_an_empty_database_are_told_apart(data_folder: Path, laurel: Laurel) -> None:
    set_revision(data_folder, "9999")
    assert "（9999）比这个程序新" in laurel("worker").output
    (data_folder / "laurel.sqlite").unlink()
    assert "数据库里还没有表。请先运行 laurel init。" in laurel("worker").output


def test_init_brings_an_older_database_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "laurel"
    folder.mkdir()
    database = Database(f"sqlite:///{folder}/laurel.sqlite")
    configuration = Config()
    configuration.set_main_option("script_location", str(revisions.SCRIPTS))
    with database.engine.begin() as connection:
        configuration.attributes["connection"] = connection
        alembic.upgrade(configuration, "0001")
    assert revisions.current(database) == "0001"
    assert call(folder, "init", "--admin", "chief").exit_code == 0
    assert revisions.current(database) == revisions.newest()
    assert call(folder, "verify").exit_code == 0
    database.dispose()
