"""A round is reproducible: the same inputs give the same list and the same hash, whatever carries it out."""

import json
import os
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from tests.conftest import REPOSITORY
from tests.databases import SqliteDatabases
from tests.simulation.small import carry_out


class Small(NamedTuple):
    """As few applications as come as far as a list or an approval."""

    applications: int
    seed: int
    records: set[str]
    """Tables that tell what this edition decides by; the hash has to cover them."""
    other_seed: bool = False
    """Whether another seed is tried too: where a run is cheap, for all are hashed alike."""


LISTED = {"round", "application", "form_submission", "recommendation_choice", "award"}
SCORED = LISTED | {"committee_member", "score_sheet", "candidate", "notice"}
EDITIONS = {
    "miit_industry/2018": Small(9, 3, SCORED | {"eligibility_finding"}, other_seed=True),
    "miit_industry/2022": Small(2, 1, SCORED | {"eligibility_finding"}),
    "shandong_industry/2023": Small(2, 1, SCORED),
    "pilot_city/2016": Small(
        4, 3, {"evaluation", "cycle", "cycle_target", "cycle_result", "award"}, other_seed=True
    ),
    # All counties of Zhejiang take part, however many are asked for.
    "zhejiang_manufacturing/2020": Small(1, 3, LISTED | {"target", "decomposition", "standing", "proposal"}),
}


def elsewhere(url: str, edition: str, count: int, seed: int) -> dict[str, Any]:
    """In a Python of its own, which orders its sets in another way."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.simulation.small", url, edition, str(count), str(seed)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONHASHSEED": "20180207"},
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_same_inputs_give_the_same_hash_on_either_database_and_another_seed_another(
    sqlite_databases: SqliteDatabases, postgresql_url: str, edition: str
) -> None:
    count, seed, tables, other_seed = EDITIONS[edition]
    with sqlite_databases.fresh() as url:
        told = carry_out(url, edition, count, seed)
    assert told["records"].keys() >= tables

    again = elsewhere(postgresql_url, edition, count, seed)
    differing = [table for table, digest in told["records"].items() if again["records"].get(table) != digest]
    assert differing == [], "these are the tables to look into"
    assert again["rounds"] == told["rounds"]
    assert again["digest"] == told["digest"]

    if not other_seed:
        return
    with sqlite_databases.fresh() as url:
        other = carry_out(url, edition, count, seed + 1)
    # The seed itself is part of what is hashed: that it differs would prove nothing.
    assert other["rounds"] != told["rounds"]
    assert other["records"] != told["records"]
    assert other["digest"] != told["digest"]
