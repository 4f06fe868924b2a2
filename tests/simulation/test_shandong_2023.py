"""The four lists of Shandong, with all its cities and some counties, from the call to the award."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cli.editions import ROOT
from service.domain import applications, recommendations, shortlists, simulation
from service.domain.editions import EditionFolder
from service.domain.rounds import Round
from service.domain.sanctions import Sanction, Scope
from service.domain.shortlists import CandidateState
from service.domain.simulation.runs import Run
from service.store.database import Database
from tests.simulation.browsing import Halfway, faults

CITIES, COUNTIES = 16, 20
PLACES = {"city_a": 3, "city_b": 3, "county_a": 13, "county_b": 13}


def test_cities_come_first_and_no_county_of_a_listed_city_is_listed_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    """And whoever looks at the lists, halfway and in the end, reaches every page that is linked."""
    database, halfway = Database(sqlite_url), Halfway(sqlite_url, tmp_path)
    folder = EditionFolder.read(ROOT, "shandong_industry/2023")
    run = simulation.run(database, folder, count=COUNTIES, seed=1, progress=halfway)
    with database.read() as session:
        assert [check for check in simulation.check(session, run) if check.broken] == []
        lists = listed(session, run)
        assert lists.keys() == PLACES.keys()
        for letter in "ab":
            assert len(lists[f"city_{letter}"]) <= 3
            assert len(lists[f"county_{letter}"]) <= 13
            above = {code[:4] for code in lists[f"city_{letter}"]}
            assert not above & {code[:4] for code in lists[f"county_{letter}"]}
        assert {each.scope for each in session.scalars(select(Sanction))} <= {Scope.CITY}
    database.dispose()
    assert faults(sqlite_url, tmp_path, run.ended_at) == []
    assert faults(halfway.kept, tmp_path, halfway.at) == []


def listed(session: Session, run: Run) -> dict[str, list[str]]:
    """Who stands on the first year's lists, by track."""
    found = {}
    for round_id in run.rounds[: len(PLACES)]:
        round_ = session.get_one(Round, round_id)
        assert round_.quota == PLACES[round_.track]
        assert round_.outcome is not None
        applied = applications.of_round(session, round_.id)
        assert len(applied) == (CITIES if round_.track.startswith("city") else COUNTIES)
        assert len(recommendations.of_round(session, round_.id)) == CITIES
        division = {each.id: each.division_code for each in applied}
        selected = shortlists.candidates(session, round_, CandidateState.SELECTED)
        found[round_.track] = [division[each.application_id] for each in selected]
    return found
