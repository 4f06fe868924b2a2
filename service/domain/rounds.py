"""Rounds: one year's run of an edition's procedure for one track."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain import calendars, editions, organisers, pages, people, targets
from service.domain.access import Actor
from service.domain.editions import Edition
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.forms.fields import article_title
from service.domain.pages import Page
from service.domain.rules import rule
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, find, hold, new_id


class Stage(StrEnum):
    """How far a round is; the order of the members is the order of the procedure."""

    OPENING = "opening"
    COLLECTING = "collecting"
    ROLLING = "rolling"
    INTAKE = "intake"
    COMMITTEE = "committee"
    SCORING = "scoring"
    DELIBERATION = "deliberation"
    NOTICE = "notice"
    APPROVAL = "approval"
    ANNOUNCED = "announced"
    CLOSED = "closed"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.OPENING: "待部署",
    Stage.COLLECTING: "申报推荐",
    Stage.ROLLING: "滚动受理",
    Stage.INTAKE: "受理审查",
    Stage.COMMITTEE: "组建评审委员会",
    Stage.SCORING: "评审打分",
    Stage.DELIBERATION: "研究确定",
    Stage.NOTICE: "公示",
    Stage.APPROVAL: "报批",
    Stage.ANNOUNCED: "已公布",
    Stage.CLOSED: "已结束（无入选）",
    Stage.ENDED: "已停止受理",
}

_ROLLING = (Stage.OPENING, Stage.ROLLING, Stage.ENDED)


@rule("轮次依次经过列明的环节", "stages")
def stages(parameters: Mapping[str, Any]) -> list[tuple[Stage, str]]:
    """The stages that a round of an edition passes when all goes well, in order, and what they are called."""
    if named := parameters.get("stages"):
        return [(stage, named[stage]) for stage in Stage if stage in named]
    return [(stage, stage.label) for stage in _usual(parameters)]


def _usual(parameters: Mapping[str, Any]) -> list[Stage]:
    if (parameters.get("intake") or {}).get("rolling"):
        return [*_ROLLING]
    return [stage for stage in Stage if stage not in (Stage.ROLLING, Stage.CLOSED, Stage.ENDED)]


RECEIVING = (Stage.COLLECTING, Stage.ROLLING)
"""Applications are taken, until a day that stands in the round."""


class Outcome(StrEnum):
    """How a round ended."""

    ANNOUNCED = "announced"
    NO_CANDIDATES = "no_candidates"
    NONE_LEFT = "none_left"
    NOT_APPROVED = "not_approved"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.ANNOUNCED: "已公布入选名单",
    Outcome.NO_CANDIDATES: "没有受理任何申报，本年度不遴选",
    Outcome.NONE_LEFT: "没有可以入选的申报，本年度不公布名单",
    Outcome.NOT_APPROVED: "批准机关未批复同意，本年度不公布名单",
    Outcome.ENDED: "本年度停止受理，已受理的申报继续办理",
}


class Round(Sealed, Base):
    """One programme, one year T (考核年度 + 1), one track."""

    __tablename__ = "round"
    __table_args__ = (Index(None, "programme", "year", "track", unique=True),)

    TITLE = "轮次"
    SEALED = (
        "edition_id",
        "programme",
        "year",
        "track",
        "collection_ends_on",
        "collection_ends_at",
        "quota",
        "quota_recorded_by",
        "quota_recorded_at",
        "scoring_pass",
        "scores_opened_at",
        "approval_number",
        "approved_on",
        "announced_at",
        "award_starts_on",
        "outcome",
        "closed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[str] = mapped_column(String(64), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    track: Mapped[str] = mapped_column(String(40))
    division_code: Mapped[str] = mapped_column(String(6), index=True)
    """The organiser's, as the edition names it."""
    title: Mapped[str] = mapped_column(String(200))
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.OPENING)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    collection_ends_on: Mapped[date | None]
    """The last day on which materials are received; it counts in full."""
    collection_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """24:00 of that day in Asia/Shanghai."""
    quota: Mapped[int | None]
    """One number within the edition's range, recorded before the scores are opened, immutable afterwards."""
    quota_recorded_by: Mapped[str | None] = mapped_column(String(36))
    quota_recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scoring_pass: Mapped[int] = mapped_column(default=0)
    """0 until scores are opened; a new pass (复评) scores afresh and leaves the earlier sheets alone."""
    scores_opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ranked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When every sheet of the current pass was in and the ranking was published to those with the right."""
    noticed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a list of this round was first published; from then on places are not filled up to the quota."""
    approval_number: Mapped[str | None] = mapped_column(String(120))
    approved_on: Mapped[date | None]
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    award_starts_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RoundMissing(NotFound):
    """没有找到这一轮次，它可能已被删除，或链接有误。"""


