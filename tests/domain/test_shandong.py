"""Shandong's own rules in a whole procedure: the fifth and its leave, who answers for fraud, accidents."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import (
    forms,
    objections,
    offices,
    recommendations,
    rounds,
    sanctions,
    user_tasks,
    verifying,
)
from service.domain.allowances import ExcessUnapproved, NothingExceeded
from service.domain.applications import LevelRefused, OutsideArea, Status
from service.domain.procedures.effects.rounds import DeadlineTooLate
from service.domain.sanctions import Barred
from service.store.database import Database
from tests.databases import SqliteDatabases
from tests.domain.world import World, copied, template_of

START = datetime(2024, 3, 1, 9, 0, tzinfo=SHANGHAI)
OPENING = {"deadline": "2024-04-10", "required_by": "2024-09-30"}
PROVINCE = (offices.INDUSTRY, "370000")
JINAN, WEIHAI, QINGDAO = "370100", "371000", "370200"
LIXIA, SHIZHONG, HUAIYIN = "370102", "370103", "370104"
HUANCUI, WENDENG = "371002", "371003"
LEAVE = {
    "exceeds": True,
    "excess_reason": "多个县成效突出。",
    "excess_approver": "市政府主要领导",
    "excess_number": "威工信函〔2024〕3号",
    "excess_date": "2024-03-01",
}


class Shandong(World):
    """The province's industry office, its cities and counties."""

    edition = "shandong_industry/2023"

    def __init__(self, database: Database, start: datetime = START) -> None:
        super().__init__(database, start)

    def open_list(self, track: str, year: int = 2024, opening: dict[str, str] | None = None) -> str:
        """A round of this list that takes applications; its id."""
        with self.database.write() as session:
            organiser = self.official(session, *PROVINCE)
            round_id = rounds.create(
                session, self.engine, organiser, edition_id=self.edition_id, year=year, track=track
            ).id
        self.do(f"round:{round_id}", "open_round", "publish", given={"opening": opening or OPENING})
        return round_id

    def bring_up(self, round_id: str, division: str) -> str:
        application = self.apply(round_id, division)
        self.do(f"application:{application}", "fill_in", "submit")
        self.do(f"application:{application}", "province_review", "agree")
        self.settle()
        return application

    def compare(self, round_id: str, city: str, **told: Any) -> None:
        """The city compares what is ready; all of it is recommended."""
        key = self.unit(round_id, city)
        verdicts = self.verdicts(key)["selection"]
        self.do(key, "compare", "submit", given={"selection": {**verdicts, "exceeds": False, **told}})

    def unit(self, round_id: str, city: str) -> str:
        return f"recommendation:{self.recommendation(round_id, city).id}"

    def taken_in(self, round_id: str, division: str, city: str) -> str:
        """An application that the province has accepted."""
        application, key = self.bring_up(round_id, division), self.unit(round_id, city)
        self.compare(round_id, city)
        self.do(key, "letter", "submit")
        self.do(key, "government_consent", "agree")
        self.do(key, "submit_recommendation", "submit", given=self.all_there)
        self.settle()
        self.accept(application)
        return application

    def find_fraud(self, application: str, counties: dict[str, str]) -> None:
        """The province finds fraud; its decision bars these counties too, for so many years each."""
        with self.database.write() as session:
            case = objections.open_case(
                session,
                self.engine,
                self.official(session, *PROVINCE),
                application_id=application,
                statement="举报反映申报数据造假。",
                evidence="统计部门来函。",
            ).id
        self.decide_objection(case, "fraud")
        rows: dict[str, Any] = {}
        for code, years in counties.items():
            rows |= {f"counties.{code}.barred": True, f"counties.{code}.years": years}
        decided = {"number": "鲁工信处〔2024〕7号", "date": "2024-03-01", "facts": "虚报投资。"}
        given = {"sanction": {**decided, **rows}}
        self.do(f"objection:{case}", "sanction_decision", "impose", given=given)
        self.settle()


@pytest.fixture(scope="module")
def template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template_of(Shandong, sqlite_databases, tmp_path_factory.mktemp("shandong"))


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[Shandong]:
    with copied(Shandong, template, tmp_path) as world:
        yield world


def test_a_county_goes_to_its_city_and_the_city_to_the_province(world: Shandong) -> None:
    round_id = world.open_list("county_a")
    application = world.taken_in(round_id, LIXIA, JINAN)
    found = world.application(application)
    assert (found.status, found.city_code, found.province_code) == (Status.ACCEPTED, JINAN, "370000")
    with world.database.read() as session:
        assert len(recommendations.of_round(session, round_id)) == 16
        assert list(verifying.broken(session)) == []


def test_a_city_fills_in_and_recommends_itself(world: Shandong) -> None:
    application = world.taken_in(world.open_list("city_b"), QINGDAO, QINGDAO)
    assert world.application(application).status == Status.ACCEPTED


def test_nobody_applies_for_a_list_of_the_other_level_or_from_another_province(world: Shandong) -> None:
    cities, counties = world.open_list("city_a"), world.open_list("county_a")
    with pytest.raises(LevelRefused):
        world.apply(cities, LIXIA)
    with pytest.raises(LevelRefused):
        world.apply(counties, JINAN)
    with pytest.raises(OutsideArea):
        world.apply(counties, "330110")


