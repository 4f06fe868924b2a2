"""People: added with a role and an office, and given a new password."""

import re
import sqlite3
from pathlib import Path

from service.auth import passwords
from tests.cli.conftest import ADMIN, Laurel

PASSWORD = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")


def stored(folder: Path, query: str) -> tuple[str, ...]:
    with sqlite3.connect(folder / "laurel.sqlite") as connection:
        (row,) = connection.execute(query).fetchall()
        return tuple(row)


def test_an_official_joins_an_office_that_is_founded_when_needed(data_folder: Path, laurel: Laurel) -> None:
    official = ("--role", "official", "--office", "industry", "--division", "330110")
    result = laurel("user", "add", "shen", "--name", "沈一鸣", *official)
    assert result.exit_code == 0, result.output
    assert "余杭区工业和信息化主管部门" in result.output
    query = (
        "SELECT person.name, office.division_code FROM person JOIN membership ON person_id = person.id"
        " JOIN office ON office.id = office_id WHERE login = 'shen'"
    )
    assert stored(data_folder, query) == ("沈一鸣", "330110")


def test_an_official_needs_an_office_and_an_expert_has_none(laurel: Laurel) -> None:
    assert laurel("user", "add", "shen", "--name", "沈", "--role", "official").exit_code == 2
    expert = ("--role", "expert", "--office", "industry", "--division", "330110")
    assert laurel("user", "add", "shen", "--name", "沈", *expert).exit_code == 2


def test_an_unknown_division_and_a_taken_login_are_refused_in_words(laurel: Laurel) -> None:
    nowhere = ("--role", "official", "--office", "industry", "--division", "999999")
    unknown = laurel("user", "add", "shen", "--name", "沈", *nowhere)
    taken = laurel("user", "add", ADMIN, "--name", "沈", "--role", "auditor")
    assert (unknown.exit_code, taken.exit_code) == (1, 1)
    assert "999999" in unknown.output
    assert f"“{ADMIN}”已有人使用" in taken.output


def test_a_new_password_replaces_the_old_one(data_folder: Path, laurel: Laurel) -> None:
    (before,) = stored(data_folder, f"SELECT password_hash FROM person WHERE login = '{ADMIN}'")
    result = laurel("user", "passwd", ADMIN)
    (after,) = stored(data_folder, f"SELECT password_hash FROM person WHERE login = '{ADMIN}'")
    told = PASSWORD.search(result.output)
    assert result.exit_code == 0, result.output
    assert told is not None
    assert passwords.matches(after, told[0])
    assert not passwords.matches(before, told[0])


def test_nobody_has_a_password_to_replace(laurel: Laurel) -> None:
    result = laurel("user", "passwd", "nobody")
    assert result.exit_code == 1
    assert "没有找到这位人员" in result.output
