"""Setting up: the folder and its file, the first administrator, the demo; and a second time."""

import os
import re
import sqlite3
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from service.auth import passwords
from service.cli import demos
from service.cli.editions import folder_of, shipped, split
from service.config import DATA_FOLDER
from service.domain import organisers
from service.domain.demos import OTHER_EDITIONS
from service.domain.divisions import NATION
from service.domain.editions import EditionFolder
from tests.cli.conftest import ADMIN, Laurel, call


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "laurel.sqlite") as connection:
        return connection.execute(query).fetchall()


def laurel_process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, as a person or make calls it."""
    laurel = Path(sys.executable).parent / "laurel"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LAUREL")}
    return subprocess.run(
        [laurel, *arguments],
        env={**environ, DATA_FOLDER: str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_production_folder_is_closed_to_others_and_has_a_secret_of_its_own(prepared_folder: Path) -> None:
    file = prepared_folder / "laurel.toml"
    settings = tomllib.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(prepared_folder.stat().st_mode) == 0o700
    assert len(settings["secret_key"]) >= 48
    assert settings["demo"] is False


def test_a_production_database_has_divisions_one_administrator_and_no_demo(prepared_folder: Path) -> None:
    assert rows(prepared_folder, "SELECT login FROM person") == [(ADMIN,)]
    assert rows(prepared_folder, "SELECT role FROM membership") == [("admin",)]
    assert rows(prepared_folder, "SELECT name FROM division WHERE code = '330110'") == [("余杭区",)]
    assert rows(prepared_folder, "SELECT count(*) FROM round") == [(0,)]


def test_the_generated_password_is_told_once_and_signs_in(tmp_path: Path) -> None:
    first = call(tmp_path / "laurel", "init", "--admin", "boss")
    told = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", first.output)
    (stored,) = rows(tmp_path / "laurel", "SELECT password_hash FROM person WHERE login = 'boss'")
    assert len(told) == 1
    assert passwords.matches(str(stored[0]), told[0])


def test_a_second_time_keeps_settings_and_people(data_folder: Path, laurel: Laurel) -> None:
    before = (data_folder / "laurel.toml").read_text()
    again = laurel("init", "--admin", "another")
    assert again.exit_code == 0, again.output
    assert "已有管理员" in again.output
    assert rows(data_folder, "SELECT login FROM person") == [(ADMIN,)]
    assert (data_folder / "laurel.toml").read_text() == before


def test_what_an_administrator_changed_in_the_divisions_stays(data_folder: Path, laurel: Laurel) -> None:
    with sqlite3.connect(data_folder / "laurel.sqlite") as connection:
        connection.execute("UPDATE division SET name = '新余杭区' WHERE code = '330110'")
    assert laurel("init").exit_code == 0
    assert rows(data_folder, "SELECT name FROM division WHERE code = '330110'") == [("新余杭区",)]


def test_without_a_terminal_and_an_administrator_nothing_is_written(tmp_path: Path) -> None:
    result = call(tmp_path / "laurel", "init")
    assert result.exit_code == 2
    assert "--admin" in result.output
    assert not (tmp_path / "laurel").exists()


def test_options_become_settings_of_a_new_folder_only(tmp_path: Path, laurel: Laurel) -> None:
    new = call(
        tmp_path / "new", "init", "--admin", "boss", "--port", "8123", "--base-url", "https://x.gov.cn"
    )
    settings = tomllib.loads((tmp_path / "new" / "laurel.toml").read_text())
    assert new.exit_code == 0, new.output
    assert (settings["port"], settings["base_url"]) == (8123, "https://x.gov.cn")
    assert laurel("init", "--port", "8123").exit_code == 2


def test_a_production_folder_does_not_become_a_demo(laurel: Laurel) -> None:
    result = laurel("init", "--demo")
    assert result.exit_code == 2
    assert "正式环境" in result.output


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "laurel"
    result = laurel_process(folder, "init", "--demo")
    assert result.returncode == 0, result.stderr
    return folder


def test_the_demo_has_an_account_for_every_office_of_one_chain(demo_folder: Path) -> None:
    query = "SELECT kind, division_code FROM membership JOIN office ON office.id = membership.office_id"
    offices = set(rows(demo_folder, query))
    chain = {("industry", code) for code in ("330110", "330100", "330000", "000000")}
    assert chain | {("government", "330000"), ("state_council", "000000")} <= offices
    committee = [each for each in demos.ACCOUNTS if "评审委员" in each.duty]
    assert len([each for each in committee if "2022年" not in each.duty]) == 9
    assert len(committee) == 17, "as many as the 2022 edition asks for"
    assert {("statistics", "330100"), ("telecom", "330000")} <= offices
    assert {"admin", "auditor"} <= {each.role for each in demos.ACCOUNTS}


def level(code: str) -> str:
    """By the zeros at its end: 330110 is a county."""
    if code == NATION:
        return "nation"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


@pytest.mark.parametrize("folder", shipped(), ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_demo_has_somebody_for_every_lane_of_every_edition(folder: Path) -> None:
    document = EditionFolder.read(*split(folder)).document
    applicants = document.parameters["applicants"]["levels"]
    if isinstance(applicants, dict):  # By the track.
        applicants = {each for levels in applicants.values() for each in levels}
    organiser = organisers.of(document.parameters).division
    within = organiser.rstrip("0") if organiser != NATION else ""
    present = {
        (kind, level(code))
        for account in demos.ACCOUNTS
        for kind, code in account.offices()
        if code.startswith(within)
    }
    for name, lane in document.lanes.items():
        if not lane:
            continue
        levels = applicants if lane["level"] == "applicant" else [lane["level"]]
        assert {(lane["office"], each) for each in levels} & present, name


def test_the_demo_has_somebody_for_every_city_that_decomposes_targets(demo_folder: Path) -> None:
    cities = rows(demo_folder, "SELECT code FROM division WHERE parent_code = '330000' AND level = 'city'")
    query = (
        "SELECT division_code FROM membership JOIN office ON office.id = office_id WHERE kind = 'industry'"
    )
    assert len(cities) == 11
    assert set(cities) <= set(rows(demo_folder, query))


@pytest.mark.parametrize(
    ("province", "name"), [("山东", "shandong_industry/2023"), ("浙江", "zhejiang_manufacturing/2020")]
)
def test_the_other_editions_are_tried_in_the_first_year_of_each(province: str, name: str) -> None:
    first = EditionFolder.read(*split(folder_of(name))).document.first_year
    assert f"{province} {first} 年度" in OTHER_EDITIONS


def test_every_demo_account_signs_in_with_the_password_that_is_printed(demo_folder: Path) -> None:
    stored = {
        str(login): str(hash) for login, hash in rows(demo_folder, "SELECT login, password_hash FROM person")
    }
    assert set(stored) == {each.login for each in demos.ACCOUNTS}
    assert all(passwords.matches(hash, demos.PASSWORD) for hash in stored.values())


def test_the_demo_county_can_begin_at_once(demo_folder: Path) -> None:
    rounds = rows(demo_folder, "SELECT stage, year, track FROM round ORDER BY year, track")
    assert rounds == [("collecting", 2018, "main"), ("collecting", 2022, "a"), ("collecting", 2022, "b")]
    assert rows(demo_folder, "SELECT count(*) FROM recommendation") == [(3 * 32,)]


def test_the_demo_set_up_again_changes_nothing(demo_folder: Path) -> None:
    def everything() -> list[str]:
        with sqlite3.connect(demo_folder / "laurel.sqlite") as connection:
            return list(connection.iterdump())

    before = everything()
    again = laurel_process(demo_folder, "init", "--demo")
    assert again.returncode == 0, again.stderr
    assert everything() == before
