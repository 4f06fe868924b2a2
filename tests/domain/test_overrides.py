"""“原则上”: what is not met may be overridden, on the record; what is hard never."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.domain import editions, eligibility, histories, judgements, overviews, verifying
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.eligibility import NotEligible
from service.domain.judgements import ApprovedLater, JudgedUnmet
from service.domain.offices import GOVERNMENT, INDUSTRY
from service.domain.overrides import Override
from service.domain.subjects import SubjectMissing
from service.domain.user_tasks import FormInvalid
from tests.domain.world import HANGZHOU, MINISTRY, REPOSITORY, ZHEJIANG, World
from tests.domain.world_2022 import World2022

WAIVER = {
    "met": "unmet",
    "basis": "集群尚在培育。",
    "waived": True,
    "waiver_reason": "集群尚在培育，其余各项成效突出。",
    "waiver_approver": "厅党组会",
    "waiver_number": "〔2022〕2号会议纪要",
    "waiver_date": "2022-01-05",
}


def waived(condition: str, **cells: Any) -> dict[str, dict[str, Any]]:
    """The form in which this condition is waived, all else met."""
    filled = {f"items.{condition}.{cell}": value for cell, value in {**WAIVER, **cells}.items()}
    return {"conditions_a": filled, "conditions_b": filled}


def recorded(world: World) -> list[Override]:
    with world.database.read() as session:
        return list(session.scalars(select(Override).order_by(Override.overridden_at)))


def test_what_holds_in_principle_is_overridden_by_a_sealed_record(either_world_2022: World2022) -> None:
    world = either_world_2022
    application = world.submitted(world.open_track("a"), HANGZHOU)
    key = f"application:{application}"
    world.do(key, "province_review", "agree", given=waived("clusters"))
    (override,) = recorded(world)
    assert (override.condition, override.article, override.name) == ("clusters", "6(5)", "第六条第（五）项")
    assert (override.reason, override.approver) == ("集群尚在培育，其余各项成效突出。", "厅党组会")
    assert (override.document_number, str(override.approved_on)) == ("〔2022〕2号会议纪要", "2022-01-05")
    assert (override.office, override.division) == (INDUSTRY, ZHEJIANG)
    assert override.overridden_at == world.clock.now()
    with world.database.write() as session:
        assert override.overridden_by == world.official(session, INDUSTRY, ZHEJIANG).person_id
    with world.database.read() as session:
        assert list(verifying.broken(session)) == []
        found = {
            each.condition: each for each in judgements.of(session, session.get_one(Application, application))
        }
    assert [key for key, each in found.items() if not each.met] == ["clusters"]
    assert all(each.stands for each in found.values())
    assert [key for key, each in found.items() if each.hard] == ["safety"]


@pytest.mark.parametrize("column", ["reason", "approver", "document_number", "approved_on", "condition"])
def test_a_record_that_was_changed_shows(world_2022: World2022, column: str) -> None:
    application = world_2022.submitted(world_2022.open_track("a"), HANGZHOU)
    world_2022.do(f"application:{application}", "province_review", "agree", given=waived("clusters"))
    with world_2022.database.engine.begin() as connection:
        value = "'2022-01-01'" if column == "approved_on" else "'另一个'"
        connection.exec_driver_sql(f"UPDATE eligibility_override SET {column} = {value}")
    with world_2022.database.read() as session:
        assert any("按“原则上”放宽的条件" in fault for fault in verifying.broken(session))


def test_everybody_whom_the_application_reaches_reads_the_override(world_2022: World2022) -> None:
    world = world_2022
    round_id = world.open_track("b")
    application = world.submitted(round_id, HANGZHOU)
    key = f"application:{application}"
    world.do(key, "province_review", "agree", given=waived("security"))
    world.settle()

    def readers(*offices: tuple[str, str]) -> list[Actor]:
        with world.database.write() as session:
            return [world.official(session, *office) for office in offices]

    def reads(actor: Actor) -> None:
        with world.database.read() as session:
            shown = overviews.of_application(session, actor, application).judgements
            (line,) = [each for each in shown if each.override]
            assert line.override is not None
            assert (line.name, line.met, line.hard) == ("第七条第（五）项", False, False)
            assert (line.override.office, line.override.approver) == (
                "浙江省工业和信息化主管部门",
                "厅党组会",
            )
            sentences = [each.sentence for each in histories.of_case(session, actor, key, size=100).rows]
            assert (
                "浙江省工业和信息化主管部门 industry-330000 对第七条第（五）项按“原则上”予以放宽，"
                "批准人：厅党组会，批准文号：〔2022〕2号会议纪要，批准日期：2022年1月5日，理由：集群尚在培育，其余各项成效突出"
            ) in sentences

    province, government, ministry = readers((INDUSTRY, ZHEJIANG), (GOVERNMENT, ZHEJIANG), MINISTRY)
    reads(province)
    with world.database.read() as session, pytest.raises(SubjectMissing):
        overviews.of_application(session, government, application)
    world.recommend(round_id, ZHEJIANG)
    reads(government)
    reads(ministry)


def test_who_does_not_waive_does_not_agree(world_2022: World2022) -> None:
    key = f"application:{world_2022.submitted(world_2022.open_track('a'), HANGZHOU)}"
    unmet = {f"items.growth.{cell}": value for cell, value in {"met": "unmet", "waived": False}.items()}
    with pytest.raises(JudgedUnmet, match="第六条第（二）项标为“不符合”"):
        world_2022.do(key, "province_review", "agree", given={"conditions_a": unmet})
    assert recorded(world_2022) == []


def test_a_waiver_that_goes_with_a_refusal_is_no_override(world_2022: World2022) -> None:
    application = world_2022.submitted(world_2022.open_track("a"), HANGZHOU)
    key = f"application:{application}"
    world_2022.do(key, "province_review", "refuse", opinion="名额有限。", given=waived("growth"))
    assert recorded(world_2022) == []
    assert "第六条第（二）项（集群尚在培育）" in (world_2022.application(application).reason or "")


def test_nobody_waives_by_an_approval_of_tomorrow(world_2022: World2022) -> None:
    key = f"application:{world_2022.submitted(world_2022.open_track('a'), HANGZHOU)}"
    with pytest.raises(ApprovedLater) as refused:
        world_2022.do(key, "province_review", "agree", given=waived("growth", waiver_date="2022-01-06"))
    assert [each.place for each in refused.value.problems] == ["/items/growth/waiver_date"]
    assert recorded(world_2022) == []


# What is hard.


@pytest.mark.parametrize("track", ["a", "b"])
def test_an_accident_is_never_overridden(world_2022: World2022, track: str) -> None:
    key = f"application:{world_2022.submitted(world_2022.open_track(track), HANGZHOU)}"
    with pytest.raises(FormInvalid) as refused:
        world_2022.do(key, "province_review", "agree", given=waived("safety"))
    (found,) = refused.value.forms.values()
    assert "第（六）项必须具备，没有“原则上”，不能放宽" in found[0].message
    assert recorded(world_2022) == []


def test_nothing_of_the_2018_edition_is_ever_overridden(world: World) -> None:
    round_id = world.open_round()
    key = f"application:{world.apply(round_id, HANGZHOU)}"
    world.do(key, "fill_in", "submit")
    with pytest.raises(FormInvalid) as refused:
        world.do(key, "province_review", "agree", given={"conditions": {"items.plan.waived": True}})
    message = refused.value.forms["conditions"][0].message
    assert message == "第6条第（1）项必须具备，没有“原则上”，不能放宽；请删去。"
    with world.database.read() as session:
        row = session.get_one(Application, key.partition(":")[2])
        assert all(each.hard is True for each in eligibility.latest(session, row.id))


# What a table computes may hold in principle, too: the edition's table says so.


@pytest.fixture
def lenient(world_2022: World2022, tmp_path: Path) -> World2022:
    """The edition, were bad incidents a matter of principle: its table says so, and a row of its form."""
    for part in ("processes", "forms"):
        for name in ("miit_industry/2022", "shared"):
            shutil.copytree(REPOSITORY / part / name, tmp_path / part / name)
    table = tmp_path / "processes/miit_industry/2022/eligibility.dmn"
    text = table.read_text(encoding="utf-8")
    for rule in ("stability_incident_met", "stability_incident_unmet"):
        before = f'<outputEntry id="{rule}_hard">\n          <text>true</text>'
        assert before in text
        text = text.replace(before, before.replace("true", "false"))
    table.write_text(text, encoding="utf-8")
    form = tmp_path / "forms/miit_industry/2022/conditions_a.yaml"
    text = form.read_text(encoding="utf-8")
    assert "key: clusters" in text
    form.write_text(text.replace("key: clusters", "key: stability_incident"), encoding="utf-8")
    with world_2022.database.write() as session:
        folder = editions.EditionFolder.read(tmp_path, "miit_industry/2022")
        known = editions.known(world_2022.engine.services)
        world_2022.edition_id = editions.publish(session, folder, known, now=world_2022.clock.now()).id
    return world_2022


def incident(world: World2022, round_id: str, **what: bool) -> str:
    application = world.apply(round_id, HANGZHOU)
    report = {name: what.get(name, False) for name in ("safety_accident", "stability_incident")}
    report = {name: value for name, value in report.items() if value}
    world.do(f"application:{application}", "fill_in", "submit", given={"report_a": report})
    return f"application:{application}"


def test_a_computed_condition_that_holds_in_principle_goes_to_who_may_override_it(lenient: World2022) -> None:
    key = incident(lenient, lenient.open_track("a"), stability_incident=True)
    lenient.do(key, "statistics_check", "agree")
    with pytest.raises(NotEligible, match="造成恶劣影响的社会事件"):
        lenient.do(key, "province_review", "agree")
    lenient.do(key, "province_review", "agree", given=waived("stability_incident"))
    assert [each.condition for each in recorded(lenient)] == ["stability_incident"]
    lenient.settle()
    assert lenient.application(key.partition(":")[2]).status == "ready"


def test_a_hard_condition_beside_it_still_sends_the_application_back(lenient: World2022) -> None:
    key = incident(lenient, lenient.open_track("a"), stability_incident=True, safety_accident=True)
    assert lenient.open_tasks(key) == ["fill_in"]
