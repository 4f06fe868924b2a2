"""Simulating from the command line: what it prints, what it refuses, and its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.domain import simulation
from service.store.database import Database
from tests.cli.conftest import call

EDITION = "miit_industry/2018"


def simulate(folder: Path, *arguments: str) -> Any:
    return call(folder, "simulate", EDITION, *arguments)


def test_a_simulation_tells_its_outcome_as_json_and_touches_no_data_folder(tmp_path: Path) -> None:
    result = simulate(tmp_path / "data", "--applications", "2", "--seed", "4", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    (first, *_) = told["rounds"]
    assert (told["edition"], told["seed"], told["count"], told["holds"]) == (EDITION, 4, 2, True)
    assert len(first["results"]) == 2
    assert all(each["reason"] for each in first["results"])
    assert {each["key"] for each in told["checks"]} >= {"quota", "committee", "notices", "awards", "history"}
    assert len(told["digest"]) == 64
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("count", ["0", "-1", "3185"])
def test_more_applications_than_divisions_that_may_apply_are_refused(tmp_path: Path, count: str) -> None:
    result = simulate(tmp_path, "--applications", count)
    assert result.exit_code == 1
    assert "1 至 3184 个申报" in result.output


def test_an_edition_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = call(tmp_path, "simulate", "miit_industry/1999")
    assert result.exit_code == 1
    assert "miit_industry/1999" in result.output


def test_a_broken_invariant_is_printed_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = simulation.run

    def run_and_tamper(database: Database, *arguments: Any, **options: Any) -> simulation.Run:
        done = run(database, *arguments, **options)
        with database.write() as session:
            session.execute(text("UPDATE round SET quota = 16 WHERE quota IS NOT NULL"))
        return done

    monkeypatch.setattr(simulation, "run", run_and_tamper)
    result = simulate(tmp_path, "--applications", "1", "--seed", "5")
    assert result.exit_code == 1
    assert "✗ 名额在规定范围内" in result.output
    assert "名额 16 不在 10 至 15 之间" in result.output
