"""Rounds: who sets them up, what they refuse, and the quota that is fixed before scores are opened."""

import pytest
from sqlalchemy.orm import Session

from service.domain import access, offices, recommendations, rounds
from service.domain.errors import Forbidden
from service.domain.procedures.effects.rounds import IntakeOpen
from service.domain.rounds import (
    DeadlinePast,
    QuotaOutOfRange,
    Round,
    RoundExists,
    Stage,
    TrackMissing,
    YearTooEarly,
    YearTooLate,
)
from service.domain.user_tasks import FormInvalid
from service.store.database import new_id
from tests.domain.contexts import accepted_rows
from tests.domain.world import CITIES, HANGZHOU, MINISTRY, ZHEJIANG, World


def create(world: World, *, office: tuple[str, str] = MINISTRY, year: int = 2018, track: str = "main") -> str:
    with world.database.write() as session:
        actor = world.official(session, *office)
        return rounds.create(
            session, world.engine, actor, edition_id=world.edition_id, year=year, track=track
        ).id


def test_the_ministry_sets_up_a_round_for_an_assessed_year(world: World) -> None:
    round_id = create(world)
    round_ = world.round(round_id)
    assert round_.title == "2018年度工业稳增长和转型升级成效明显市（州）"
    assert round_.stage == Stage.OPENING
    assert world.open_tasks(f"round:{round_id}") == ["open_round"]


def test_an_administrator_may_set_it_up_too(world: World) -> None:
    with world.database.write() as session:
        admin = access.Actor("a" * 32, "管理员", (access.ActorMembership("", "", "admin"),))
        rounds.create(session, world.engine, admin, edition_id=world.edition_id, year=2018, track="main")


def test_a_province_may_not(world: World) -> None:
    with pytest.raises(Forbidden):
        create(world, office=(offices.INDUSTRY, ZHEJIANG))


def test_a_year_and_track_have_one_round(world: World) -> None:
    create(world)
    with pytest.raises(RoundExists, match="2018年度"):
        create(world)
    create(world, year=2019)


def test_the_edition_is_in_force_from_its_first_year_on(world: World) -> None:
    with pytest.raises(YearTooEarly, match="2018"):
        create(world, year=2017)


def test_a_year_of_which_no_form_takes_a_day_is_refused(world: World) -> None:
    with pytest.raises(YearTooLate, match="最晚是 2099 年，不能是 9999 年度"):
        create(world, year=9999)


def test_an_unknown_track_is_refused_with_those_that_exist(world: World) -> None:
    with pytest.raises(TrackMissing, match=r"可选的有：工业稳增长和转型升级成效明显市（州）（main）。"):
        create(world, track="second")


def test_a_deadline_that_has_passed_is_refused_and_nothing_is_opened(world: World) -> None:
    with pytest.raises(DeadlinePast, match="2018年2月28日"):
        world.open_round(deadline="2018-02-28")
    with world.database.read() as session:
        (round_,) = rounds.listed(session).rows
        assert round_.stage == Stage.OPENING


def test_opening_starts_one_recommendation_for_each_province_level_division(world: World) -> None:
    round_id = world.open_round(deadline="2018-03-01")
    with world.database.read() as session:
        codes = [each.division_code for each in recommendations.of_round(session, round_id)]
    assert len(codes) == 32
    assert "660000" in codes


def test_the_intake_is_closed_only_when_everything_has_been_dealt_with(world: World) -> None:
    round_id = world.open_round()
    application = world.bring_up(round_id, HANGZHOU)
    world.recommend(round_id, ZHEJIANG)
    world.advance_to("2018-04-11")
    with pytest.raises(IntakeOpen, match="浙江省杭州市（已推荐，待受理）"):
        world.do(f"round:{round_id}", "close_intake", "close")
    world.accept(application)
    world.do(f"round:{round_id}", "close_intake", "close")
    assert world.round(round_id).stage == Stage.COMMITTEE


def to_quota(world: World, round_id: str) -> str:
    world.accepted(round_id, CITIES[:1])
    world.advance_to("2018-04-11")
    key = f"round:{round_id}"
    world.do(key, "close_intake", "close")
    world.do(key, "form_committee", "seat", given={"committee": {"members": world.seats()}})
    return key


@pytest.mark.parametrize("quota", ["9", "16"])
def test_a_quota_outside_the_range_of_the_edition_is_refused(world: World, quota: str) -> None:
    key = to_quota(world, world.open_round())
    with pytest.raises((QuotaOutOfRange, FormInvalid)):
        world.do(key, "record_quota", "record", given={"quota": {"quota": quota}})
    assert world.open_tasks(key) == ["record_quota"]


def test_the_quota_is_recorded_once_with_who_and_when(world: World) -> None:
    round_id = world.open_round()
    key = to_quota(world, round_id)
    world.do(key, "record_quota", "record", given={"quota": {"quota": "12"}})
    round_ = world.round(round_id)
    assert (round_.quota, round_.quota_recorded_at) == (12, world.clock.now())
    assert round_.scoring_pass == 1
    assert round_.stage == Stage.SCORING


def test_a_year_has_closed_when_none_of_its_lists_takes_applications(world: World) -> None:
    round_id, _ = accepted_rows(world, [])
    with world.database.write() as session:
        first = session.get_one(Round, round_id)
        first.stage = Stage.COLLECTING
        session.flush()
        assert rounds.last_closed_year(session, first) == 2018, "its own at least"
        first.stage = Stage.COMMITTEE
        open_, _ = (another(session, first, track, stage) for track, stage in LISTS_OF_2019)
        assert rounds.last_closed_year(session, first) == 2018
        open_.stage = Stage.COMMITTEE
        session.flush()
        assert rounds.last_closed_year(session, first) == 2019


LISTS_OF_2019 = (("city", Stage.COLLECTING), ("county", Stage.SCORING))


def another(session: Session, first: Round, track: str, stage: Stage) -> Round:
    """A round of the year after, of another list."""
    row = Round(
        id=new_id(),
        edition_id=first.edition_id,
        programme=first.programme,
        year=2019,
        division_code=first.division_code,
        track=track,
        title="2019年度",
        stage=stage,
        created_by=first.created_by,
        created_at=first.created_at,
        scoring_pass=0,
    )
    session.add(row)
    session.flush()
    return row
