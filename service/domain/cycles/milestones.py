"""Milestones: what is due when in a cycle of several years, by the edition's parameters."""

import calendar
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from service.domain.rules import rule


class Kind(StrEnum):
    """What a milestone is; in this order where several fall on one day."""

    MEETING = "meeting"
    MIDTERM = "midterm"
    FINAL = "final"

    @property
    def label(self) -> str:
        return {"meeting": "年度会议", "midterm": "中期评估", "final": "期末考核"}[self]


class Milestone(NamedTuple):
    """Due from 00:00 of this day on."""

    on: date
    kind: Kind


@rule(
    "周期之内每年召开年度会议，过半时中期评估，期满考核",
    "cycle.years",
    "meeting.every_months",
    "assessment.midterm_after_months",
)
def milestones(starts_on: date, parameters: Mapping[str, Any]) -> list[Milestone]:
    """All of a cycle, in order: meetings, the mid-term assessment, and last of all the final one."""
    total = 12 * int(parameters["cycle"]["years"])
    every = int(parameters["meeting"]["every_months"])
    months = {(after, Kind.MEETING) for after in range(every, total + 1, every)}
    months |= {(int(parameters["assessment"]["midterm_after_months"]), Kind.MIDTERM), (total, Kind.FINAL)}
    order = list(Kind)
    return [
        Milestone(months_after(starts_on, after), kind)
        for after, kind in sorted(months, key=lambda each: (each[0], order.index(each[1])))
    ]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
