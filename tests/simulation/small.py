"""A small simulation, and the command that carries it out in a Python of its own and prints the outcome."""

import json
import sys
from dataclasses import asdict, replace
from typing import Any

import pytest

from service.cli.editions import ROOT
from service.domain import simulation
from service.domain.editions import EditionFolder
from service.domain.simulation import policies
from service.store.database import Database

WITH_SECOND_YEAR = {"miit_industry/2018"}
"""Elsewhere the second year costs as much again, and follows from the first."""


def carry_out(url: str, edition: str, count: int, seed: int) -> dict[str, Any]:
    """The outcome; every invariant must hold."""
    policy = policies.load(edition)
    if edition not in WITH_SECOND_YEAR:
        policy = replace(policy, next_round=False)
    database = Database(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policies, "load", lambda name: policy)
        run = simulation.run(database, EditionFolder.read(ROOT, edition), count=count, seed=seed)
    with database.read() as session:
        assert [check for check in simulation.check(session, run) if check.broken] == []
        outcome = simulation.tell(session, run)
    database.dispose()
    return asdict(outcome)


if __name__ == "__main__":
    url, edition, count, seed = sys.argv[1:]
    json.dump(carry_out(url, edition, int(count), int(seed)), sys.stdout)
