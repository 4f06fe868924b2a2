"""Office hours: eight from nine on working days, counted forwards and backwards."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.clock import SHANGHAI
from service.domain.simulation.hours import OfficeHours

HOURS = OfficeHours(chinese_calendar.is_workday)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2018-03-01 09:00", 2, "2018-03-01 11:00"),
        ("2018-03-01 16:00", 2, "2018-03-02 10:00"),
        ("2018-03-02 16:00", 2, "2018-03-05 10:00"),  # over a weekend
        ("2018-03-03 12:00", 1, "2018-03-05 10:00"),  # begun on a Saturday
        ("2018-02-14 15:00", 4, "2018-02-22 11:00"),  # over 春节
        ("2018-02-23 16:00", 2, "2018-02-24 10:00"),  # into a make-up Saturday
    ],
)
def test_work_ends_within_office_hours(start: str, hours: int, end: str) -> None:
    assert HOURS.after(at(start), timedelta(hours=hours)) == at(end)


def test_time_is_left_before_a_deadline_that_ends_a_day() -> None:
    assert HOURS.before(at("2018-03-06 00:00"), timedelta(hours=10)) == at("2018-03-02 15:00")


@settings(deadline=None)
@given(st.integers(0, 300 * 24 * 60), st.integers(1, 100 * 60))
def test_counting_back_gives_the_start_again(minute: int, spent: int) -> None:
    start = HOURS.after(at("2018-01-01 00:00") + timedelta(minutes=minute), timedelta(minutes=1))
    end = HOURS.after(start, timedelta(minutes=spent))
    assert HOURS.after(HOURS.before(end, timedelta(minutes=spent)), timedelta(minutes=spent)) == end


@settings(deadline=None)
@given(st.dates(date(2018, 1, 1), date(2018, 12, 31)), st.integers(1, 10_000))
def test_nobody_works_on_a_day_off(day: date, minutes: int) -> None:
    end = HOURS.after(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI), timedelta(minutes=minutes))
    assert chinese_calendar.is_workday(end.date())
