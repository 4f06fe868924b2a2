"""The registers from the command line: holidays and divisions, checked, told and loaded as a whole."""

import sqlite3
from pathlib import Path

import pytest

from service.domain import divisions
from tests.cli.conftest import Laurel
from tests.domain.test_calendars import HEADER, YEAR_2027


@pytest.fixture
def year(tmp_path: Path) -> Path:
    file = tmp_path / "2027.csv"
    file.write_text(YEAR_2027, encoding="utf-8")
    return file


def stored(folder: Path, query: str) -> int:
    with sqlite3.connect(folder / "laurel.sqlite") as connection:
        return int(connection.execute(query).fetchone()[0])


HOLIDAYS = "SELECT count(*) FROM holiday"


def test_a_year_is_checked_and_then_loaded(data_folder: Path, laurel: Laurel, year: Path) -> None:
    checked = laurel("holidays", "load", "--check", str(year))
    assert checked.exit_code == 0, checked.output
    assert "2027 年的变动（9 天）" in checked.output
    assert stored(data_folder, HOLIDAYS) == 0
    loaded = laurel("holidays", "load", str(year))
    assert "已载入 2027 年的放假安排" in loaded.output
    assert stored(data_folder, HOLIDAYS) == 9
    assert "没有哪一天会因此改变" in laurel("holidays", "load", str(year)).output
    assert "2027" in laurel("holidays", "list").output


def test_a_faulty_year_is_refused_as_a_whole(data_folder: Path, laurel: Laurel, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(HEADER + "2027-01-01,no,元旦\n2027-02-30,no,春节\n", encoding="utf-8")
    result = laurel("holidays", "load", str(file))
    assert result.exit_code == 1
    assert "第3行 日期“2027-02-30”应写作" in result.output
    assert "全表 2027 年的安排不全" in result.output
    assert stored(data_folder, HOLIDAYS) == 0


def test_a_new_table_of_divisions_retires_what_it_lacks(
    data_folder: Path, laurel: Laurel, tmp_path: Path
) -> None:
    lines = divisions.SHIPPED.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "divisions.csv"
    kept = [line for line in lines if not line.startswith("330110,")]
    file.write_text("\n".join([*kept, "330199,新设区,county,330100,east,"]), encoding="utf-8")
    active = "SELECT count(*) FROM division WHERE active"
    before = stored(data_folder, active)
    checked = laurel("divisions", "load", "--check", str(file))
    assert "新增 1 个，修改 0 个，停用 1 个" in checked.output
    assert stored(data_folder, "SELECT count(*) FROM division WHERE code = '330199'") == 0
    assert "已载入行政区划表" in laurel("divisions", "load", str(file)).output
    assert stored(data_folder, active) == before
    assert stored(data_folder, "SELECT active FROM division WHERE code = '330110'") == 0
    file.write_text("code,name\n", encoding="utf-8")
    assert "第1行 表头应为" in laurel("divisions", "load", str(file)).output
