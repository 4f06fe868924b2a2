"""Pilots and their years on the pages and by the API: for who may see the application, article by article."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.domain import access, editions, overviews
from service.domain.applications import Application
from service.domain.cycles import Adjustment, Cycle, CycleAssessment, CycleResult, CycleTarget, Rectification
from service.domain.divisions import NATION, Division
from service.domain.editions import EditionFolder
from service.domain.rounds import Round
from tests.domain.conftest import statements
from tests.web.chain import ROOT
from tests.web.site import MONDAY, Site

HANGZHOU, NINGBO = "330100", "330200"
STARTED: dict[str, Any] = {
    "starts_on": date(2023, 1, 1),
    "ends_on": date(2025, 12, 31),
    "approval_number": "工信部规函〔2022〕7号",
    "approved_on": date(2022, 12, 1),
}


def pilot(session: Session, application_id: str, code: str, year: int = 2022) -> None:
    """One city that was rectified after the mid-term assessment, and whose plan was adjusted then."""
    common = {"id": application_id, "created_by": "nobody", "created_at": MONDAY, "track": "main"}
    session.add(
        Application(
            **common, round_id=f"round-{year}", division_code=code, province_code="330000", status="approved"
        )
    )
    session.flush()
    given = {"application_id": application_id}
    session.add(Cycle(**given, **STARTED, round_id=f"round-{year}", version=2, status="midterm"))
    session.flush()
    told = {"position": 1, "field": "创新能力", "name": "研发投入强度", "unit": "%", "direction": "higher"}
    for version, third in ((1, "3.4"), (2, "3.2")):
        goals = {"base": "2.8", "first": "3.0", "second": "3.2", "third": third}
        session.add(CycleTarget(**given, **told, **goals, version=version))
    assessed = {"version": 1, "targets": 1, "reached": 0, "lowest": "90.00"}
    when = {"assessed_on": date(2024, 9, 1), "recorded_at": MONDAY}
    session.add(CycleAssessment(**given, stage="midterm", verdict="unmet", **assessed, **when))
    session.flush()
    figures = {"goal": "3.0", "actual": "2.7", "exact": "90", "rate": "90.00"}
    session.add(CycleResult(**given, stage="midterm", position=1, year=1, **figures))
    session.add(
        Rectification(
            **given,
            stage="midterm",
            order_number="工信规〔2024〕3号",
            working_days=60,
            ends_on=date(2024, 12, 1),
            ends_at=MONDAY,
            adjusts=True,
            ordered_at=MONDAY,
            verdict="met",
            closed_at=MONDAY,
        )
    )
    decided = {"number": "工信规〔2024〕9号", "decided_on": date(2024, 11, 1), "recorded_at": MONDAY}
    session.add(Adjustment(**given, stage="midterm", version=2, reason="产业结构变化。", **decided))
    session.flush()


@pytest.fixture
def piloted(sqlite_site: Site) -> Site:
    """A site where 杭州市 and 宁波市 are pilots."""
    site = sqlite_site
    with site.database.write() as session:
        known = editions.known(site.app.process_engine.services)
        folder = EditionFolder.read(ROOT, "pilot_city/2016")
        edition = editions.publish(session, folder, known, now=MONDAY)
        for year in (2022, 2023):
            session.add(
                Round(
                    id=f"round-{year}",
                    edition_id=edition.id,
                    programme=edition.programme,
                    year=year,
                    track="main",
                    division_code=NATION,
                    title=f"{year}年度试点示范",
                    stage="rolling",
                    created_by="nobody",
                    created_at=MONDAY,
                )
            )
        session.add(Division(code=NINGBO, name="宁波市", level="city", parent_code="330000"))
        session.flush()
        pilot(session, "hangzhou", HANGZHOU)
        pilot(session, "ningbo", NINGBO, 2023)
    return site


def test_the_list_is_narrowed_and_comes_in_pages(piloted: Site) -> None:
    auditor = piloted.signed_in("auditor")

    def cities(query: str = "") -> list[str]:
        return [each["division"] for each in auditor.api("GET", f"/cycles?{query}").json]

    assert cities() == ["浙江省宁波市", "浙江省杭州市"]
    assert cities("year=2022") == cities("division=330100") == cities("division=杭州") == ["浙江省杭州市"]
    assert cities("programme=pilot_city&status=midterm&division=浙江") == cities()
    assert cities("status=cancelled") == cities("programme=miit_industry") == cities("division=%25") == []
    second = auditor.api("GET", "/cycles?size=1&page=2")
    assert (second.headers["X-Total-Count"], second.json[0]["division_code"]) == ("2", HANGZHOU)
    assert auditor.api("GET", "/cycles?status=unknown").status_code == 422
    told = second.json[0]
    assert (told["status_label"], told["starts_on"], told["ends_on"]) == (
        "创建实施（中期评估已办结）",
        "2023-01-01",
        "2025-12-31",
    )
    (assessed,) = told["assessments"]
    assert (assessed["stage_label"], assessed["verdict_label"], assessed["article"]) == (
        "中期评估",
        "未达要求",
        "四(3)4",
    )


def test_one_city_is_told_with_its_goals_year_by_year_and_the_articles(piloted: Site) -> None:
    view = piloted.signed_in("auditor").api("GET", "/cycles/hangzhou").json
    assert (view["article"], view["ending_article"], view["version"]) == ("四(3)", "四(3)4", 2)
    (target,) = view["targets"]
    assert target["title"] == "创新能力：研发投入强度（%）"
    first, _, third = target["goals"]
    assert (first["year"], first["actual"], first["rate"]) == (2023, "2.7", "90.00")
    assert (third["goal"], third["approved"], third["actual"]) == ("3.2", "3.4", None)
    assert [(each["kind_label"], each["on"]) for each in view["milestones"]] == [
        ("年度会议", "2024-01-01"),
        ("中期评估", "2024-07-01"),
        ("年度会议", "2025-01-01"),
        ("年度会议", "2026-01-01"),
        ("期末考核", "2026-01-01"),
    ]
    (ordered,) = view["rectifications"]
    assert (ordered["order_number"], ordered["verdict_label"], ordered["article"]) == (
        "工信规〔2024〕3号",
        "达到要求",
        "四(3)4",
    )
    assert ordered["adjustment"]["agreed"] is True


def test_the_pages_lead_to_the_articles(piloted: Site) -> None:
    auditor = piloted.signed_in("auditor")
    assert "2024年7月1日起中期评估；" in auditor.get("/applications/hangzhou").text
    for path in ("/applications/hangzhou", "/rounds/round-2022"):
        assert "/articles#%E5%9B%9B(3)4" in auditor.get(path).text, path


def test_the_round_leads_to_the_applications_that_its_reader_may_see(piloted: Site) -> None:
    city, auditor = piloted.signed_in("city"), piloted.signed_in("auditor")
    for year, key, name in ((2022, "hangzhou", "浙江省杭州市"), (2023, "ningbo", "浙江省宁波市")):
        assert f"<td>{name}</td>" in city.get(f"/rounds/round-{year}").text
        linked = f'<td><a href="/applications/{key}">{name}</a></td>'
        assert linked in auditor.get(f"/rounds/round-{year}").text


def test_who_may_not_see_the_application_does_not_see_its_years(piloted: Site) -> None:
    city = piloted.signed_in("city")
    assert city.api("GET", "/cycles").json == []
    assert city.api("GET", "/cycles/hangzhou").status_code == 404
    assert piloted.visitor().api("GET", "/cycles").status_code == 401
    auditor = piloted.signed_in("auditor")
    assert auditor.api("GET", "/cycles/unknown").status_code == 404


def test_many_take_as_many_statements_as_few(piloted: Site) -> None:
    counted = []
    for number in range(3):
        with piloted.database.write() as session:
            auditor = access.actor(session, piloted.people["auditor"], MONDAY)
            session.expire_all()
            with statements(session) as executed:
                assert overviews.visible_cycles(session, auditor).total == 2 + number
            counted.append(len(executed))
            session.add(Division(code=f"33030{number}", name="又一市", level="city", parent_code="330000"))
            session.flush()
            pilot(session, f"more{number}", f"33030{number}")
    assert len(set(counted)) == 1
