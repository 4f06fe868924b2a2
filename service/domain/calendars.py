"""The work calendar (工作日): chinesecalendar under an admin's table of holidays and make-up days (调休).

The table is loaded by `holidays`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple, cast

import chinese_calendar
from sqlalchemy import ForeignKey, String, Table, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain.errors import Conflict
from service.store.database import Base, UTCDateTime


class HolidayYear(Base):
    """A year that the admin's table knows, loaded from the State Council's notice of that year."""

    __tablename__ = "holiday_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Holiday(Base):
    """What the admin's table says of one day; it overrules chinesecalendar."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("holiday_year.year"), index=True)
    is_working_day: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))


class CalendarYearMissing(Conflict):
    """工作日历没有 {year} 年的放假安排，不能确定期限。请管理员载入国务院办公厅公布的该年安排后再办。"""


class Forecast(NamedTuple):
    """An end, `provisional` (暂定) where a year without calendar was counted by weekdays."""

    ends_at: datetime
    provisional: bool


def is_working_day(session: Session, day: date) -> bool:
    """By the calendar; CalendarYearMissing where neither the package nor the admin's table has the year."""
    return _Calendar(session).is_working_day(day)


def working_days_after(session: Session, start: date | datetime, n: int) -> date:
    """The n-th working day after the start's day in Asia/Shanghai (n ≥ 1)."""
    return _nth(_Calendar(session), _day(start) + timedelta(days=1), n)


def notice_end(session: Session, start: date | datetime, n: int, count_first_day: bool = False) -> datetime:
    """24:00 of the last of n working days, aware in Asia/Shanghai (= 00:00 of the next day).

    The day of the start itself counts only with `count_first_day`, and only if it is a working day.
    """
    return _notice_end(_Calendar(session), start, n, count_first_day)


def forecast_notice_end(
    session: Session, start: date | datetime, n: int, count_first_day: bool = False
) -> Forecast:
    """As `notice_end`, for plans only: a year without calendar is counted by weekdays, and marked 暂定."""
    calendar = _Calendar(session, forecast=True)
    return Forecast(_notice_end(calendar, start, n, count_first_day), calendar.guessed)


def end_of_day(day: date) -> datetime:
    """24:00 of the day in Asia/Shanghai: a deadline “…日前” includes its day (reading 20)."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def chinese(moment: date | datetime) -> str:
    """2025年10月10日, and for an instant 2025年10月10日 09:30, in Asia/Shanghai."""
    day = _day(moment)
    text = f"{day.year}年{day.month}月{day.day}日"
    return f"{text} {moment.astimezone(SHANGHAI):%H:%M}" if isinstance(moment, datetime) else text


_HOLIDAY_YEARS, _HOLIDAYS = cast(Table, HolidayYear.__table__), cast(Table, Holiday.__table__)
_YEAR = (
    select(_HOLIDAYS.c.day, _HOLIDAYS.c.is_working_day)
    .select_from(_HOLIDAY_YEARS.outerjoin(_HOLIDAYS))
    .where(_HOLIDAY_YEARS.c.year == bindparam("year"))
)


class _Calendar:
    """The days of the years that one question touches; one statement a year."""

    def __init__(self, session: Session, *, forecast: bool = False) -> None:
        self._session = session
        self._forecast = forecast
        self._years: dict[int, dict[date, bool]] = {}
        self.guessed = False

    def is_working_day(self, day: date) -> bool:
        if day.year not in self._years:
            self._years[day.year] = self._load(day.year)
        listed = self._years[day.year].get(day)
        if listed is not None:
            return listed
        return packaged_day(day) if packaged(day.year) else day.weekday() < 5

    def _load(self, year: int) -> dict[date, bool]:
        rows = self._session.connection().execute(_YEAR, {"year": year}).all()
        if not rows and not packaged(year):
            if not self._forecast:
                raise CalendarYearMissing(year=year)
            self.guessed = True
        return {day: working for day, working in rows if day is not None}


def _notice_end(calendar: _Calendar, start: date | datetime, n: int, count_first_day: bool) -> datetime:
    first = _day(start) if count_first_day else _day(start) + timedelta(days=1)
    return end_of_day(_nth(calendar, first, n))


def _nth(calendar: _Calendar, first: date, n: int) -> date:
    if n < 1:
        raise ValueError(f"working days are counted from 1, not {n}")
    working = (day for day in _days(first) if calendar.is_working_day(day))
    for _ in range(n - 1):
        next(working)
    return next(working)


def _days(first: date) -> Iterator[date]:
    while True:
        yield first
        first += timedelta(days=1)


def _day(instant: date | datetime) -> date:
    if not isinstance(instant, datetime):
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant.isoformat()}")
    return instant.astimezone(SHANGHAI).date()


@cache
def packaged_day(day: date) -> bool:
    """As chinesecalendar has it; kept, for it looks through all of its days each time that it is asked."""
    return bool(chinese_calendar.is_workday(day))


@cache
def packaged(year: int) -> bool:
    """Whether chinesecalendar knows the year; it says so only by refusing."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
