"""Redemptions: who used an incentive of an award, for what, when, and by which document."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain import divisions, incentives
from service.domain.access import Actor, OfficeNeeded
from service.domain.awards import Award, AwardMissing, AwardStatus
from service.domain.calendars import chinese
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.incentives import Incentive
from service.domain.offices import INDUSTRY
from service.engine import history, seals
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, new_id

LONGEST_USER = 120
LONGEST_PURPOSE = 2000
LONGEST_DOCUMENT = 120


class Redemption(Sealed, Base):
    """One use of one incentive; recorded once and for good."""

    __tablename__ = "redemption"

    TITLE = "激励使用"
    SEALED = (
        "award_id",
        "incentive",
        "article",
        "used_by",
        "purpose",
        "used_on",
        "document_number",
        "recorded_by",
        "recorded_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), index=True)
    incentive: Mapped[int]
    """Its number among the award's incentives."""
    article: Mapped[str] = mapped_column(String(20))
    used_by: Mapped[str] = mapped_column(String(LONGEST_USER))
    """产业集聚区、企业、单位的名称."""
    purpose: Mapped[str] = mapped_column(Text)
    """For which selection, project or payment."""
    used_on: Mapped[date]
    document_number: Mapped[str] = mapped_column(String(LONGEST_DOCUMENT))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RedemptionInvalid(Invalid):
    """激励的使用有 {count} 处需要改正，没有登记。"""


class RedeemedAlready(Conflict):
    """这项激励只能使用一次，已由{used_by}于{on}使用（{document_number}）。"""


def redeem(
    session: Session,
    actor: Actor,
    award_id: str,
    *,
    incentive: int | None,
    used_by: str,
    purpose: str,
    used_on: date | None,
    document_number: str,
    now: datetime,
) -> Redemption:
    """Record that an incentive was used, within its time; for the industry departments above the winner.

    RedemptionInvalid names what is missing, or a day outside the time of the award; RedeemedAlready where the
    incentive can be used once.
    """
    award = session.get(Award, award_id, with_for_update=True)
    if award is None:
        raise AwardMissing
    if not may_record(session, actor, award):
        raise OfficeNeeded
    chosen = next((each for each in incentives.of(session, award) if each.number == incentive), None)
    used_by, purpose, document_number = used_by.strip(), purpose.strip(), document_number.strip()
    problems = [
        *_faults_of_texts(used_by, purpose, document_number),
        *_faults_of_day(award, chosen, used_on, now),
    ]
    if chosen is None:
        problems.insert(0, Problem("/incentive", "请选择使用的是哪一项激励。"))
    if problems:
        raise RedemptionInvalid(problems)
    assert chosen is not None
    assert used_on is not None
    _refuse_second(session, award, chosen)
    redemption = Redemption(
        id=new_id(),
        award_id=award.id,
        incentive=chosen.number,
        article=chosen.article,
        used_by=used_by,
        purpose=purpose,
        used_on=used_on,
        document_number=document_number,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    session.add(redemption)
    session.flush()
    data = {
        "redemption": redemption.id,
        "award": award.id,
        "division": award.division_code,
        "sealed": seals.of(redemption),
    }
    history.record(session, history.SYSTEM, "incentive_redeemed", now, actor_id=actor.person_id, data=data)
    return redemption


def may_record(session: Session, actor: Actor, award: Award) -> bool:
    """Whether the actor acts for an industry department above the winner: these grant what is used."""
    above = {division.code for division in divisions.chain(session, award.division_code)[1:]}
    return any(kind == INDUSTRY and code in above for kind, code in actor.offices())


def of_award(session: Session, award_id: str) -> Sequence[Redemption]:
    """What was used of an award, the earliest first."""
    order = (Redemption.used_on, Redemption.recorded_at, Redemption.id)
    return session.scalars(select(Redemption).where(Redemption.award_id == award_id).order_by(*order)).all()


def _faults_of_texts(used_by: str, purpose: str, document_number: str) -> list[Problem]:
    problems = []
    if not 1 <= len(used_by) <= LONGEST_USER:
        problems.append(Problem("/used_by", f"请填写由谁使用，不超过 {LONGEST_USER} 个字。"))
    if not 1 <= len(purpose) <= LONGEST_PURPOSE:
        problems.append(Problem("/purpose", f"请写明用于什么，不超过 {LONGEST_PURPOSE} 个字。"))
    if not 1 <= len(document_number) <= LONGEST_DOCUMENT:
        problems.append(Problem("/document_number", f"请填写依据的文号，不超过 {LONGEST_DOCUMENT} 个字。"))
    return problems


def _faults_of_day(
    award: Award, chosen: Incentive | None, used_on: date | None, now: datetime
) -> list[Problem]:
    """What lies outside the award's time; one that was revoked ended on that day.

    What is due once may be paid late, and is recorded by the day on which it was.
    """
    place = "/used_on"
    if used_on is None:
        return [Problem(place, "请填写使用的日期。")]
    late = used_on > award.ends_on and not (chosen is not None and chosen.once)
    if used_on < award.starts_on or late:
        span = f"{chinese(award.starts_on)}至{chinese(award.ends_on)}"
        return [Problem(place, f"激励期为{span}，这一天不在其中，不能使用。")]
    if award.status == AwardStatus.REVOKED and award.closed_at is not None:
        revoked_on = award.closed_at.astimezone(SHANGHAI).date()
        if used_on >= revoked_on:
            return [Problem(place, f"这项激励已于{chinese(revoked_on)}撤销，此后不能使用。")]
    if used_on > now.astimezone(SHANGHAI).date():
        return [Problem(place, "使用的日期不能晚于今天，请在使用之后登记。")]
    return []


def _refuse_second(session: Session, award: Award, chosen: Incentive) -> None:
    if not chosen.once:
        return
    for earlier in of_award(session, award.id):
        if earlier.incentive == chosen.number:
            raise RedeemedAlready(
                used_by=earlier.used_by,
                on=chinese(earlier.used_on),
                document_number=earlier.document_number,
            )
