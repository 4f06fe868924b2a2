"""Both tracks of the 2022 edition with applicants of every province, from the call to the award."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from service.cli.editions import ROOT
from service.clock import SHANGHAI
from service.domain import applications, divisions, shortlists, simulation, waivers
from service.domain.applications import Application
from service.domain.editions import EditionFolder
from service.domain.overrides import Override
from service.domain.rounds import Outcome, Round
from service.domain.shortlists import CandidateState
from service.domain.simulation import policies
from service.store.database import Database
from tests.simulation.browsing import Halfway, faults

PROVINCES, PLACES = 32, 10


def test_both_tracks_list_ten_of_ten_provinces_with_the_west_and_the_northeast_among_them(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One applicant of every province a track; how a province chooses among several, the other test sees.

    And whoever looks at it, halfway and in the end, reaches every page that is linked.
    """
    database, halfway = Database(sqlite_url), Halfway(sqlite_url, tmp_path)
    folder = EditionFolder.read(ROOT, "miit_industry/2022")
    policy = replace(policies.load(folder.name), per_unit=1)
    monkeypatch.setattr(policies, "load", lambda edition: policy)
    run = simulation.run(database, folder, count=PROVINCES, seed=1, progress=halfway)
    with database.read() as session:
        assert [check for check in simulation.check(session, run) if check.broken] == []
        first = [session.get_one(Round, round_id) for round_id in run.rounds[:2]]
        assert {round_.track for round_ in first} == {"a", "b"}
        for round_ in first:
            assert round_.quota == PLACES
            listed = [
                session.get_one(Application, each.application_id)
                for each in shortlists.candidates(session, round_, CandidateState.SELECTED)
            ]
            assert max(Counter(each.province_code for each in listed).values()) == 1
            regions = [divisions.get(session, each.division_code).region for each in listed]
            assert sum(region in ("west", "northeast") for region in regions) >= 2
            applied = applications.of_round(session, round_.id)
            assert len({each.province_code for each in applied}) == PROVINCES
        overridden = session.scalars(select(Override)).all()
        assert {each.article for each in overridden} >= {"6(5)", "7(5)"}
        assert all(each.approved_on == each.overridden_at.astimezone(SHANGHAI).date() for each in overridden)
    database.dispose()
    assert faults(sqlite_url, tmp_path, run.ended_at) == []
    assert faults(halfway.kept, tmp_path, halfway.at) == []


def test_where_the_west_and_the_northeast_cannot_send_two_a_recorded_decision_lowers_the_floor(
    sqlite_url: str,
) -> None:
    """Ten applicants a track of five provinces, of which one lies there."""
    database = Database(sqlite_url)
    folder = EditionFolder.read(ROOT, "miit_industry/2022")
    run = simulation.run(database, folder, count=10, seed=5)
    with database.read() as session:
        assert [check for check in simulation.check(session, run) if check.broken] == []
        for round_id in run.rounds[:2]:
            (waiver,) = waivers.of_round(session, round_id)
            assert (waiver.article, waiver.text) == ("第11条", "西部、东北合计至少 2 个")
            assert session.get_one(Round, round_id).outcome == Outcome.ANNOUNCED
        assert {round_.waivers for round_ in simulation.tell(session, run).rounds[:2]} == {1}
    database.dispose()
