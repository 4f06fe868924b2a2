"""Awards: who won which track of which year, from when until when, and what became of it."""

import calendar
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import applications
from service.domain.applications import Application
from service.domain.calendars import end_of_day
from service.domain.errors import Conflict, NotFound
from service.domain.rounds import Round
from service.domain.rules import rule
from service.engine import history, seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, new_id


class AwardStatus(StrEnum):
    """What an award is today."""

    CURRENT = "current"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return {"current": "有效", "expired": "激励期已满", "revoked": "已撤销"}[self]


class Award(Sealed, Base):
    """One incentive period of one winner; at most one an application."""

    __tablename__ = "award"
    __table_args__ = (Index(None, "programme", "year", "track"),)

    TITLE = "激励"
    SEALED = (
        "programme",
        "edition_id",
        "round_id",
        "track",
        "year",
        "application_id",
        "division_code",
        "starts_on",
        "ends_on",
        "ends_at",
        "status",
        "granted_at",
        "closed_at",
        "reason",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    programme: Mapped[str] = mapped_column(String(80))
    edition_id: Mapped[str] = mapped_column(String(64))
    round_id: Mapped[str] = mapped_column(String(32), index=True)
    track: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    application_id: Mapped[str] = mapped_column(String(32), unique=True)
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day of the incentive period; it counts in full."""
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """24:00 of that day in Asia/Shanghai."""
    status: Mapped[str] = mapped_column(String(10), default=AwardStatus.CURRENT)
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was revoked, with the decision's number."""


class AwardMissing(NotFound):
    """没有找到这项激励。"""


class AwardClosed(Conflict):
    """这项激励已不在激励期内（{status}），不能再{verb}。"""


@rule("激励期自公布之日起，到期自动终止", "award")
def grant(
    session: Session,
    *,
    programme: str,
    edition_id: str,
    round_id: str,
    track: str,
    year: int,
    application_id: str,
    division_code: str,
    starts_on: date,
    years: int,
    now: datetime,
    actor_id: str | None,
) -> Award:
    """Grant `years` full years from `starts_on`; a second time gives the award that stands."""
    standing = of_application(session, application_id)
    if standing is not None:
        return standing
    ends_on = period_end(starts_on, years)
    award = Award(
        id=new_id(),
        programme=programme,
        edition_id=edition_id,
        round_id=round_id,
        track=track,
        year=year,
        application_id=application_id,
        division_code=division_code,
        starts_on=starts_on,
        ends_on=ends_on,
        ends_at=end_of_day(ends_on),
        granted_at=now,
        status=AwardStatus.CURRENT,
        reason="",
    )
    session.add(award)
    session.flush()
    _record(session, "award_granted", award, now, actor_id)
    return award


def grant_to(context: Context, round_: Round, application: Application, starts_on: date, years: int) -> Award:
    """What an application won in its round."""
    return grant(
        context.session,
        programme=round_.programme,
        edition_id=round_.edition_id,
        round_id=round_.id,
        track=round_.track,
        year=round_.year,
        application_id=application.id,
        division_code=application.division_code,
        starts_on=starts_on,
        years=years,
        now=context.now,
        actor_id=context.actor_id,
    )


def grant_announced(context: Context, round_: Round, application_ids: Sequence[str]) -> list[Award]:
    """Everybody on an announced list, for the edition's years from the announced day on."""
    assert round_.award_starts_on is not None
    starts_on, years = round_.award_starts_on, int(context.parameters["award"]["years"])
    granted = [
        grant_to(context, round_, applications.get(context.session, each), starts_on, years)
        for each in application_ids
    ]
    context.record("awards_granted", round_id=round_.id, applications=list(application_ids))
    return granted


def expire(session: Session, application_id: str, *, now: datetime) -> Award:
    """The incentive period has run out. AwardClosed when the award was revoked."""
    award = _of_application(session, application_id)
    if award.status == AwardStatus.REVOKED:
        raise AwardClosed(status=AwardStatus.REVOKED.label, verb="期满")
    if award.status == AwardStatus.CURRENT:
        award.status, award.closed_at = AwardStatus.EXPIRED, now
        session.flush()
        _record(session, "award_expired", award, now, None)
    return award


def revoke(
    session: Session, application_id: str, *, reason: str, now: datetime, actor_id: str | None
) -> Award:
    """Take an award away, during its period or after it: what fraud won is no award."""
    award = _of_application(session, application_id)
    if award.status != AwardStatus.REVOKED:
        award.status, award.closed_at, award.reason = AwardStatus.REVOKED, now, reason
        session.flush()
        _record(session, "award_revoked", award, now, actor_id)
    return award


def of_round(session: Session, round_id: str) -> list[Award]:
    """In the order of the division codes."""
    return list(
        session.scalars(select(Award).where(Award.round_id == round_id).order_by(Award.division_code))
    )


def of_application(session: Session, application_id: str) -> Award | None:
    """The one that an application won."""
    return session.scalar(select(Award).where(Award.application_id == application_id))


def period_end(starts_on: date, years: int) -> date:
    """The last day of `years` full years: from 2018-05-01 one year lasts until 2019-04-30."""
    if years < 1:
        raise ValueError(f"an award lasts one year at least, not {years}")
    year = starts_on.year + years
    day = min(starts_on.day, calendar.monthrange(year, starts_on.month)[1])  # 29 February
    anniversary = date(year, starts_on.month, day)
    return anniversary if day < starts_on.day else date.fromordinal(anniversary.toordinal() - 1)


def _of_application(session: Session, application_id: str) -> Award:
    award = session.scalar(select(Award).where(Award.application_id == application_id).with_for_update())
    if award is None:
        raise AwardMissing
    return award


def _record(session: Session, event: str, award: Award, now: datetime, actor_id: str | None) -> None:
    data = {
        "award": award.id,
        "application": award.application_id,
        "division": award.division_code,
        "sealed": seals.of(award),
    }
    history.record(session, history.SYSTEM, event, now, actor_id=actor_id, data=data)
