"""Loading the work calendar: a year's holidays from a file, with what it changes told before it is loaded."""

import csv
import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain.calendars import Holiday, HolidayYear, packaged, packaged_day
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.memberships import require_admin
from service.domain.notices import Notice, NoticeStatus
from service.domain.rounds import Round
from service.engine import history

SHIPPED = Path(__file__).parent.parent / "data" / "holidays"
FIELDS = ("date", "is_working_day", "name")
FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")  # 全国年节及纪念日放假办法, article 2
WHOLE = "全表"
YEARS_AHEAD = 2


class Row(NamedTuple):
    """One line of a file."""

    line: int
    day: date
    is_working_day: bool
    name: str


class DayChange(NamedTuple):
    """A day that becomes another kind of day; `before` is None where the year had no calendar."""

    day: date
    name: str
    before: bool | None
    after: bool


class Plan(NamedTuple):
    """What loading a file would do; nothing has been done yet."""

    year: int
    changes: list[DayChange]
    notices: Sequence[Notice]
    """Running notices over whose days the calendar changes. Their ends are published, and stay."""
    standing: str
    """The digest of the table that the file would replace, empty where there is none: to load by."""
    digest: str
    """The file's own."""


class CalendarYear(NamedTuple):
    """Whether deadlines can be set in a year, and by whose word."""

    year: int
    packaged: bool
    """The release that is installed knows it."""
    days: int
    """How many days the admin's table has of it."""
    loaded_at: datetime | None

    @property
    def missing(self) -> bool:
        return not self.packaged and self.loaded_at is None


class HolidaysRefused(Invalid):
    """节假日表有 {count} 处错误，没有载入任何一天。请改正后重新载入。"""


class CalendarChanged(Conflict):
    """{year} 年的放假安排刚由别人载入过，这次没有载入。请重新核对变动后再载入。"""


def years(session: Session, now: datetime) -> list[CalendarYear]:
    """Last year, this one and those soon to come, and whatever else the admin's table has."""
    loaded = {row.year: row for row in session.scalars(select(HolidayYear))}
    days: dict[int, int] = {}
    for year in session.scalars(select(Holiday.year)):
        days[year] = days.get(year, 0) + 1
    this = now.astimezone(SHANGHAI).year
    shown = sorted({*range(this - 1, this + YEARS_AHEAD + 1), *loaded})
    return [
        CalendarYear(
            year, packaged(year), days.get(year, 0), loaded[year].loaded_at if year in loaded else None
        )
        for year in shown
    ]


def plan(session: Session, content: bytes, *, now: datetime) -> Plan:
    """What loading a year's CSV file (see data/README.md) would change.

    Raises HolidaysRefused with every fault and its line. Once there is a round, days that have passed may not
    change: deadlines were counted by them.
    """
    rows = read(content)
    year = rows[0].day.year
    stored = session.get(HolidayYear, year)
    changes = _changes(session, year, rows, known=stored is not None or packaged(year))
    if session.scalar(select(exists().where(Round.id.is_not(None)))):
        _refuse_past(rows, changes, now.astimezone(SHANGHAI).date())
    digest = hashlib.sha256(content).hexdigest()
    standing = stored.digest if stored is not None else ""
    return Plan(year, changes, _concerned(session, changes), standing, digest)


def load(
    session: Session,
    content: bytes,
    *,
    now: datetime,
    actor_id: str | None = None,
    standing: str | None = None,
) -> Plan:
    """Put a year's file in the place of the table's days of that year; returns what it changed.

    `standing` is what the plan that somebody approved was made against: CalendarChanged if it stands no more.
    """
    require_admin(session, actor_id, now)
    planned = plan(session, content, now=now)
    year = planned.year
    stored = session.get(HolidayYear, year, with_for_update=True, populate_existing=True)
    if standing is not None and standing != (stored.digest if stored is not None else ""):
        raise CalendarChanged(year=year)
    if planned.standing == planned.digest:
        return planned
    if stored is None:
        try:
            with session.begin_nested():
                session.add(HolidayYear(year=year, digest=planned.digest, loaded_at=now))
        except IntegrityError:
            raise CalendarChanged(year=year) from None
    else:
        stored.digest, stored.loaded_at = planned.digest, now
    session.execute(delete(Holiday).where(Holiday.year == year))
    days = [
        {"year": year, "day": row.day, "is_working_day": row.is_working_day, "name": row.name}
        for row in read(content)
    ]
    session.flush()
    session.execute(insert(Holiday), days)
    data = {"year": year, "digest": planned.digest, "days": len(days), "changed": len(planned.changes)}
    history.record(session, history.SYSTEM, "holidays_loaded", now, actor_id=actor_id, data=data)
    return planned


