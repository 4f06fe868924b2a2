"""Both of Zhejiang's processes, twice, with all of its 89 counties and 11 cities."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cli.editions import ROOT
from service.domain import awards, recommendations, simulation, standings
from service.domain.applications import Status
from service.domain.editions import EditionFolder
from service.domain.rounds import Round
from service.domain.simulation import county_checks
from service.domain.simulation.facts import Facts, gather
from service.domain.standings import StandingStage
from service.domain.standings.models import Proposal, Standing
from service.domain.targets.models import Decomposition, Target, TargetYear
from service.engine.seals import Sealed
from service.store.database import Database
from tests.databases import SqliteDatabases
from tests.simulation.browsing import Halfway, copy, faults
from tests.simulation.conftest import Finished
from tests.simulation.tampering import is_named

NAME, SEED = "zhejiang_manufacturing/2020", 3
COUNTIES, CITIES, AWARDS = 89, 11, 6

Find = Callable[[Facts], Iterator[str]]


@pytest.fixture(scope="module")
def done(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    path = tmp_path_factory.mktemp("zhejiang") / "finished.sqlite"
    with sqlite_databases.fresh() as url:
        database, halfway = Database(url), Halfway(url, path.parent)
        folder = EditionFolder.read(ROOT, NAME)
        run = simulation.run(database, folder, count=COUNTIES, seed=SEED, progress=halfway)
        database.dispose()
        copy(url, path)
    return Finished(run, path, halfway)


@pytest.fixture
def broken_after(done: Finished, tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """`broken_after(find, "UPDATE …")`: what one check of the rounds finds on a copy changed by these."""
    path = tmp_path / "tampered.sqlite"
    shutil.copyfile(done.path, path)
    database = Database(f"sqlite:///{path}")

    def broken(find: Find, *statements: str) -> list[str]:
        with database.write() as session:
            for statement in statements:
                assert session.connection().exec_driver_sql(statement).rowcount, "it must change something"
        with database.read() as session:
            return [text for each in done.run.rounds for text in find(gather(session, done.run, each))]

    yield broken
    database.dispose()


def test_every_invariant_holds_over_two_years(done: Finished) -> None:
    database = Database(f"sqlite:///{done.path}")
    with database.read() as session:
        checks = simulation.check(session, done.run)
    database.dispose()
    assert {check.key: check.broken for check in checks if check.broken} == {}
    assert {"everybody", "filed", "recommended", "points", "proposed", "awards"} <= {
        check.key for check in checks
    }


def test_all_counties_and_cities_take_part_and_six_are_awarded_each_year(done: Finished) -> None:
    database = Database(f"sqlite:///{done.path}")
    with database.read() as session:
        won = []
        for round_id in done.run.rounds:
            round_ = session.get_one(Round, round_id)
            assert len(recommendations.of_round(session, round_id)) == CITIES
            assert len(standings.of_pool(session, StandingStage.PROVINCE, round_id)) == CITIES
            granted = awards.of_round(session, round_id)
            assert (len(granted), round_.quota) == (AWARDS, AWARDS)
            won.append({each.division_code for each in granted})
    database.dispose()
    first, second = won
    assert first.isdisjoint(second), "last year's winners are not recommended"


def test_the_outcome_tells_of_every_county_why(done: Finished) -> None:
    outcome = done.outcome()
    assert outcome.count == COUNTIES
    for round_ in outcome.rounds:
        assert len(round_.results) == COUNTIES
        assert all(each.reason for each in round_.results)
        ended = Counter(each.status for each in round_.results)
        assert ended[Status.AWARD_ENDED.label] == AWARDS
        ranked = sum(len(ranking) for ranking in round_.cities.values())
        assert ranked == COUNTIES - ended[Status.LAPSED.label]
    texts = [entry.text for entry in outcome.timeline]
    assert any("集体研究并列名次：记录表决结果" in text for text in texts), "the twins of each year"
    assert any("自行统筹兑现奖励资金" in text for text in texts), "宁波"


FIRST = "(SELECT id FROM round ORDER BY year LIMIT 1)"
CHOSEN = (
    f"(SELECT application_id FROM standing WHERE state = 'awarded' AND round_id = {FIRST} "
    "ORDER BY rank LIMIT 1)"
)

TAMPERINGS = [
    (county_checks.everybody, f"UPDATE application SET division_code = '330383' WHERE id = {CHOSEN}"),
    (county_checks.filed, "UPDATE target_year SET status = 'issued'"),
    (county_checks.filed, "UPDATE target SET figure = '123456' WHERE indicator = 'robots'"),
    (
        county_checks.recommended,
        f"UPDATE recommendation_choice SET chosen = NOT chosen WHERE application_id = {CHOSEN}",
    ),
    (county_checks.points, f"UPDATE standing SET total = '99.99' WHERE application_id = {CHOSEN}"),
    (county_checks.points, f"UPDATE standing SET rank = rank + 1 WHERE application_id = {CHOSEN}"),
    (county_checks.points, f"UPDATE standing SET items = '{{}}' WHERE application_id = {CHOSEN}"),
    (county_checks.proposed, "UPDATE proposal SET size = size + 1"),
    (county_checks.proposed, "UPDATE proposal SET recorded_at = '2030-01-01 00:00:00.000000'"),
    (county_checks.proposed, f"UPDATE standing SET state = 'passed_over' WHERE application_id = {CHOSEN}"),
    (county_checks.awarded, f"UPDATE award SET round_id = 'x' WHERE round_id = {FIRST}"),
    (county_checks.awarded, "UPDATE redemption SET purpose = '宁波市参照自行统筹兑现'"),
    (county_checks.endings, f"UPDATE application SET reason = '' WHERE id = {CHOSEN}"),
]


@pytest.mark.parametrize(("find", "statement"), TAMPERINGS)
def test_each_invariant_sees_the_fault_that_it_is_there_for(
    broken_after: Callable[..., list[str]], find: Find, statement: str
) -> None:
    assert broken_after(find, statement)


@pytest.mark.parametrize("model", [TargetYear, Decomposition, Target, Standing, Proposal])
def test_a_row_of_targets_and_standings_that_was_changed_is_named(
    done: Finished, model: type[Sealed]
) -> None:
    database = Database(f"sqlite:///{done.path}")
    assert is_named(database, model)
    database.dispose()


def test_whoever_looks_at_targets_and_standings_reaches_every_page_that_is_linked(
    done: Finished, tmp_path: Path
) -> None:
    assert faults(f"sqlite:///{done.path}", tmp_path, done.run.ended_at) == []
    assert faults(done.halfway.kept, tmp_path, done.halfway.at) == []
