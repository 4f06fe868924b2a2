"""The work calendar (工作日): chinesecalendar under an admin's table of holidays and make-up days (调休)."""

import csv
import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import chinese_calendar
from sqlalchemy import ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.memberships import require_admin
from service.engine import history
from service.store.database import Base, UTCDateTime

SHIPPED = Path(__file__).parent.parent / "data" / "holidays"
FIELDS = ("date", "is_working_day", "name")
FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")  # 全国年节及纪念日放假办法, article 2


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


class HolidaysRefused(Invalid):
    """节假日表有 {count} 处错误，没有载入任何一天。请改正后重新载入。"""


class Forecast(NamedTuple):
    """An end, `provisional` (暂定) where a year without calendar was counted by weekdays."""

    ends_at: datetime
    provisional: bool


def load_holidays(session: Session, content: bytes, *, now: datetime, actor_id: str | None = None) -> int:
    """Put a year's CSV file (see data/README.md) in the place of the table's days of that year; returns it.

    Raises HolidaysRefused with every fault and its line, before anything is written.
    """
    require_admin(session, actor_id, now)
    year, days = _read(content)
    digest = hashlib.sha256(content).hexdigest()
    stored = session.get(HolidayYear, year)
    if stored is not None and stored.digest == digest:
        return year
    session.execute(delete(Holiday).where(Holiday.year == year))
    if stored is None:
        session.add(HolidayYear(year=year, digest=digest, loaded_at=now))
    else:
        stored.digest, stored.loaded_at = digest, now
    session.flush()
    session.execute(insert(Holiday), [{"year": year, **day} for day in days])
    data = {"year": year, "digest": digest, "days": len(days)}
    history.record(session, history.SYSTEM, "holidays_loaded", now, actor_id=actor_id, data=data)
    return year


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
        return _packaged_day(day) if _packaged(day.year) else day.weekday() < 5

    def _load(self, year: int) -> dict[date, bool]:
        rows = self._session.execute(
            select(Holiday.day, Holiday.is_working_day)
            .select_from(HolidayYear)
            .outerjoin(Holiday)
            .where(HolidayYear.year == year)
        ).all()
        if not rows and not _packaged(year):
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
def _packaged_day(day: date) -> bool:
    """As chinesecalendar has it; kept, for it looks through all of its days each time that it is asked."""
    return bool(chinese_calendar.is_workday(day))


@cache
def _packaged(year: int) -> bool:
    """Whether chinesecalendar knows the year; it says so only by refusing."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _read(content: bytes) -> tuple[int, list[dict[str, object]]]:
    """The year and the days of a file; raises HolidaysRefused with all faults."""
    try:
        reader = csv.reader(content.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError:
        raise HolidaysRefused([Problem("全表", "文件不是 UTF-8 编码，请另存为 UTF-8 后再载入。")]) from None
    header = next(reader, [])
    if tuple(header) != FIELDS:
        raise HolidaysRefused([Problem("第1行", f"表头应为“{','.join(FIELDS)}”，现为“{','.join(header)}”。")])
    problems: list[Problem] = []
    days: dict[date, dict[str, object]] = {}
    for cells in reader:
        if not any(cells):
            continue
        place = f"第{reader.line_num}行"
        if len(cells) != len(FIELDS):
            problems.append(Problem(place, f"应有 {len(FIELDS)} 列，现有 {len(cells)} 列。"))
            continue
        text, working, name = (cell.strip() for cell in cells)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            problems.append(Problem(place, f"日期“{text}”应写作 2027-01-01 的样子。"))
            continue
        if day in days:
            problems.append(Problem(place, f"{text} 重复。"))
        if days and day.year != next(iter(days)).year:
            problems.append(
                Problem(place, f"一个文件只能有一年的日期，{text} 不在 {next(iter(days)).year} 年。")
            )
        if working not in ("yes", "no"):
            problems.append(Problem(place, f"“{working}”应为 yes（上班）或 no（放假）。"))
        if not 1 <= len(name) <= 40:
            problems.append(Problem(place, "应写明节日名称，不超过 40 个字。"))
        days[day] = {"day": day, "is_working_day": working == "yes", "name": name}
    if not days and not problems:
        problems.append(Problem("全表", "没有任何日期。"))
    year = next(iter(days)).year if days else 0
    if days and not _packaged(year):
        off = "".join(str(day["name"]) for day in days.values() if not day["is_working_day"])
        missing = [festival for festival in FESTIVALS if festival not in off]
        if missing:
            problems.append(Problem("全表", f"{year} 年的安排不全，缺少：{'、'.join(missing)}。"))
    if problems:
        raise HolidaysRefused(problems)
    return year, list(days.values())
