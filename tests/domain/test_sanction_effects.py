"""Fraud in one round bars the right ones from the next and only them, until an appeal lifts it."""

from datetime import date

import pytest

from service.domain import applications, objections, sanctions
from service.domain.applications import Application
from service.domain.sanctions import Barred
from service.engine import history
from tests.domain.contexts import accepted_rows
from tests.domain.world import HANGZHOU, MINISTRY, ZHEJIANG, World

NINGBO, SUZHOU = "330200", "320500"


def test_fraud_bars_the_city_and_its_province_from_three_rounds_until_appeals_lift_it(world: World) -> None:
    first = world.open_round()
    application = world.accepted(first, [HANGZHOU])[HANGZHOU]
    case = world.open_case(application)
    world.decide_objection(case, "fraud")
    decision = {"number": "工信处〔2018〕7号", "date": "2018-03-01", "facts": "虚报技术改造投资。"}
    world.do(f"objection:{case}", "sanction_decision", "impose", given={"sanction": decision})
    world.settle()

    world.advance_to("2019-03-01")
    following = world.open_round(2019, "2019-04-10")
    for division, whose in ((HANGZHOU, "杭州市"), (NINGBO, "浙江省")):
        with pytest.raises(Barred, match=f"工信处〔2018〕7号.*{whose}在2019至2021年度"):
            world.apply(following, division)
    world.apply(following, SUZHOU)
    with world.database.read() as session:
        for year, barred in ((2018, False), (2019, True), (2021, True), (2022, False)):
            assert (sanctions.check(session, NINGBO, "miit_industry", year) is not None) is barred
        assert sanctions.check(session, HANGZHOU, "zhejiang_manufacturing", 2019) is None

    lift(world, ZHEJIANG)
    world.apply(following, NINGBO)
    with pytest.raises(Barred, match="杭州市"):
        world.apply(following, HANGZHOU)
    lift(world, HANGZHOU)
    world.apply(following, HANGZHOU)
    with world.database.read() as session:
        events = [event.type for event in history.of_chain(session, history.SYSTEM)]
        kept = sanctions.of_programme(session, "miit_industry")
    assert (events.count("sanction_imposed"), events.count("sanction_lifted")) == (2, 2)
    assert {each.appeal_number for each in kept} == {"工信复议〔2019〕2号"}


def lift(world: World, division: str) -> None:
    with world.database.write() as session:
        (standing,) = (
            each
            for each in sanctions.of_programme(session, "miit_industry")
            if each.division_code == division
        )
        sanctions.lift(
            session,
            world.official(session, *MINISTRY),
            standing.id,
            appeal_number="工信复议〔2019〕2号",
            lifted_on=date(2019, 3, 1),
            reason="原认定的事实不清。",
            now=world.clock.now(),
        )


def test_a_province_that_may_not_apply_keeps_what_was_accepted_before_but_the_barred_city_is_out(
    world: World,
) -> None:
    """评选资格 is lost under review as well, 申报资格 by who has yet to apply."""
    _, ids = accepted_rows(world, [HANGZHOU, NINGBO, SUZHOU])
    world.bar(HANGZHOU, 2018, province=True)
    with world.database.write() as session:
        assert set(objections.disqualified(session, ids.values())) == {ids[HANGZHOU]}
        session.get_one(Application, ids[NINGBO]).accepted_at = None
        session.flush()
        told = applications.barred(session, ids.values())
    assert set(told) == {ids[HANGZHOU], ids[NINGBO]}
    assert "浙江省在2018年度被取消申报资格" in told[ids[NINGBO]]
