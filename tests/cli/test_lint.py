"""Linting: every finding with its file, element and mend; the exit status says whether there is an error."""

import shutil
from pathlib import Path

import pytest

from service.cli.editions import ROOT, shipped
from tests.cli.conftest import call

EDITION = ROOT / "processes/miit_industry/2018"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the shipped edition in a project of its own."""
    shutil.copytree(ROOT / "processes", tmp_path / "processes")
    shutil.copytree(ROOT / "forms", tmp_path / "forms")
    return tmp_path / "processes/miit_industry/2018"


def spoil(file: Path, right: str, wrong: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")


def test_the_shipped_files_and_folders_hold(tmp_path: Path) -> None:
    for folder in shipped():  # Editions have processes of the same names.
        result = call(tmp_path, "lint", *map(str, folder.glob("*.*mn")))
        assert result.exit_code == 0, result.output
    together = [*ROOT.glob("processes/shared/*.bpmn"), *ROOT.glob("forms/**/*.yaml"), *shipped()]
    result = call(tmp_path, "lint", *map(str, together))
    assert result.exit_code == 0, result.output


def test_every_fault_of_every_file_is_told_at_once(edition: Path, tmp_path: Path) -> None:
    application = edition.parents[1] / "shared/application.bpmn"
    spoil(application, 'id="applications.ready"', 'id="applications.redy"')
    round_ = edition.parents[1] / "shared/round.bpmn"
    spoil(round_, 'value="shortlists.decide"', 'value="shortlists.decid"')
    form = tmp_path / "forms/miit_industry/2018/quota.yaml"
    spoil(form, "kind: integer", "kind: interger")
    result = call(tmp_path, "lint", *map(str, (application, round_, form)))
    assert result.exit_code == 1
    for told in ("application.bpmn mark_ready", "applications.redy", "round.bpmn decide_list", "quota.yaml"):
        assert told in result.output
    assert "共 3 处错误" in result.output


def test_what_is_wrong_between_files_is_found_in_the_folder(edition: Path, tmp_path: Path) -> None:
    round_ = edition.parents[1] / "shared/round.bpmn"
    spoil(round_, 'camunda:formKey="quota"', 'camunda:formKey="quotas"')
    alone = call(tmp_path, "lint", str(round_))
    together = call(tmp_path, "lint", str(edition))
    assert alone.exit_code == 0, alone.output
    assert together.exit_code == 1
    assert "quotas" in together.output


def test_a_file_that_is_no_xml_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "broken.bpmn"
    file.write_text("<definitions>")
    result = call(tmp_path, "lint", str(file))
    assert result.exit_code == 1
    assert "broken.bpmn" in result.output


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "letter.docx"
    file.write_bytes(b"PK")
    result = call(tmp_path, "lint", str(file))
    assert result.exit_code == 2
    assert "letter.docx" in result.output
