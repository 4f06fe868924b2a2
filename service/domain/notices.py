"""Public notices (公示): what is published, from when to when, and when it may be closed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain import calendars, pages
from service.domain.errors import Conflict, NotFound
from service.domain.pages import Page
from service.domain.rounds import Round
from service.domain.rules import rule
from service.engine import seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, hold, new_id


class NoticeStatus(StrEnum):
    """Where a notice stands."""

    PREPARED = "prepared"
    RUNNING = "running"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"prepared": "待发布", "running": "公示中", "closed": "公示结束"}[self]


class Notice(Sealed, Base):
    """One publication of a list; a replacement or a mended entry is published alone, in its own notice."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "round_id", "sequence", unique=True),)

    TITLE = "公示"
    SEALED = (
        "round_id",
        "sequence",
        "number",
        "title",
        "text",
        "contact",
        "status",
        "starts_on",
        "ends_on",
        "published_at",
        "ends_at",
        "closed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    sequence: Mapped[int]
    """1 for the round's first notice."""
    number: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    contact: Mapped[str]
    """To whom and how objections are made."""
    status: Mapped[str] = mapped_column(String(20), default=NoticeStatus.PREPARED)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """24:00 of `ends_on` in Asia/Shanghai."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NoticeEntry(Sealed, Base):
    """One division on a notice; shown in division-code order, unranked."""

    __tablename__ = "notice_entry"

    TITLE = "公示名单"
    SEALED = ("division_code", "division_name")

    notice_id: Mapped[str] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    division_code: Mapped[str] = mapped_column(String(6))
    division_name: Mapped[str] = mapped_column(String(120))
    """As published: 省 and 市（州）."""


class Listed(NamedTuple):
    """An application that a notice is to name."""

    application_id: str
    division_code: str
    division_name: str


class NoticeMissing(NotFound):
    """没有找到这份公示，它可能尚未发布，或链接有误。"""


class NobodyToPublish(Conflict):
    """没有需要公示的申报，不能发布公示。请刷新页面查看名单现状。"""


class NoticePublished(Conflict):
    """公示（{number}）已经发布，不能再次发布。"""


class NoticeRunning(Conflict):
    """公示（{number}）到{ends} 24:00 才期满，不能提前结束。"""


def get(session: Session, notice_id: str) -> Notice:
    """A published notice; NoticeMissing."""
    found = session.get(Notice, notice_id)
    if found is None or found.published_at is None:
        raise NoticeMissing
    return found


def locked(session: Session, notice_id: str) -> Notice:
    """The notice with its row held until the transaction ends.

    Who files, closes or counts objections holds it, so that none is filed unseen while the notice is closed.
    """
    found = hold(session, Notice, notice_id)
    if found is None:
        raise NoticeMissing
    return found


def last(session: Session, round_id: str) -> Notice:
    """The round's newest notice, published or about to be; NoticeMissing."""
    query = select(Notice).where(Notice.round_id == round_id).order_by(Notice.sequence.desc())
    found = session.scalars(query.limit(1)).first()
    if found is None:
        raise NoticeMissing
    return found


def listed(
    session: Session, *, status: str | None = None, number: int = 1, size: int = pages.SIZE
) -> Page[Notice]:
    """A page of the published notices, of one status where it is given; the newest first."""
    query = select(Notice).where(Notice.published_at.is_not(None))
    if status is not None:
        query = query.where(Notice.status == status)
    query = query.order_by(Notice.published_at.desc(), Notice.id)
    found = pages.page(session, query, number=number, size=size)
    return found.holding([row[0] for row in found.rows])


def of_round(session: Session, round_id: str) -> Sequence[Notice]:
    """All published notices of a round, the newest first; a round has few."""
    query = select(Notice).where(Notice.round_id == round_id, Notice.published_at.is_not(None))
    return session.scalars(query.order_by(Notice.published_at.desc(), Notice.id)).all()


def has_published(session: Session, edition_id: str) -> bool:
    """Whether a list of any round of the edition was ever published."""
    published = exists().where(
        Notice.round_id == Round.id, Round.edition_id == edition_id, Notice.published_at.is_not(None)
    )
    return bool(session.scalar(select(published)))


def entries(session: Session, notice_ids: Iterable[str]) -> dict[str, list[NoticeEntry]]:
    """The entries of several notices, each list in division-code order, in one statement."""
    found: dict[str, list[NoticeEntry]] = {notice_id: [] for notice_id in notice_ids}
    query = select(NoticeEntry).where(NoticeEntry.notice_id.in_(found))
    for entry in session.scalars(query.order_by(NoticeEntry.division_code, NoticeEntry.application_id)):
        found[entry.notice_id].append(entry)
    return found


def prepare(
    context: Context, round_: Round, listed: Sequence[Listed], *, title: str, text: str, contact: str
) -> Notice:
    """Draw up the round's next notice, naming `listed`."""
    if not listed:
        raise NobodyToPublish
    session = context.session
    last = session.scalar(select(func.max(Notice.sequence)).where(Notice.round_id == round_.id)) or 0
    notice = Notice(
        id=new_id(),
        round_id=round_.id,
        sequence=last + 1,
        number=f"{round_.year}年第{last + 1}号",
        title=title,
        text=text,
        contact=contact,
        status=NoticeStatus.PREPARED,
    )
    session.add(notice)
    session.flush()
    named = [
        NoticeEntry(
            notice_id=notice.id,
            application_id=each.application_id,
            division_code=each.division_code,
            division_name=each.division_name,
        )
        for each in listed
    ]
    session.add_all(named)
    session.flush()
    context.record(
        "notice_prepared",
        notice_id=notice.id,
        applications=[each.application_id for each in listed],
        sealed=seals.of(notice, *named),
    )
    return notice


@rule("公示到最后一个工作日 24 时为止", "notice")
def publish(context: Context, notice_id: str, parameters: Mapping[str, Any]) -> Notice:
    """Publish now, until 24:00 of the last working day (`parameters`: the edition's `notice`).

    Raises CalendarYearMissing where the work calendar does not reach the end.
    """
    notice = locked(context.session, notice_id)
    if notice.published_at is not None:
        raise NoticePublished(number=notice.number)
    ends_at = calendars.notice_end(
        context.session,
        context.now,
        int(parameters["working_days"]),
        count_first_day=bool(parameters["count_first_day"]),
    )
    notice.status = NoticeStatus.RUNNING
    notice.published_at = context.now
    notice.starts_on = context.now.astimezone(SHANGHAI).date()
    notice.ends_at = ends_at
    notice.ends_on = (ends_at.astimezone(SHANGHAI) - timedelta(seconds=1)).date()
    context.session.flush()
    context.record(
        "public_notice_published",
        notice_id=notice.id,
        starts_on=notice.starts_on.isoformat(),
        ends_on=notice.ends_on.isoformat(),
        sealed=seals.of(notice),
    )
    return notice


def close(context: Context, notice_id: str) -> Notice:
    """End a notice whose time is up and against which no objection is open (which the caller has seen)."""
    notice = locked(context.session, notice_id)
    if notice.ends_at is None or notice.ends_on is None:
        raise NoticeMissing
    if context.now < notice.ends_at:
        raise NoticeRunning(number=notice.number, ends=calendars.chinese(notice.ends_on))
    notice.status = NoticeStatus.CLOSED
    notice.closed_at = context.now
    context.session.flush()
    context.record("public_notice_closed", notice_id=notice.id, sealed=seals.of(notice))
    return notice