def read(content: bytes) -> list[Row]:
    """The rows of a file, all of one year; raises HolidaysRefused with all faults."""
    try:
        reader = csv.reader(content.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError:
        raise HolidaysRefused([Problem(WHOLE, "文件不是 UTF-8 编码，请另存为 UTF-8 后再载入。")]) from None
    header = next(reader, [])
    if tuple(header) != FIELDS:
        raise HolidaysRefused([Problem("第1行", f"表头应为“{','.join(FIELDS)}”，现为“{','.join(header)}”。")])
    rows: dict[date, Row] = {}
    problems: list[Problem] = []
    for cells in reader:
        if any(cells):
            row, faults = _row(reader.line_num, cells, rows)
            problems += [Problem(f"第{reader.line_num}行", fault) for fault in faults]
            if row is not None:
                rows[row.day] = row
    problems += [Problem(WHOLE, fault) for fault in _faults_of_the_whole(list(rows.values()), bool(problems))]
    if problems:
        raise HolidaysRefused(problems)
    return list(rows.values())


def _row(line: int, cells: list[str], before: dict[date, Row]) -> tuple[Row | None, list[str]]:
    if len(cells) != len(FIELDS):
        return None, [f"应有 {len(FIELDS)} 列，现有 {len(cells)} 列。"]
    text, working, name = (cell.strip() for cell in cells)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, [f"日期“{text}”应写作 2027-01-01 的样子。"]
    faults = []
    if day in before:
        faults.append(f"{text} 重复。")
    first = next(iter(before), day)
    if day.year != first.year:
        faults.append(f"一个文件只能有一年的日期，{text} 不在 {first.year} 年。")
    if working not in ("yes", "no"):
        faults.append(f"“{working}”应为 yes（上班）或 no（放假）。")
    if not 1 <= len(name) <= 40:
        faults.append("应写明节日名称，不超过 40 个字。")
    return Row(line, day, working == "yes", name), faults


def _faults_of_the_whole(rows: list[Row], faulty: bool) -> list[str]:
    if not rows:
        return [] if faulty else ["没有任何日期。"]
    year = rows[0].day.year
    if packaged(year):
        return []
    off = "".join(row.name for row in rows if not row.is_working_day)
    missing = [festival for festival in FESTIVALS if festival not in off]
    return [f"{year} 年的安排不全，缺少：{'、'.join(missing)}。"] if missing else []


def _changes(session: Session, year: int, rows: list[Row], *, known: bool) -> list[DayChange]:
    """The days that become another kind of day; of a year without calendar, all that the file lists."""
    new = {row.day: row for row in rows}
    if not known:
        return [DayChange(row.day, row.name, None, row.is_working_day) for row in sorted(rows, key=_day)]
    old = {each.day: each for each in session.scalars(select(Holiday).where(Holiday.year == year))}
    changes = []
    for day in sorted({*old, *new}):
        usual = packaged_day(day) if packaged(year) else day.weekday() < 5
        before = old[day].is_working_day if day in old else usual
        after = new[day].is_working_day if day in new else usual
        if before != after:
            changes.append(DayChange(day, new[day].name if day in new else old[day].name, before, after))
    return changes


def _day(row: Row) -> date:
    return row.day


def _refuse_past(rows: list[Row], changes: list[DayChange], today: date) -> None:
    lines = {row.day: f"第{row.line}行" for row in rows}
    problems = [
        Problem(
            lines.get(change.day, WHOLE),
            f"{change.day} 已经过去，不能由{_kind(change.before)}改为{_kind(change.after)}："
            "有的期限可能已经按它算出。",
        )
        for change in changes
        if change.before is not None and change.day < today
    ]
    if problems:
        raise HolidaysRefused(problems)


def _kind(working: bool) -> str:
    return "上班" if working else "放假"


def _concerned(session: Session, changes: list[DayChange]) -> Sequence[Notice]:
    days = [change.day for change in changes if change.before is not None]
    if not days:
        return []
    running = select(Notice).where(
        Notice.status == NoticeStatus.RUNNING, Notice.ends_at.is_not(None), Notice.published_at.is_not(None)
    )
    return [
        notice
        for notice in session.scalars(running.order_by(Notice.ends_at, Notice.id))
        if any(_runs_over(notice, day) for day in days)
    ]


def _runs_over(notice: Notice, day: date) -> bool:
    assert notice.published_at is not None
    assert notice.ends_at is not None
    first = notice.published_at.astimezone(SHANGHAI).date()
    last = (notice.ends_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return first <= day <= last
