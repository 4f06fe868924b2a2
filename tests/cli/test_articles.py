"""`laurel articles`: every article with what carries it out; the exit status says if one is left over."""

import json
import shutil
from pathlib import Path

import pytest

from service.cli.editions import ROOT
from tests.cli.conftest import Laurel, call

NAME = "miit_industry/2018"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of a shipped edition in a project of its own."""
    shutil.copytree(ROOT / "processes", tmp_path / "processes")
    shutil.copytree(ROOT / "forms", tmp_path / "forms")
    return tmp_path / "processes" / NAME


def test_every_article_is_printed_with_what_carries_it_out_or_why_nothing_can(tmp_path: Path) -> None:
    result = call(tmp_path, "articles", "--edition", NAME)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == NAME
    assert next(line for line in lines if line.startswith("第1条　")).startswith(
        "第1条　不能执行　根据《国务院办公厅"
    )
    assert "  不能执行：制定依据，没有可以执行的行为。" in lines
    quota = lines.index(next(line for line in lines if line.startswith("第5条　执行　")))
    below = "\n".join(lines[quota + 1 : quota + 12])
    for told in (
        "确定年度遴选数量（record_quota）",
        "参数：quota（minimum: 10，maximum: 15）",
        "规则：名额是范围之内",
    ):
        assert told in below
    assert lines[-1] == f"{NAME}：每一条都有交代。"


def test_all_shipped_editions_are_accounted_for(tmp_path: Path) -> None:
    result = call(tmp_path, "articles", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert {each["edition"] for each in found} == {
        f"{file.parent.parent.name}/{file.parent.name}" for file in ROOT.glob("processes/*/*/edition.yaml")
    }
    assert all(each["findings"] == [] for each in found)
    articles = {
        article["number"]: article
        for each in found
        if each["edition"] == NAME
        for article in each["articles"]
    }
    assert articles["1"]["standing"] == "not_executable"
    assert articles["6(2)"]["title"] == "第6条（2）"
    marks = {(mark["kind"], mark["key"]) for mark in articles["5"]["marks"]}
    assert {("parameter", "quota"), ("element", "record_quota"), ("form", "quota")} <= marks


def test_an_article_that_is_left_over_is_told_with_exit_status_1(edition: Path, tmp_path: Path) -> None:
    file = edition / "edition.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('  in_force_article: "15"\n', ""), encoding="utf-8")
    result = call(tmp_path, "articles", "--edition", str(edition))
    assert result.exit_code == 1
    assert "第15条没有环节、参数或表单执行，也没有说明原因。" in result.output
    assert f"{NAME}：1 处问题。" in result.output


def test_an_edition_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    result = call(tmp_path, "articles", "--edition", "miit_industry/1999")
    assert result.exit_code == 1
    assert "miit_industry/1999" in result.output


def test_what_is_deployed_is_read_from_the_database(laurel: Laurel) -> None:
    laurel("deploy", str(ROOT / "processes" / NAME))
    result = laurel("articles", "--deployed", "--edition", NAME, "--json")
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.output)
    assert (found["edition"], found["findings"]) == (NAME, [])
