"""The work calendar. The golden cases were worked out by hand from the State Council's yearly notices.

2024: 春节 10–17 February off; Sunday 4 and Sunday 18 February worked. 除夕, 9 February, is no day off;
offices were only encouraged to give leave.
2025: 春节 28 January – 4 February off; Sunday 26 January and Saturday 8 February worked. 国庆 with 中秋 1–8
October off; Sunday 28 September and Saturday 11 October worked.
2026: 春节 15–23 February off; Saturday 14 and Saturday 28 February worked.
"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import calendars, holidays
from service.domain.calendars import CalendarYearMissing, Holiday
from service.domain.holidays import HolidaysRefused
from service.domain.memberships import AdminNeeded
from service.engine import history
from tests.domain.conftest import statements

HEADER = "date,is_working_day,name\n"
YEAR_2027 = HEADER + "".join(
    f"{day},{working},{name}\n"
    for day, working, name in [
        ("2027-01-01", "no", "元旦"),
        ("2027-02-05", "no", "春节"),
        ("2027-02-08", "no", "春节"),
        ("2027-02-13", "yes", "春节"),
        ("2027-04-05", "no", "清明节"),
        ("2027-05-01", "no", "劳动节"),
        ("2027-06-09", "no", "端午节"),
        ("2027-09-15", "no", "中秋节"),
        ("2027-10-01", "no", "国庆节"),
    ]
)


def end_of(year: int, month: int, day: int) -> datetime:
    """24:00 of the day in Shanghai, which is 16:00 UTC."""
    return datetime(year, month, day, 16, 0, tzinfo=UTC)


def load(session: Session, text: str, now: datetime) -> int:
    return holidays.load(session, text.encode(), now=now).year


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # 28 (make-up), 29, 30 September, 9, 10 October.
        (date(2025, 9, 26), end_of(2025, 10, 10)),
        # 8, 9, 18 (make-up), 19, 20 February.
        (date(2024, 2, 7), end_of(2024, 2, 20)),
        # 9, 18 (make-up), 19, 20, 21 February.
        (date(2024, 2, 8), end_of(2024, 2, 21)),
        # 26 (make-up), 27 January, 5, 6, 7 February.
        (date(2025, 1, 24), end_of(2025, 2, 7)),
        # Begun on the make-up Sunday: 27 January, 5, 6, 7, 8 (make-up) February.
        (date(2025, 1, 26), end_of(2025, 2, 8)),
        # 13, 14 (make-up), 24, 25, 26 February.
        (date(2026, 2, 12), end_of(2026, 2, 26)),
        # Begun within the holiday: 24, 25, 26, 27, 28 (make-up) February.
        (date(2026, 2, 20), end_of(2026, 2, 28)),
        # S1's real notice: 21–28 February 2022.
        (date(2022, 2, 21), end_of(2022, 2, 28)),
    ],
)
def test_a_notice_of_five_working_days_ends_by_the_make_up_days(
    session: Session, start: date, end: datetime
) -> None:
    assert calendars.notice_end(session, start, 5) == end


def test_the_day_of_publication_counts_only_when_the_edition_says_so(session: Session) -> None:
    # The real notice of 29 April – 8 May 2025: 29, 30 April, 6, 7, 8 May.
    assert calendars.notice_end(session, date(2025, 4, 29), 5, count_first_day=True) == end_of(2025, 5, 8)
    assert calendars.notice_end(session, date(2025, 4, 29), 5) == end_of(2025, 5, 9)


def test_a_first_day_off_never_counts(session: Session) -> None:
    saturday = date(2025, 3, 1)
    assert calendars.notice_end(session, saturday, 1, count_first_day=True) == end_of(2025, 3, 3)


def test_the_end_is_midnight_in_shanghai(session: Session) -> None:
    end = calendars.notice_end(session, date(2025, 9, 26), 5)
    assert end.isoformat() == "2025-10-11T00:00:00+08:00"
    assert end.tzinfo is SHANGHAI


def test_the_day_of_an_instant_is_its_day_in_shanghai(session: Session) -> None:
    late = datetime(2025, 9, 25, 16, 30, tzinfo=UTC)  # 00:30 on the 26th in Shanghai
    assert calendars.notice_end(session, late, 5) == end_of(2025, 10, 10)
    with pytest.raises(ValueError, match="needs a time zone"):
        calendars.notice_end(session, datetime(2025, 9, 26, 9, 0), 5)  # noqa: DTZ001 a naive one is the case


def test_working_days_after_a_day(session: Session) -> None:
    assert calendars.working_days_after(session, date(2025, 9, 26), 1) == date(2025, 9, 28)
    assert calendars.working_days_after(session, date(2025, 9, 30), 1) == date(2025, 10, 9)
    with pytest.raises(ValueError):
        calendars.working_days_after(session, date(2025, 9, 26), 0)


def test_working_days_follow_the_make_up_table(session: Session) -> None:
    assert calendars.is_working_day(session, date(2025, 9, 28))
    assert not calendars.is_working_day(session, date(2025, 10, 8))
    assert not calendars.is_working_day(session, date(2025, 9, 27))


def test_a_year_without_calendar_is_named(session: Session) -> None:
    with pytest.raises(CalendarYearMissing, match="没有 2027 年的放假安排"):
        calendars.is_working_day(session, date(2027, 3, 1))
    with pytest.raises(CalendarYearMissing, match="2003"):
        calendars.notice_end(session, date(2003, 3, 1), 5)


def test_a_notice_that_runs_into_a_year_without_calendar_is_refused(session: Session) -> None:
    assert calendars.notice_end(session, date(2026, 12, 24), 5) == end_of(2026, 12, 31)
    with pytest.raises(CalendarYearMissing, match="2027"):
        calendars.notice_end(session, date(2026, 12, 28), 5)


def test_a_forecast_counts_weekdays_of_such_a_year_and_says_so(session: Session) -> None:
    forecast = calendars.forecast_notice_end(session, date(2027, 2, 1), 5)
    assert forecast == (end_of(2027, 2, 8), True)
    assert calendars.forecast_notice_end(session, date(2025, 9, 26), 5) == (end_of(2025, 10, 10), False)


def test_an_admins_table_covers_its_year(session: Session, now: datetime) -> None:
    assert load(session, YEAR_2027, now) == 2027
    # 2, 3, 4, 9, 10 February: 5 and 8 are off.
    assert calendars.notice_end(session, date(2027, 2, 1), 5) == end_of(2027, 2, 10)
    assert calendars.is_working_day(session, date(2027, 2, 13))
    assert not calendars.is_working_day(session, date(2027, 2, 14))


def test_an_admins_table_corrects_single_days_of_a_packaged_year(session: Session, now: datetime) -> None:
    load(session, HEADER + "2025-09-29,no,台风停工\n", now)
    assert calendars.notice_end(session, date(2025, 9, 26), 5) == end_of(2025, 10, 11)


def test_a_year_loaded_again_replaces_its_days(session: Session, now: datetime) -> None:
    load(session, HEADER + "2025-09-29,no,甲\n2025-09-30,no,乙\n", now)
    load(session, HEADER + "2025-09-30,no,乙\n", now)
    load(session, HEADER + "2025-09-30,no,乙\n", now)
    assert list(session.scalars(select(Holiday.day))) == [date(2025, 9, 30)]
    events = [e for e in history.of_chain(session, history.SYSTEM) if e.type == "holidays_loaded"]
    assert [e.data["days"] for e in events] == [2, 1]


def test_half_a_year_is_never_taken_for_the_whole(session: Session, now: datetime) -> None:
    with pytest.raises(HolidaysRefused) as refused:
        load(session, HEADER + "2027-01-01,no,元旦\n2027-02-13,yes,春节\n", now)
    assert [problem.message for problem in refused.value.problems] == [
        "2027 年的安排不全，缺少：春节、清明、劳动节、端午、中秋、国庆。"
    ]
    with pytest.raises(CalendarYearMissing):
        calendars.is_working_day(session, date(2027, 1, 4))


def test_every_bad_row_is_named_by_its_line_and_nothing_is_loaded(session: Session, now: datetime) -> None:
    rows = "2025-02-30,no,春节\n2025-03-03,maybe,\n2025-03-03,no,甲\n2026-03-03,no,乙\n2025-03-04,no\n"
    with pytest.raises(HolidaysRefused) as refused:
        load(session, HEADER + rows, now)
    assert [f"{problem.place}：{problem.message}" for problem in refused.value.problems] == [
        "第2行：日期“2025-02-30”应写作 2027-01-01 的样子。",
        "第3行：“maybe”应为 yes（上班）或 no（放假）。",
        "第3行：应写明节日名称，不超过 40 个字。",
        "第4行：2025-03-03 重复。",
        "第5行：一个文件只能有一年的日期，2026-03-03 不在 2025 年。",
        "第6行：应有 3 列，现有 2 列。",
    ]
    assert session.scalar(select(func.count()).select_from(Holiday)) == 0


@pytest.mark.parametrize("content", [b"", b"day,name\n", HEADER.encode(), (HEADER + "春节").encode("gbk")])
def test_a_file_that_is_no_holiday_table_is_refused(session: Session, now: datetime, content: bytes) -> None:
    with pytest.raises(HolidaysRefused):
        holidays.load(session, content, now=now)


def test_counting_days_takes_one_statement_a_year(session: Session) -> None:
    with statements(session) as executed:
        calendars.notice_end(session, date(2024, 12, 20), 30)
    assert len(executed) == 2


def test_dates_are_told_in_chinese() -> None:
    assert calendars.chinese(date(2025, 1, 5)) == "2025年1月5日"
    assert calendars.chinese(datetime(2025, 1, 5, 1, 5, tzinfo=UTC)) == "2025年1月5日 09:05"


def test_only_an_administrator_loads_a_table(session: Session, now: datetime, admin: str) -> None:
    with pytest.raises(AdminNeeded):
        holidays.load(session, YEAR_2027.encode(), now=now, actor_id="somebody")
    holidays.load(session, YEAR_2027.encode(), now=now, actor_id=admin)
    assert history.of_chain(session, history.SYSTEM)[-1].actor_id == admin