def test_more_than_a_fifth_needs_a_reason_and_leave_that_are_kept_sealed(world: Shandong) -> None:
    round_id = world.open_list("county_a")
    for county in (HUANCUI, WENDENG):
        world.bring_up(round_id, county)
    with pytest.raises(ExcessUnapproved, match="原则上不超过 1 个，现选了 2 个"):
        world.compare(round_id, WEIHAI)
    world.compare(round_id, WEIHAI, **LEAVE)
    row = world.recommendation(round_id, WEIHAI)
    assert (row.excess_reason, row.excess_approver) == ("多个县成效突出。", "市政府主要领导")
    assert (row.excess_number, str(row.excess_approved_on)) == ("威工信函〔2024〕3号", "2024-03-01")
    with world.database.read() as session:
        assert list(verifying.broken(session)) == []
    with world.database.write() as session:
        recommendations.get(session, row.id).excess_approver = "别人"
    with world.database.read() as session:
        assert list(verifying.broken(session)) != []


def test_leave_is_taken_back_with_the_comparison_that_needed_it(world: Shandong) -> None:
    round_id = world.open_list("county_a")
    for county in (HUANCUI, WENDENG):
        world.bring_up(round_id, county)
    key = world.unit(round_id, WEIHAI)
    world.compare(round_id, WEIHAI, **LEAVE)
    world.do(key, "letter", "return")
    rows = world.verdicts(key)["selection"]["applications"]
    rows[max(rows)]["recommended"] = False
    with pytest.raises(NothingExceeded):
        world.do(key, "compare", "submit", given={"selection": {"applications": rows, **LEAVE}})
    world.do(key, "compare", "submit", given={"selection": {"applications": rows, "exceeds": False}})
    assert world.recommendation(round_id, WEIHAI).excess_reason is None


def test_the_city_reads_its_number_before_it_compares(world: Shandong) -> None:
    round_id = world.open_list("county_b")
    world.bring_up(round_id, HUANCUI)
    with world.database.write() as session:
        (task,) = world.tasks(session, world.unit(round_id, WEIHAI))
        view = user_tasks.view(session, world.official(session, offices.INDUSTRY, WEIHAI), task.id)
        (form,) = view.forms
        assert form.content["allowance"] == "威海市所辖共 4 个，按 1/5 计算不足 1 个，原则上至多推荐 1 个。"


def test_a_city_that_recommends_itself_is_not_asked_about_the_fifth(world: Shandong) -> None:
    round_id = world.open_list("city_b")
    world.bring_up(round_id, WEIHAI)
    key, shown = world.unit(round_id, WEIHAI), "超过推荐数量的"
    with world.database.write() as session:
        (task,) = world.tasks(session, key)
        view = user_tasks.view(session, world.official(session, offices.INDUSTRY, WEIHAI), task.id)
        (form,) = view.forms
        assert form.content["principle"] is False
        titles = [section.title for section in forms.present(form.compiled, form.content)]
        counties = forms.present(form.compiled, {**form.content, "principle": True})
    assert shown not in titles
    assert shown in [section.title for section in counties]
    world.do(key, "compare", "submit", given=world.verdicts(key))
    assert world.recommendation(round_id, WEIHAI).excess_reason is None


def test_fraud_of_a_county_bars_its_city_and_only_the_counties_that_the_decision_names(
    world: Shandong,
) -> None:
    round_id = world.open_list("county_a")
    application = world.taken_in(round_id, LIXIA, JINAN)
    world.find_fraud(application, {SHIZHONG: "2"})
    assert world.application(application).status == Status.DISQUALIFIED
    expected = {JINAN: (2025, 2027), SHIZHONG: (2025, 2026)}
    with world.database.read() as session:
        imposed = sanctions.of_programme(session, "shandong_industry")
        assert {each.division_code: (each.first_year, each.last_year) for each in imposed} == expected
        assert not barred(session, LIXIA, 2025)
        assert not barred(session, HUAIYIN, 2025)
        assert not barred(session, QINGDAO, 2025)

    world.advance_to("2025-03-01")
    opening = {"deadline": "2025-04-10", "required_by": "2025-09-30"}
    cities = world.open_list("city_b", 2025, opening)
    counties = world.open_list("county_b", 2025, opening)
    with pytest.raises(Barred, match="济南市在2025至2027年度被取消评选资格"):
        world.apply(cities, JINAN)
    with pytest.raises(Barred, match="市中区在2025至2026年度被取消评选资格"):
        world.apply(counties, SHIZHONG)
    world.apply(cities, QINGDAO)
    world.apply(counties, LIXIA)


def barred(session: Session, division: str, year: int) -> bool:
    return sanctions.check(session, division, "shandong_industry", year) is not None


def test_materials_are_due_before_all_must_be_done(world: Shandong) -> None:
    with pytest.raises(DeadlineTooLate, match="材料报送截止日期应早于要求完成的日期") as refused:
        world.open_list("city_a", opening={"deadline": "2024-04-10", "required_by": "2024-04-10"})
    (problem,) = refused.value.problems
    assert problem.message.startswith(
        "材料报送截止日期应早于要求完成的日期"
    )  # The page shows no more than this.
