"""Office hours: when somebody who needs so many hours is done; eight hours from nine on every working day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from service.clock import SHANGHAI

OPENS, CLOSES = time(9), time(17)

IsWorkingDay = Callable[[date], bool]


class OfficeHours:
    """Counts office hours by a work calendar, each day of which is asked for once."""

    def __init__(self, is_working_day: IsWorkingDay) -> None:
        self._is_working_day = is_working_day
        self._days: dict[date, bool] = {}

    def after(self, start: datetime, spent: timedelta) -> datetime:
        """The moment at which `spent` office hours have passed since the start."""
        moment = self._opening(start)
        while (left := self._at(moment, CLOSES) - moment) < spent:
            spent -= left
            moment = self._opening(self._at(moment, CLOSES))
        return moment + spent

    def before(self, end: datetime, spent: timedelta) -> datetime:
        """The moment from which `spent` office hours remain until the end."""
        moment = end.astimezone(SHANGHAI)
        while True:
            opening, closing = self._at(moment, OPENS), min(moment, self._at(moment, CLOSES))
            if self._works(moment.date()) and closing > opening:
                if closing - opening >= spent:
                    return closing - spent
                spent -= closing - opening
            moment = self._at(moment - timedelta(days=1), time.max)

    def _opening(self, moment: datetime) -> datetime:
        """The moment itself within office hours, else the next opening."""
        moment = max(moment.astimezone(SHANGHAI), self._at(moment, OPENS))
        while not self._works(moment.date()) or moment >= self._at(moment, CLOSES):
            moment = self._at(moment + timedelta(days=1), OPENS)
        return moment

    def _at(self, moment: datetime, hour: time) -> datetime:
        return datetime.combine(moment.astimezone(SHANGHAI).date(), hour, SHANGHAI)

    def _works(self, day: date) -> bool:
        if day not in self._days:
            self._days[day] = self._is_working_day(day)
        return self._days[day]
