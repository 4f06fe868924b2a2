"""Applications: who may apply, by which chain of offices, until when, and what bars them."""

from datetime import date, datetime, timedelta

import pytest

from service.clock import SHANGHAI
from service.domain import applications, offices, sanctions
from service.domain.applications import (
    ApplicationExists,
    CollectionEnded,
    LevelRefused,
    NotCollecting,
    RecommendationClosed,
    Status,
)
from service.domain.errors import Forbidden
from service.domain.procedures.effects.applications import IntakeBarred, IntakeRefused
from service.domain.sanctions import Barred
from tests.domain.world import HANGZHOU, IN_ORDER, YUHANG, ZHEJIANG, World

XIANTAO, CHAOYANG, NINGBO = "429004", "110105", "330200"


def test_a_county_goes_via_its_city(world: World) -> None:
    application = world.application(world.apply(world.open_round(), YUHANG))
    assert (application.city_code, application.province_code) == (HANGZHOU, ZHEJIANG)


@pytest.mark.parametrize(
    ("division", "province"),
    [(XIANTAO, "420000"), (CHAOYANG, "110000"), (NINGBO, ZHEJIANG), (HANGZHOU, ZHEJIANG)],
)
def test_who_has_no_city_above_goes_straight_to_the_province(
    world: World, division: str, province: str
) -> None:
    application = world.apply(world.open_round(), division)
    row = world.application(application)
    assert (row.city_code, row.province_code) == (None, province)
    world.do(f"application:{application}", "fill_in", "submit")
    assert world.open_tasks(f"application:{application}") == ["province_review"]


def test_every_office_of_the_chain_gets_its_own_step(world: World) -> None:
    key = f"application:{world.apply(world.open_round(), YUHANG)}"
    for element in ("fill_in", "city_review", "province_review"):
        with world.database.read() as session:
            (task,) = world.tasks(session, key)
            assert (task.element_id, task.office) == (element, offices.INDUSTRY)
            expected = {"fill_in": YUHANG, "city_review": HANGZHOU, "province_review": ZHEJIANG}
            assert task.division == expected[element]
        world.do(key, element, "submit" if element == "fill_in" else "agree")


def test_a_province_is_no_applicant(world: World) -> None:
    with pytest.raises(LevelRefused, match="第5条"):
        world.apply(world.open_round(), ZHEJIANG)


def test_nobody_applies_for_somebody_else(world: World) -> None:
    round_id = world.open_round()
    with world.database.write() as session, pytest.raises(Forbidden):
        applications.create(
            session,
            world.engine,
            world.official(session, offices.INDUSTRY, ZHEJIANG),
            round_id=round_id,
            division_code=HANGZHOU,
        )


def test_a_division_applies_once_a_round(world: World) -> None:
    round_id = world.open_round()
    world.apply(round_id, HANGZHOU)
    with pytest.raises(ApplicationExists, match=r"杭州市.*逐级申报中"):
        world.apply(round_id, HANGZHOU)


def test_who_withdrew_may_apply_again(world: World) -> None:
    round_id = world.open_round()
    first = world.apply(round_id, HANGZHOU)
    world.do(f"application:{first}", "fill_in", "withdraw")
    assert world.application(first).status == Status.WITHDRAWN
    second = world.apply(round_id, HANGZHOU)
    assert second != first


def test_the_last_day_counts_until_midnight(world: World) -> None:
    round_id = world.open_round(deadline="2018-04-10")
    midnight = datetime(2018, 4, 11, tzinfo=SHANGHAI)
    world.clock.advance_to(midnight - timedelta(seconds=1))
    world.apply(round_id, HANGZHOU)
    world.clock.advance_to(midnight)
    with pytest.raises(CollectionEnded, match="2018年4月10日 24:00"):
        world.apply(round_id, NINGBO)


def test_no_application_before_the_round_is_opened_or_after_its_collection(world: World) -> None:
    round_id = world.open_round()
    world.advance_to("2018-04-11")
    world.do(f"round:{round_id}", "close_intake", "close")
    with pytest.raises(NotCollecting, match="已结束"):
        world.apply(round_id, HANGZHOU)


def test_what_has_not_come_up_by_the_deadline_lapses_with_a_reason(world: World) -> None:
    round_id = world.open_round()
    filling, reviewing = world.apply(round_id, HANGZHOU), world.apply(round_id, YUHANG)
    world.do(f"application:{reviewing}", "fill_in", "submit")
    world.advance_to("2018-04-11")
    for application in (filling, reviewing):
        row = world.application(application)
        assert row.status == Status.LAPSED
        assert row.reason == "到2018年4月10日 24:00 截止时，还没有完成逐级申报。"
        assert world.open_tasks(f"application:{application}") == []


def test_a_return_goes_back_to_the_applicant_and_a_refusal_ends_it_with_the_opinion(world: World) -> None:
    application = world.apply(world.open_round(), YUHANG)
    key = f"application:{application}"
    world.do(key, "fill_in", "submit")
    world.do(key, "city_review", "return", opinion="请核对数据。")
    world.do(key, "fill_in", "submit")
    world.do(key, "city_review", "agree")
    world.do(key, "province_review", "refuse", opinion="产业基础不足。")
    assert world.application(application).status == Status.REFUSED
    assert world.application(application).reason == "产业基础不足。"


