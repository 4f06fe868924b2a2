"""Dates, sizes and labels as the pages write them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple, Protocol

from markupsafe import Markup

from service.auth.requests import now
from service.clock import SHANGHAI
from service.domain.awards import Award, AwardStatus
from service.domain.forms.fields import article_title
from service.domain.forms.kinds.texts import sanitise
from service.domain.notices import Notice, NoticeStatus
from service.domain.objections import Objection, ObjectionStatus
from service.domain.rounds import Outcome, Stage
from service.domain.targets import TargetStatus


def day(value: date | datetime | None) -> str:
    """2026年11月22日, in Shanghai."""
    if value is None:
        return "—"
    local = value.astimezone(SHANGHAI) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def moment(value: datetime | None) -> str:
    """2026-11-22 14:05, in Shanghai."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value is not None else "—"


def clock(value: datetime) -> str:
    """2026年11月22日 14:05, in Shanghai."""
    return f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def deadline(value: datetime | None) -> str:
    """A deadline that falls at midnight belongs to the day that ends: 2026年11月22日24:00."""
    if value is None:
        return "—"
    local = value.astimezone(SHANGHAI)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return day(local - timedelta(days=1)) + "24:00"
    return f"{day(local)}{local:%H:%M}"


class Labelled(Protocol):
    """A status with a name for people."""

    value: str

    @property
    def label(self) -> str: ...


class Due(NamedTuple):
    """How a due time stands to now: the words, and a tone for the badge (`late`, `soon` or `calm`)."""

    text: str
    tone: str


def due(value: datetime | None, now: datetime) -> Due | None:
    """已逾期3天, 今日到期, 还有5天; nothing when there is no due time."""
    if value is None:
        return None
    if value <= now:
        late = (now - value).days
        return Due(f"已逾期{late}天" if late else "已逾期", "late")
    last_day = (value - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    days = (last_day - now.astimezone(SHANGHAI).date()).days
    return Due("今日到期" if days == 0 else f"还有{days}天", "soon" if days <= 2 else "calm")


def size(count: int) -> str:
    """12 字节, 3.4 KB, 5.6 MB."""
    if count < 1024:
        return f"{count} 字节"
    if count < 1024**2:
        return f"{count / 1024:.1f} KB"
    return f"{count / 1024**2:.1f} MB"


def iso(value: datetime) -> str:
    """For the `datetime` attribute."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def unrounded(exact: str, published: str) -> str:
    """精确值 254/3, where it is not the published figure itself; else nothing."""
    return f"精确值 {exact}" if Fraction(exact) != Fraction(published) else ""


def article_name(number: str | None) -> str:
    """第6条（3）, 附件1, 释义2; 未规定 where the document is silent."""
    if not number:
        return ""
    return "办法未规定" if number == "silent" else article_title(number)


def status_label(row: Notice | Objection | Award) -> str:
    """The status of a row in words."""
    return _STATUSES[type(row)](row.status).label


def parameter(value: object) -> str:
    """A parameter's value as the pages write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list):
        return "、".join(parameter(one) for one in value)
    return "null" if value is None else str(value)


def _mapping(value: Mapping[str, object]) -> str:
    """An entry of a list by its title, a table of divisions by their names; anything else key by key."""
    if "title" in value:
        return str(value["title"])
    if all(key.isdigit() for key in value):
        return "、".join(str(one) for one in value.values())
    return "，".join(
        f"{key}（{parameter(one)}）" if isinstance(one, Mapping) else f"{key} {parameter(one)}"
        for key, one in value.items()
    )


_STATUSES: dict[type, type[NoticeStatus] | type[ObjectionStatus] | type[AwardStatus]] = {
    Notice: NoticeStatus,
    Objection: ObjectionStatus,
    Award: AwardStatus,
}


def option(status: Labelled) -> tuple[str, str]:
    """A status as a list can be narrowed to it: its value, and what it is called."""
    return status.value, status.label


def rich(html: str) -> Markup:
    """Rich text of a form: cleaned when it was stored, and once more before it is shown as it is."""
    return Markup(sanitise(html))


FILTERS = {
    "article_name": article_name,
    "clock": clock,
    "day": day,
    "deadline": deadline,
    "due": lambda value: due(value, now()),
    "iso": iso,
    "moment": moment,
    "option": option,
    "outcome_label": lambda outcome: Outcome(outcome).label,
    "parameter": parameter,
    "rich": rich,
    "size": size,
    "stage_label": lambda stage: Stage(stage).label,
    "status_label": status_label,
    "target_label": lambda row: TargetStatus(row.status).label,
    "unrounded": unrounded,
    "year_option": lambda year: (year, f"{year}年度"),
}
