"""Editions out again: listed, and exported as they were published."""

from pathlib import Path

from service.domain.editions import EditionFolder
from tests.cli.conftest import Laurel
from tests.cli.test_lint import EDITION, edition, spoil

__all__ = ["edition"]


def test_a_deployed_edition_is_exported_byte_for_byte(laurel: Laurel, tmp_path: Path) -> None:
    assert laurel("deploy", str(EDITION)).exit_code == 0
    result = laurel("edition", "export", "miit_industry/2018", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    exported = EditionFolder.read(tmp_path / "out", "miit_industry/2018")
    assert exported.digest == EditionFolder.read(EDITION.parents[2], "miit_industry/2018").digest
    assert "miit_industry/2018" in laurel("edition", "list").output


def test_an_older_version_is_exported_by_its_number(laurel: Laurel, edition: Path, tmp_path: Path) -> None:
    assert laurel("deploy", str(EDITION)).exit_code == 0
    spoil(edition / "edition.yaml", "minimum: 10", "minimum: 11")
    assert laurel("deploy", str(edition)).exit_code == 0
    for version, minimum in (("1", "minimum: 10"), ("2", "minimum: 11")):
        folder = tmp_path / version
        assert (
            laurel("edition", "export", "miit_industry/2018", str(folder), "--version", version).exit_code
            == 0
        )
        assert minimum in (folder / "processes/miit_industry/2018/edition.yaml").read_text(encoding="utf-8")
    missing = laurel("edition", "export", "miit_industry/2018", str(tmp_path / "3"), "--version", "3")
    assert (missing.exit_code, "第 3 版" in missing.output) == (1, True)


def test_what_is_there_is_not_written_over(laurel: Laurel, tmp_path: Path) -> None:
    assert laurel("deploy", str(EDITION)).exit_code == 0
    mine = tmp_path / "processes/miit_industry/2018/eligibility.dmn"
    mine.parent.mkdir(parents=True)
    mine.write_text("my own work")
    result = laurel("edition", "export", "miit_industry/2018", str(tmp_path))
    assert result.exit_code == 1
    assert "没有写出任何文件" in result.output
    assert mine.read_text() == "my own work"
    assert [path.name for path in mine.parent.iterdir()] == ["eligibility.dmn"]


def test_a_name_that_names_no_edition_is_told(laurel: Laurel, tmp_path: Path) -> None:
    assert laurel("edition", "export", "miit_industry", str(tmp_path)).exit_code == 2
    unknown = laurel("edition", "export", "miit_industry/1999", str(tmp_path))
    assert (unknown.exit_code, "miit_industry/1999" in unknown.output) == (1, True)


def test_two_editions_are_compared(laurel: Laurel, edition: Path) -> None:
    spoil(edition / "edition.yaml", "minimum: 9\n", "minimum: 17\n")
    result = laurel("edition", "diff", "miit_industry/2018", str(edition))
    assert result.exit_code == 0, result.output
    assert "参数：1 处不同。\n  修改 committee.minimum\n    - 9\n    + 17\n" in result.output
    assert "条文：相同。" in result.output
