"""Whole simulated rounds: nothing is broken, every turn of the procedure is taken."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from service.domain import applications, simulation
from service.domain.editions import EditionFolder
from service.domain.simulation import Check, Outcome, TooManyApplications, policies
from service.domain.simulation.answers import ballot
from service.domain.simulation.courses import Course
from service.store.database import Database
from tests.simulation.browsing import faults
from tests.simulation.conftest import Finished


def carry_out(url: str, folder: EditionFolder, count: int, seed: int) -> Outcome:
    """One run; every invariant must hold."""
    database = Database(url)
    try:
        run = simulation.run(database, folder, count=count, seed=seed)
        with database.read() as session:
            assert [check for check in simulation.check(session, run) if check.broken] == []
            return simulation.tell(session, run)
    finally:
        database.dispose()


def test_no_invariant_is_broken_with_a_single_application(sqlite_url: str, folder: EditionFolder) -> None:
    outcome = carry_out(sqlite_url, folder, 1, 11)
    assert len(outcome.rounds[0].results) == 1


def test_who_is_refused_for_a_condition_reads_which_and_why(
    sqlite_url: str, folder: EditionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = policies.load(folder.name)
    fates = {fate.name: fate for fate in policy.fates["application"]}
    only = {**policy.fates, "application": [fates["refused_by_province"]]}
    monkeypatch.setattr(policies, "load", lambda edition: replace(policy, fates=only, next_round=False))
    (result,) = carry_out(sqlite_url, folder, 1, 1).rounds[0].results
    assert result.status == "未通过审核"
    assert (
        "核实不符合的基本条件：第6条第（4）项（申报书所列知名工业品牌的商标权均不属于本地企业）。"
        in result.reason
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_member_who_falls_ill_is_replaced_and_every_sheet_is_of_who_had_the_seat(
    sqlite_url: str, folder: EditionFolder, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    policy = replace(policies.load(folder.name), illnesses=100, next_round=False)
    monkeypatch.setattr(policies, "load", lambda edition: policy)
    outcome = carry_out(sqlite_url, folder, 2, seed)
    assert [each.text for each in outcome.timeline if "更换评审委员" in each.text] != []


def test_a_tie_of_more_than_there_are_votes_is_voted_legally(
    sqlite_url: str, folder: EditionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def equal(course: Course, session: Session) -> dict[str, tuple[float, float]]:
        accepted = applications.applicants(session, course.round_id)
        return {each.application_id: (80.0, 0.0) for each in accepted}

    policy = replace(policies.load(folder.name), next_round=False)
    monkeypatch.setattr(policies, "load", lambda edition: policy)
    monkeypatch.setattr(Course, "_form_views", equal)
    (first,) = carry_out(sqlite_url, folder, 24, 5).rounds
    assert sum(line.vote is not None for line in first.ranking) > first.committee


@given(st.integers(2, 40), st.integers(1, 39), st.integers(1, 15))
def test_a_ballot_keeps_to_the_votes_there_are_and_decides_the_last_place(
    tied: int, places: int, most: int
) -> None:
    places = min(places, tied - 1)
    votes = ballot(tied, places, most)
    assert votes == sorted(votes, reverse=True)
    assert most >= votes[0]
    assert votes[-1] >= 0
    assert votes[places - 1] > votes[places]
    if tied <= most:
        assert len(set(votes)) == tied, "equals are told apart where there are votes enough"


def test_more_applications_than_divisions_are_refused_and_nothing_is_begun(
    sqlite_url: str, folder: EditionFolder
) -> None:
    database = Database(sqlite_url)
    with pytest.raises(TooManyApplications, match="3184"):
        simulation.run(database, folder, count=3185, seed=1)
    database.dispose()


def test_no_invariant_of_the_larger_run_is_broken(
    checks_after: Callable[..., dict[str, Check]],
) -> None:
    assert [check for check in checks_after().values() if check.broken] == []


def test_every_division_has_a_result_and_a_reason(finished: Finished) -> None:
    for round_ in finished.outcome().rounds:
        assert all(result.status and result.reason for result in round_.results)


def test_the_timeline_is_in_order_and_free_of_ids(finished: Finished) -> None:
    timeline = finished.outcome().timeline
    assert [entry.at for entry in timeline] == sorted(entry.at for entry in timeline)
    assert timeline[0].at.startswith("2018-02-07")
    assert not any(number in entry.text for entry in timeline for number in finished.run.objections)


@pytest.mark.parametrize(
    "turn",
    [
        "退回修改",
        "不符合基本条件",
        "收到异议",
        "取消资格：异议",
        "公示（2018年第1号）发布",
        "批复同意",
        "取消2019至2021年度评选资格",
        "取消2019至2021年度申报资格",
        "新建申报被拒绝",
    ],
)
def test_the_larger_run_takes_the_turns_of_the_procedure(finished: Finished, turn: str) -> None:
    assert any(turn in entry.text for entry in finished.outcome().timeline)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE score_sheet SET score = '1.00'",
        "UPDATE candidate SET reason = reason || '（改）' WHERE rank = 1",
        "UPDATE recommendation_choice SET chosen = NOT chosen",
        "UPDATE award SET ends_on = date(ends_on, '+1 day')",
        "UPDATE opinion SET text = text || '（改）'",
    ],
)
def test_whatever_is_on_record_changes_the_hash(finished: Finished, tmp_path: Path, change: str) -> None:
    copy = finished._replace(path=tmp_path / "changed.sqlite")
    shutil.copyfile(finished.path, copy.path)
    with sqlite3.connect(copy.path) as connection:
        assert connection.execute(change).rowcount, "it must change something"
    connection.close()
    assert copy.outcome().digest != finished.outcome().digest


def test_applicants_come_from_several_provinces_and_levels(finished: Finished) -> None:
    (first, *_) = finished.outcome().rounds
    codes = [result.code for result in first.results]
    assert len({code[:2] for code in codes}) >= 3
    assert any(code.endswith("00") for code in codes)
    assert any(not code.endswith("00") for code in codes)


def test_whoever_looks_at_it_reaches_every_page_that_is_linked(finished: Finished, tmp_path: Path) -> None:
    assert faults(f"sqlite:///{finished.path}", tmp_path, finished.run.ended_at) == []
    assert faults(finished.halfway.kept, tmp_path, finished.halfway.at) == []