def sanction(world: World, division: str) -> None:
    with world.database.write() as session:
        sanctions.impose(
            session,
            programme="miit_industry",
            division_code=division,
            year=2017,
            city_years=3,
            province_years=3,
            decision_number="工信处〔2017〕3号",
            decided_on=date(2017, 9, 1),
            reason="虚报数据。",
            subject="objection:1",
            now=world.clock.now(),
            actor_id=None,
        )


@pytest.mark.parametrize("division", [HANGZHOU, NINGBO, YUHANG])
def test_a_sanction_bars_the_city_and_all_of_its_province_and_names_the_decision(
    world: World, division: str
) -> None:
    sanction(world, HANGZHOU)
    with pytest.raises(Barred, match="工信处〔2017〕3号"):
        world.apply(world.open_round(), division)


def test_a_sanction_that_comes_while_it_is_filled_in_bars_it_at_submission(world: World) -> None:
    application = world.apply(world.open_round(), HANGZHOU)
    sanction(world, NINGBO)
    world.do(f"application:{application}", "fill_in", "submit")
    assert world.application(application).status == Status.BARRED
    assert "工信处〔2017〕3号" in (world.application(application).reason or "")


def test_no_application_to_a_recommending_unit_that_has_finished(world: World) -> None:
    round_id = world.open_round()
    world.bring_up(round_id, HANGZHOU)
    world.recommend(round_id, ZHEJIANG)
    with pytest.raises(RecommendationClosed, match=r"浙江省.*已报送"):
        world.apply(round_id, NINGBO)


def test_material_is_supplemented_in_time_or_not_accepted(world: World) -> None:
    round_id = world.open_round()
    key = f"application:{world.bring_up(round_id, HANGZHOU)}"
    world.recommend(round_id, ZHEJIANG)
    missing = {"seals": False, "missing": [{"item": "推荐表", "fault": "没有盖章", "demand": "补盖公章"}]}
    order = {"complete": True, "letter": True, "data": True, "authentic": True}
    world.do(key, "intake_check", "supplement", given={"intake": {**order, **missing}})
    world.do(key, "supplement", "resubmit")
    world.do(key, "confirm_supplement", "return", opinion="仍缺公章。")
    assert world.open_tasks(key) == ["supplement"]
    world.advance_to("2018-03-09")
    row = world.application(key.removeprefix("application:"))
    assert (row.status, row.reason) == (Status.NOT_ACCEPTED, "没有在规定期限内补正申报材料。")


def test_an_application_that_is_not_accepted_reads_the_opinion(world: World) -> None:
    key = f"application:{world.bring_up(world.open_round(), HANGZHOU)}"
    with world.database.read() as session:
        round_id = applications.get(session, key.removeprefix("application:")).round_id
    world.recommend(round_id, ZHEJIANG)
    world.do(key, "intake_check", "onsite")
    world.do(key, "onsite_check", "report")
    world.do(key, "intake_check", "refuse", opinion="数据与统计公报不符。")
    row = world.application(key.removeprefix("application:"))
    assert (row.status, row.reason) == (Status.NOT_ACCEPTED, "数据与统计公报不符。")


@pytest.fixture
def recommended(world: World) -> tuple[World, str]:
    """Hangzhou's application as the ministry gets it; its key."""
    round_id = world.open_round()
    key = f"application:{world.bring_up(round_id, HANGZHOU)}"
    world.recommend(round_id, ZHEJIANG)
    return world, key


def test_only_what_is_in_order_throughout_is_accepted(recommended: tuple[World, str]) -> None:
    world, key = recommended
    missing = {"missing": [{"item": "推荐表", "fault": "没有盖章", "demand": "补盖公章"}]}
    given = {"intake": {**IN_ORDER, "seals": False, "data": False, **missing}}
    with pytest.raises(IntakeRefused) as refused:
        world.do(key, "intake_check", "accept", given=given)
    assert [each.place for each in refused.value.problems] == ["/data", "/seals"]
    world.do(key, "intake_check", "onsite", given=given)
    world.do(key, "onsite_check", "report")
    world.accept(key.removeprefix("application:"))
    assert world.application(key.removeprefix("application:")).status == Status.ACCEPTED


def test_whom_a_decision_bars_on_the_way_is_not_accepted(recommended: tuple[World, str]) -> None:
    world, key = recommended
    world.bar(HANGZHOU, 2018)
    with pytest.raises(IntakeBarred, match=r"不能申报。请选择“不予受理”。$"):
        world.do(key, "intake_check", "accept", given={"intake": IN_ORDER})
    world.do(key, "intake_check", "refuse", opinion="在取消评选资格期内。")
    assert world.application(key.removeprefix("application:")).status == Status.NOT_ACCEPTED
