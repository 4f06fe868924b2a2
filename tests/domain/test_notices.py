"""Public notices: both dates, division-code order, and no end before its time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from service.clock import SHANGHAI
from service.domain import notices
from service.domain.calendars import CalendarYearMissing
from service.domain.notices import (
    Listed,
    NobodyToPublish,
    Notice,
    NoticeMissing,
    NoticePublished,
    NoticeRunning,
    NoticeStatus,
)
from service.domain.rounds import Round
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import World

RULES: Mapping[str, Any] = {"working_days": 5, "count_first_day": False}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def prepare(world: World, codes: list[str]) -> str:
    """A notice that names these cities, in this order; its id."""
    round_id, ids = accepted_rows(world, codes)
    with world.database.write() as session:
        listed = [Listed(ids[code], code, code) for code in codes]
        round_ = session.get_one(Round, round_id)
        return notices.prepare(
            context(session),
            round_,
            listed,
            title="公示",
            text="<p>现予公示。</p>",
            contact="李四，010-68205000",
        ).id


def publish(world: World, notice_id: str, when: str, **changed: Any) -> Notice:
    with world.database.write() as session:
        notices.publish(context(session, at(when)), notice_id, {**RULES, **changed})
    with world.database.read() as session:
        return notices.get(session, notice_id)


@pytest.mark.parametrize(
    ("published", "count_first_day", "ends"),
    [
        ("2018-04-19 10:00", False, "2018-04-26"),
        ("2025-09-26 09:00", False, "2025-10-10"),
        ("2022-02-21 09:00", False, "2022-02-28"),
        ("2025-04-29 09:00", True, "2025-05-08"),
        ("2018-02-13 23:59", False, "2018-02-26"),
    ],
)
def test_a_notice_lasts_five_working_days_by_the_work_calendar(
    world: World, published: str, count_first_day: bool, ends: str
) -> None:
    notice = publish(world, prepare(world, ["130100"]), published, count_first_day=count_first_day)
    assert (str(notice.starts_on), str(notice.ends_on)) == (published[:10], ends)
    assert notice.ends_at is not None
    assert notice.ends_at.astimezone(SHANGHAI).strftime("%H:%M:%S") == "00:00:00"
    assert notice.status == NoticeStatus.RUNNING


def test_a_year_without_a_calendar_is_refused_and_nothing_is_published(world: World) -> None:
    notice_id = prepare(world, ["130100"])
    with pytest.raises(CalendarYearMissing, match="2031"):
        publish(world, notice_id, "2031-03-03 09:00")
    with world.database.read() as session, pytest.raises(NoticeMissing):
        notices.get(session, notice_id)


def test_the_list_is_published_in_division_code_order_whatever_the_rank(world: World) -> None:
    notice = publish(world, prepare(world, ["420500", "130100", "320500"]), "2018-04-19 10:00")
    assert world.entries(notice) == ["130100", "320500", "420500"]


def test_a_notice_is_published_once(world: World) -> None:
    notice_id = prepare(world, ["130100"])
    publish(world, notice_id, "2018-04-19 10:00")
    with pytest.raises(NoticePublished, match="2018年第1号"):
        publish(world, notice_id, "2018-04-20 10:00")


def test_it_cannot_be_closed_before_midnight_of_its_last_day(world: World) -> None:
    notice_id = prepare(world, ["130100"])
    publish(world, notice_id, "2018-04-19 10:00")
    with (
        world.database.write() as session,
        pytest.raises(NoticeRunning, match="2018年4月26日 24:00"),
    ):
        notices.close(context(session, at("2018-04-26 23:59:59")), notice_id)
    with world.database.write() as session:
        notices.close(context(session, at("2018-04-27 00:00")), notice_id)
    with world.database.read() as session:
        assert notices.get(session, notice_id).status == NoticeStatus.CLOSED


def test_a_notice_that_names_nobody_is_not_drawn_up(world: World) -> None:
    with pytest.raises(NobodyToPublish):
        prepare(world, [])


def test_the_public_sees_nothing_of_a_notice_that_is_only_prepared(world: World) -> None:
    notice_id = prepare(world, ["130100"])
    with world.database.read() as session:
        assert notices.listed(session).total == 0
        with pytest.raises(NoticeMissing):
            notices.get(session, notice_id)
