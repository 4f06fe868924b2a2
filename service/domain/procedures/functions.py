"""Functions that every expression of an edition's BPMN and DMN may use, beside the engine's own."""

from datetime import date, datetime
from fractions import Fraction

from service.domain import calendars
from service.engine.services import Context, Services


def register(services: Services) -> None:
    services.function("now")(now)
    services.function("notice_end")(notice_end)
    services.function("workdays_after")(workdays_after)
    services.function("workdays_forecast")(workdays_forecast)


def now(context: Context) -> str:
    """The instance's present instant, as ISO text."""
    return context.now.isoformat()


def workdays_after(context: Context, start: str, days: int | Fraction) -> str:
    """24:00 of the `days`-th working day after the start's day, as ISO text."""
    last = calendars.working_days_after(context.session, _instant(start), int(days))
    return calendars.end_of_day(last).isoformat()


def workdays_forecast(context: Context, start: str, days: int | Fraction) -> str:
    """As `workdays_after`, for reminders without legal effect: a year without calendar counts by weekdays."""
    return calendars.forecast_notice_end(context.session, _instant(start), int(days)).ends_at.isoformat()


def notice_end(context: Context, start: str, days: int | Fraction, count_first_day: bool = False) -> str:
    """24:00 of the last of `days` working days of a public notice that begins at `start`, as ISO text."""
    ends_at = calendars.notice_end(context.session, _instant(start), int(days), count_first_day)
    return ends_at.isoformat()


def _instant(text: str) -> datetime | date:
    return date.fromisoformat(text) if len(text) == len("2018-03-01") else datetime.fromisoformat(text)