class RoundExists(Conflict):
    """“{title}”已经建立，同一办法、年度和赛道只能有一个轮次。请直接打开已有的轮次。"""


class YearTooEarly(Invalid):
    """这一办法自 {first_year} 年度起施行，不能建立 {year} 年度的轮次。请改选年度，或选用当年施行的办法。"""

    place = "/year"


class TrackMissing(Invalid):
    """这一办法没有名为“{track}”的赛道。可选的有：{tracks}。"""

    place = "/track"


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


def get(session: Session, round_id: str) -> Round:
    """The round; RoundMissing."""
    found = find(session, Round, round_id)
    if found is None:
        raise RoundMissing
    return found


def locked(session: Session, round_id: str) -> Round:
    """The round with its row held until the transaction ends, for what must not happen at the same time."""
    found = hold(session, Round, round_id)
    if found is None:
        raise RoundMissing
    return found


def listed(
    session: Session, *, year: int | None = None, number: int = 1, size: int = pages.SIZE
) -> Page[Round]:
    """A page of all rounds, or of one year's; the newest year first."""
    query = select(Round).order_by(Round.year.desc(), Round.programme, Round.track)
    if year is not None:
        query = query.where(Round.year == year)
    found = pages.page(session, query, number=number, size=size)
    return found.holding([row[0] for row in found.rows])


def years(session: Session) -> list[int]:
    """The years that have a round, the newest first."""
    return list(session.scalars(select(Round.year).distinct().order_by(Round.year.desc())))


def last_closed_year(session: Session, round_: Round) -> int:
    """The latest year of the programme whose rounds take no more applications; at least this round's own."""
    last = session.scalar(
        select(func.max(Round.year)).where(
            Round.programme == round_.programme, Round.stage.not_in([Stage.OPENING, *RECEIVING])
        )
    )
    return max(round_.year, last or 0)


def organised(session: Session, divisions: Collection[str]) -> bool:
    """Whether one of these divisions organises any round."""
    return bool(session.scalar(select(exists().where(Round.division_code.in_(divisions)))))


def openable(session: Session, actor: Actor) -> list[Edition]:
    """The newest editions whose rounds the actor may set up: its office organises them, or it administers."""
    return [each for each in editions.newest(session) if _may_open(actor, each)]


def require_opener(session: Session, actor: Actor) -> list[Edition]:
    """The same; Forbidden where there are editions, but none is the actor's."""
    every = editions.newest(session)
    own = [each for each in every if _may_open(actor, each)]
    if every and not own:
        raise Forbidden
    return own


def _may_open(actor: Actor, edition: Edition) -> bool:
    organiser = organisers.of(edition.parameters)
    return people.ADMIN in actor.roles or organisers.organises(actor, organiser.division)


@rule("一个名单一个轮次，不建立施行之前年度的轮次", "first_year", "tracks")
def create(
    session: Session, engine: ProcessEngine, actor: Actor, *, edition_id: str, year: int, track: str
) -> Round:
    """Set up the round of year T (考核年度 + 1) and start its process.

    Raises Forbidden, EditionMissing, YearTooEarly, TrackMissing, TargetsNotFiled, RoundExists.
    """
    edition = editions.get(session, edition_id)
    organiser = organisers.of(edition.parameters)
    if not _may_open(actor, edition):
        organisers.require(actor, organiser.division)
    if year < edition.first_year:
        raise YearTooEarly(first_year=edition.first_year, year=year)
    tracks = {each["key"]: each["title"] for each in edition.document["tracks"]}
    if track not in tracks:
        raise TrackMissing(
            track=track, tracks="、".join(f"{title}（{key}）" for key, title in tracks.items())
        )
    targets.require_filed(session, edition, year)
    row = Round(
        id=new_id(),
        edition_id=edition.id,
        programme=edition.programme,
        year=year,
        track=track,
        division_code=organiser.division,
        title=f"{year}年度{tracks[track]}",
        stage=Stage.OPENING,
        created_by=actor.person_id,
        created_at=engine.clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise RoundExists(title=row.title) from None
    instance = engine.start(
        session,
        edition.definitions["round"],
        business_key=f"round:{row.id}",
        variables={"round_id": row.id, "track": track},
        actor_id=actor.person_id,
    )
    row.instance_id = instance.id
    session.flush()
    data = {"round_id": row.id, "sealed": seals.of(row)}
    history.record(session, instance.id, "round_created", row.created_at, actor_id=actor.person_id, data=data)
    return row


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
