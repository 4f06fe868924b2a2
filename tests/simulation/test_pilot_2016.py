"""A year of pilot cities and their three years: some succeed, some are rectified, adjusted or cancelled."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.cli.editions import ROOT
from service.domain import access, cycles, evaluations, ledger, overviews, rounds, simulation
from service.domain.applications import Application
from service.domain.awards import Award, AwardStatus
from service.domain.cycles import Cycle, CycleStatus, Rectification, Stage, Verdict
from service.domain.cycles.models import Adjustment, CycleAssessment, CycleResult, CycleTarget
from service.domain.editions import EditionFolder
from service.domain.evaluations.models import Evaluation
from service.domain.rounds import Stage as RoundStage
from service.domain.simulation import Run
from service.engine.seals import Sealed
from service.engine.user_tasks import UserTask
from service.store.database import Database
from tests.databases import SqliteDatabases
from tests.simulation.browsing import Halfway, faults
from tests.simulation.tampering import is_named

COUNT, SEED = 14, 181
PILOT_TABLES = (Evaluation, Cycle, CycleTarget, CycleAssessment, CycleResult, Rectification, Adjustment)


class Pilots(NamedTuple):
    """A run, its database, and a copy of it from halfway."""

    database: Database
    run: Run
    halfway: Halfway


@pytest.fixture(scope="module")
def finished(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pilots]:
    with sqlite_databases.fresh() as url:
        database, halfway = Database(url), Halfway(url, tmp_path_factory.mktemp("pilots"))
        folder = EditionFolder.read(ROOT, "pilot_city/2016")
        run = simulation.run(database, folder, count=COUNT, seed=SEED, progress=halfway)
        yield Pilots(database, run, halfway)
        database.dispose()


@pytest.fixture
def session(finished: Pilots) -> Iterator[Session]:
    with finished.database.read() as session:
        yield session


def test_every_invariant_holds(session: Session, finished: Pilots) -> None:
    assert [check for check in simulation.check(session, finished.run) if check.broken] == []


def test_cities_succeed_are_rectified_adjusted_and_cancelled(session: Session) -> None:
    every = session.scalars(select(Cycle)).all()
    found = {status: [each for each in every if each.status == status] for status in CycleStatus}
    assert len(found[CycleStatus.COMPLETED]) + len(found[CycleStatus.CANCELLED]) == len(every)
    ordered = session.scalars(select(Rectification)).all()
    assert {each.verdict for each in ordered} >= {Verdict.MET, Verdict.UNMET}
    assert any(each.version == 2 and each.status == CycleStatus.COMPLETED for each in every)
    assert any(not cycles.rectifications(session, each.application_id) for each in every)
    for each in found[CycleStatus.CANCELLED]:
        assert each.closed_at is not None
        award = session.scalars(select(Award).where(Award.application_id == each.application_id)).one()
        assert award.status == AwardStatus.REVOKED
        assert "中止并通报取消试点示范工作" in award.reason


def test_who_was_rectified_at_the_end_is_not_said_to_have_met_the_final_assessment(session: Session) -> None:
    completed = session.scalars(select(Cycle).where(Cycle.status == CycleStatus.COMPLETED)).all()
    assert completed
    for each in completed:
        final = cycles.assessments(session, each.application_id)[-1]
        reason = session.get_one(Application, each.application_id).reason or ""
        assert ("期满考核达到要求" in reason) == (final.verdict == Verdict.MET), reason


def test_who_reports_nothing_is_urged_or_counts_as_unmet_and_has_to_put_it_right(session: Session) -> None:
    unreported = session.scalars(
        select(CycleAssessment).where(CycleAssessment.verdict == Verdict.UNREPORTED)
    ).all()
    assert unreported
    for each in unreported:
        assert (each.reached, each.lowest) == (0, "")
        stages = [row.stage for row in cycles.rectifications(session, each.application_id)]
        assert each.stage in stages
    decided = session.scalars(select(UserTask.decision).where(UserTask.element_id == "pursue")).all()
    assert set(decided) == {"urge", "unmet"}


def test_an_adjusted_city_is_assessed_against_its_new_targets(session: Session) -> None:
    adjusted = session.scalars(select(Cycle).where(Cycle.version == 2)).all()
    for each in adjusted:
        new = cycles.targets(session, each.application_id, 2)
        final = [r for r in cycles.results(session, each.application_id) if r.stage == Stage.FINAL]
        assert [r.goal for r in final if r.year == 3] == [target.third for target in new]
        old = cycles.targets(session, each.application_id, 1)
        assert [t.third for t in old] != [t.third for t in new]
        assert [t.first for t in old] == [t.first for t in new]


def test_the_year_takes_applications_one_by_one_and_ends_with_itself(
    session: Session, finished: Pilots
) -> None:
    (round_id,) = finished.run.rounds
    round_ = rounds.get(session, round_id)
    assert (round_.stage, round_.quota, round_.announced_at) == (RoundStage.ENDED, None, None)
    assert str(round_.collection_ends_on) == "2016-12-31"
    begun = session.execute(text("SELECT DISTINCT strftime('%m', created_at) FROM application")).all()
    assert len(begun) >= 6


def test_the_ledger_names_the_cancelled(session: Session) -> None:
    cancelled = session.scalars(select(Cycle).where(Cycle.status == CycleStatus.CANCELLED)).first()
    assert cancelled is not None
    award = session.scalars(select(Award).where(Award.application_id == cancelled.application_id)).one()
    (line,) = ledger.awards(session, division=award.division_code).rows
    assert (line.award.status, line.award.reason) == (AwardStatus.REVOKED, cancelled.reason)
    assert ledger.entitlements(session, award.division_code).rows == []


def test_a_city_reads_neither_who_sat_on_its_panel_nor_what_the_departments_wrote(
    session: Session, finished: Pilots
) -> None:
    cycle = session.scalars(select(Cycle)).first()
    assert cycle is not None
    done = {
        task.element_id: task.completed_by
        for task in session.scalars(
            select(UserTask).where(UserTask.business_key == f"application:{cycle.application_id}")
        )
    }
    shown, scorers = {}, {}
    for element in ("fill_in", "judge_plan"):
        actor = access.actor(session, done[element] or "", finished.run.ended_at)
        view = overviews.of_application(session, actor, cycle.application_id)
        shown[element] = {form.key for form in view.materials}
        scorers[element] = {step.person for step in view.course if step.name.startswith("定量打分和评价（")}
    assert {"plan", "assessment", "approval"} <= shown["fill_in"] <= shown["judge_plan"]
    assert shown["judge_plan"] - shown["fill_in"] == {"panel", "evaluation"}
    assert "score_sheet" not in shown["judge_plan"]
    assert scorers == {"fill_in": {""}, "judge_plan": {""}}


@pytest.mark.parametrize("model", PILOT_TABLES)
def test_a_row_of_a_cycle_that_was_changed_is_named(finished: Pilots, model: type[Sealed]) -> None:
    assert is_named(finished.database, model)


FORGERIES = {
    "a mean": ("evaluation", "score = '99.00'", "的平均分或份数与打分表算出的不符。"),
    "its sheets": ("score_sheet", "score = '1'", "的平均分或份数与打分表算出的不符。"),
    "a rate": ("cycle_result", "exact = '101', rate = '101.00'", "与报送的数据和目标算出的不符。"),
    "what was reached": ("cycle_assessment", "reached = reached + 1", "完成率与算出的不符。"),
    "a report": ("form_submission", "content = '{}'", "与报送的数据和目标算出的不符。"),
    "a goal": ("cycle_target", "first = '0.1'", "与批复的实施方案或同意的调整不符。"),
    "the goals in force": ("cycle", "version = version + 1", "执行的目标不是最近批复或同意调整的。"),
}
OF_A_REPORT = "WHERE form_key = 'final'"
"""The last one written was assessed."""


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_figure_that_follows_from_others_is_computed_again(finished: Pilots, forged: str) -> None:
    """Whoever changed its seal too changed one too few."""
    table, change, sentence = FORGERIES[forged]
    where = OF_A_REPORT if table == "form_submission" else ""
    one = f"(SELECT max(rowid) FROM {table} {where})"
    with finished.database.engine.connect() as connection, Session(connection) as session:
        assert [*evaluations.broken(session), *cycles.broken(session)] == []
        assert connection.execute(text(f"UPDATE {table} SET {change} WHERE rowid = {one}")).rowcount == 1
        session.expire_all()
        found = [*evaluations.broken(session), *cycles.broken(session)]
    assert found
    assert any(each.endswith(sentence) for each in found), found


def test_whoever_looks_at_pilots_reaches_every_page_that_is_linked(finished: Pilots, tmp_path: Path) -> None:
    assert faults(finished.database.url, tmp_path, finished.run.ended_at) == []
    assert faults(finished.halfway.kept, tmp_path, finished.halfway.at) == []
