"""The work calendar (工作日): chinesecalendar under an admin's table of holidays and make-up days (调休)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Conflict, Invalid
from service.store.database import Base, UTCDateTime


class Holiday(Base):
    """What the admin's table says of one day; it overrules chinesecalendar."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working_day: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))


class HolidayYear(Base):
    """A year that the admin's table covers as a whole, loaded from the State Council's notice of that year."""

    __tablename__ = "holiday_year"

    year: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarYearMissing(Conflict):
    """工作日历没有 {year} 年的放假安排，不能确定具有法律效力的日期。请管理员载入国务院办公厅公布的 {year} 年节假日安排后再办。"""


class HolidaysRefused(Invalid):
    """节假日表有 {count} 处错误，没有载入任何一天。请改正后重新载入。"""


class Forecast(NamedTuple):
    """A date that may still change: `provisional` (暂定) where a year without calendar was counted by weekdays."""

    ends_at: datetime
    provisional: bool


def load_holidays(
    session: Session, content: bytes, *, now: datetime, actor_id: str | None = None
) -> list[int]: ...


def is_working_day(session: Session, day: date) -> bool: ...


def working_days_after(session: Session, start: date | datetime, n: int) -> date:
    """The n-th working day after the start's day in Asia/Shanghai (n ≥ 1)."""
    ...


def notice_end(session: Session, start: date | datetime, n: int, count_first_day: bool = False) -> datetime:
    """24:00 of the last of n working days, aware in Asia/Shanghai (= 00:00 of the next day)."""
    ...


def forecast_notice_end(
    session: Session, start: date | datetime, n: int, count_first_day: bool = False
) -> Forecast: ...
