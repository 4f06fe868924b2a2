"""What happens to a round, from its opening to its end."""

from datetime import date
from typing import Any

from service.clock import SHANGHAI
from service.domain import calendars
from service.domain.errors import Conflict, Invalid
from service.domain.forms.fields import article_title
from service.domain.rounds.models import Round, get, locked
from service.domain.rounds.stages import Outcome, Stage
from service.domain.rules import rule
from service.engine import seals
from service.engine.services import Context


class DeadlinePast(Invalid):
    """材料报送截止日期 {deadline} 已经过去。请选择今天（{today}）或以后的日期。"""

    place = "/deadline"


class AnnouncementMisdated(Invalid):
    """公布日期应不早于{earliest}、不晚于今天（{today}），请改正。"""

    place = "/date"


class QuotaOutOfRange(Invalid):
    """本年度名额应为 {minimum} 至 {maximum} 之间的一个整数（{article}），不能是 {quota}。"""

    place = "/quota"


class QuotaRecorded(Conflict):
    """本年度名额已于{when}记录为 {quota} 个，记录后不再更改。"""


class ScoresOpened(Conflict):
    """评分已经开始，名额须在此之前记录，现在不能记录或更改。"""


class QuotaMissing(Conflict):
    """还没有记录本年度名额，不能开始评分。请先由主办部门确定名额。"""


def enter(context: Context, round_: Round, stage: Stage) -> None:
    """Move the round to another stage, which is recorded."""
    if round_.stage != stage:
        context.record("round_stage_entered", round_id=round_.id, stage=stage, left=round_.stage)
        round_.stage = stage


def open_collection(context: Context, round_id: str, deadline: date) -> Round:
    """Start to receive materials until 24:00 of the deadline; DeadlinePast."""
    return _open(context, round_id, deadline, Stage.COLLECTING)


def _open(context: Context, round_id: str, deadline: date, stage: Stage) -> Round:
    today = context.now.astimezone(SHANGHAI).date()
    if deadline < today:
        raise DeadlinePast(
            deadline=calendars.chinese(deadline),
            today=calendars.chinese(today),
        )
    round_ = locked(context.session, round_id)
    round_.collection_ends_on = deadline
    round_.collection_ends_at = calendars.end_of_day(deadline)
    context.record(
        "round_opened",
        round_id=round_.id,
        collection_ends_on=deadline.isoformat(),
        sealed=seals.of(round_),
    )
    enter(context, round_, stage)
    return round_


@rule("开放式遴选，全年受理申报，年度届满为止", "intake")
def open_year(context: Context, round_id: str) -> Round:
    """Take applications until 24:00 of 31 December of the year T; DeadlinePast."""
    return _open(context, round_id, date(get(context.session, round_id).year, 12, 31), Stage.ROLLING)


@rule("名额是范围之内的一个数，在开始评分之前记录，此后不再改变", "quota")
def record_quota(context: Context, round_id: str, quota: int, parameters: dict[str, Any]) -> Round:
    """Fix the number of places: one number within the edition's range, before scores are opened, once."""
    round_ = locked(context.session, round_id)
    if round_.scoring_pass:
        raise ScoresOpened
    if round_.quota is not None and round_.quota_recorded_at is not None:
        raise QuotaRecorded(when=calendars.chinese(round_.quota_recorded_at), quota=round_.quota)
    minimum, maximum = int(parameters["minimum"]), int(parameters["maximum"])
    if not minimum <= quota <= maximum:
        raise QuotaOutOfRange(
            minimum=minimum, maximum=maximum, quota=quota, article=article_title(parameters["article"])
        )
    round_.quota = quota
    round_.quota_recorded_by = context.actor_id
    round_.quota_recorded_at = context.now
    context.record("quota_recorded", round_id=round_.id, quota=quota, sealed=seals.of(round_))
    return round_


def announce(
    context: Context, round_id: str, *, approval_number: str, approved_on: date, starts_on: date
) -> Round:
    """Make the result public; awards run from `starts_on`, a day between the first public notice and today.

    AnnouncementMisdated: by a slip of the pen awards would have ended before they are granted.
    """
    round_ = locked(context.session, round_id)
    today = context.now.astimezone(SHANGHAI).date()
    earliest = (round_.noticed_at or round_.created_at).astimezone(SHANGHAI).date()
    if not earliest <= starts_on <= today:
        raise AnnouncementMisdated(
            earliest=calendars.chinese(earliest),
            today=calendars.chinese(today),
        )
    round_.approval_number = approval_number
    round_.approved_on = approved_on
    round_.announced_at = context.now
    round_.award_starts_on = starts_on
    round_.outcome = Outcome.ANNOUNCED
    round_.closed_at = context.now
    context.record("round_announced", round_id=round_.id, sealed=seals.of(round_))
    enter(context, round_, Stage.ANNOUNCED)
    return round_


def close(context: Context, round_id: str, outcome: str) -> Round:
    """End the round without a list of awards."""
    round_ = locked(context.session, round_id)
    round_.outcome = Outcome(outcome)
    round_.closed_at = context.now
    context.record("round_closed", round_id=round_.id, outcome=outcome, sealed=seals.of(round_))
    enter(context, round_, Stage.ENDED if round_.outcome == Outcome.ENDED else Stage.CLOSED)
    return round_
