"""Sanctions for fraud (S0 article 13): a city barred from selection, its province from applying."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    Text,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain import divisions, organisers
from service.domain.access import Actor
from service.domain.calendars import chinese
from service.domain.divisions import Division
from service.domain.errors import Conflict, Invalid, NotFound, Problem
from service.domain.rules import rule
from service.engine import history, seals
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, new_id

LONGEST_REASON = 2000


class SanctionStatus(StrEnum):
    """What a sanction is in one year: whether it bars from that year's round or a later one."""

    IN_FORCE = "in_force"
    OVER = "over"
    LIFTED = "lifted"

    @property
    def label(self) -> str:
        return {"in_force": "限制中", "over": "已期满", "lifted": "已解除"}[self]


class Scope(StrEnum):
    """Whom a sanction bars: the division itself, or every applicant below it."""

    CITY = "city"
    PROVINCE = "province"

    @property
    def lost(self) -> str:
        """评选资格, 申报资格: what it takes from whom."""
        return {"city": "评选资格", "province": "申报资格"}[self]

    @property
    def label(self) -> str:
        return {"city": "本地的评选资格", "province": "所辖各地的申报资格"}[self]


class Sanction(Sealed, Base):
    """A decision against one division; bars the rounds of `first_year`..`last_year`, both included."""

    __tablename__ = "sanction"
    __table_args__ = (Index(None, "division_code", "programme"),)

    TITLE = "限制"
    SEALED = (
        "programme",
        "scope",
        "division_code",
        "first_year",
        "last_year",
        "decision_number",
        "decided_on",
        "reason",
        "subject",
        "imposed_at",
        "appeal_number",
        "lifted_on",
    )
    SEALED_IF_SET = ("lift_reason",)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    programme: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(10))
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    first_year: Mapped[int]
    last_year: Mapped[int]
    decision_number: Mapped[str] = mapped_column(String(120))
    decided_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(80), index=True)  # business key of the case it came from
    imposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    appeal_number: Mapped[str | None] = mapped_column(String(120))
    lifted_on: Mapped[date | None]
    lift_reason: Mapped[str | None] = mapped_column(Text)


class SanctionMissing(NotFound):
    """没有找到这项限制。"""


class SanctionInvalid(Invalid):
    """限制决定有 {count} 处需要改正。"""


class LiftingInvalid(Invalid):
    """解除决定有 {count} 处需要改正，限制没有解除。"""


class SanctionLifted(Conflict):
    """这项限制已由申诉决定（{number}）于{on}解除。"""


class Bar(NamedTuple):
    """Why a division may not apply: the decision that stands against it or against its province."""

    sanction_id: str
    scope: str
    division_code: str
    division_name: str
    decision_number: str
    decided_on: date
    first_year: int
    last_year: int

    @property
    def message(self) -> str:
        return (
            f"根据{chinese(self.decided_on)}的处理决定（{self.decision_number}），"
            f"{self.division_name}在{span(self.first_year, self.last_year)}"
            f"被取消{Scope(self.scope).lost}，不能申报。"
        )


class Barred(Conflict):
    """{message}"""


@rule("取消评选资格、申报资格，自作出决定之后的年度起", "sanction")
def impose(
    session: Session,
    *,
    programme: str,
    division_code: str,
    year: int,
    city_years: int,
    province_years: int,
    named: Mapping[str, int] | None = None,
    decision_number: str,
    decided_on: date,
    reason: str,
    subject: str,
    now: datetime,
    actor_id: str | None,
) -> list[Sanction]:
    """Bar the division for `city_years` rounds after round `year`, its province for `province_years`.

    `named`: further divisions that the decision names one by one, and for how many rounds each.

    Reading 15: the span is counted in assessed years, for three years by date can catch four rounds. The same
    decision on the same case again gives the rows that stand. A division of province level is barred once, as
    province.
    """
    problems = []
    if not decision_number.strip():
        problems.append(Problem("/decision_number", "请填写处理决定的文号。"))
    if not reason.strip():
        problems.append(Problem("/reason", "请写明认定的事实和理由。"))
    if decided_on > now.astimezone(SHANGHAI).date():
        problems.append(Problem("/date", "处理决定的日期不能晚于今天，请改正。", "sanction"))
    if min(city_years, province_years) < 0 or city_years + province_years == 0:
        problems.append(Problem("/years", "限制年数不能为负，且至少有一项不为 0。"))
    if problems:
        raise SanctionInvalid(problems)
    same = select(Sanction).where(
        Sanction.subject == subject, Sanction.decision_number == decision_number.strip()
    )
    if standing := session.scalars(same.order_by(Sanction.scope)).all():
        return list(standing)
    province = divisions.ancestor_at(session, division_code, "province")
    targets = [(Scope.CITY, division_code, city_years)]
    if province is not None:
        targets.append((Scope.PROVINCE, province.code, province_years))
        if province.code == division_code:
            targets.pop(0)
    targets += [(Scope.CITY, code, years) for code, years in sorted((named or {}).items())]
    sanctions = [
        Sanction(
            id=new_id(),
            programme=programme,
            scope=scope,
            division_code=code,
            first_year=year + 1,
            last_year=year + years,
            decision_number=decision_number.strip(),
            decided_on=decided_on,
            reason=reason.strip(),
            subject=subject,
            imposed_at=now,
        )
        for scope, code, years in targets
        if years
    ]
    session.add_all(sanctions)
    session.flush()
    for sanction in sanctions:
        data = {
            "sanction": sanction.id,
            "scope": sanction.scope,
            "division": sanction.division_code,
            "programme": programme,
            "years": [sanction.first_year, sanction.last_year],
            "subject": subject,
            "sealed": seals.of(sanction),
        }
        history.record(session, history.SYSTEM, "sanction_imposed", now, actor_id=actor_id, data=data)
    return sanctions


def _bars(
    itself: ColumnElement[bool],
    province: ColumnElement[bool],
    programme: SQLColumnExpression[str],
    year: SQLColumnExpression[int],
) -> ColumnElement[bool]:
    """Of a sanction: that it bars a division or its province, as told by these criteria, from one round."""
    return and_(
        Sanction.programme == programme,
        Sanction.first_year <= year,
        Sanction.last_year >= year,
        Sanction.lifted_on.is_(None),
        or_(and_(Sanction.scope == Scope.CITY, itself), and_(Sanction.scope == Scope.PROVINCE, province)),
    )


_CODE: BindParameter[str] = bindparam("division_code")
_BAR = (
    select(Sanction, Division.name)
    .join(Division, Division.code == Sanction.division_code)
    .where(
        _bars(
            Sanction.division_code == _CODE,
            Sanction.division_code.in_(divisions.codes_upwards(_CODE)),
            bindparam("programme"),
            bindparam("year"),
        )
    )
    .order_by(Sanction.scope, Sanction.last_year.desc(), Sanction.id)
    .limit(1)
)


def check(session: Session, division_code: str, programme: str, year: int) -> Bar | None:
    """The decision that bars the division from the round of that year: its own first, then its province's."""
    of_round = {"division_code": division_code, "programme": programme, "year": year}
    found = session.execute(_BAR, of_round).first()
    if found is None:
        return None
    sanction, name = found
    return Bar(
        sanction_id=sanction.id,
        scope=sanction.scope,
        division_code=sanction.division_code,
        division_name=name,
        decision_number=sanction.decision_number,
        decided_on=sanction.decided_on,
        first_year=sanction.first_year,
        last_year=sanction.last_year,
    )


def bars(
    division_code: InstrumentedAttribute[str],
    province_code: InstrumentedAttribute[str],
    programme: InstrumentedAttribute[str],
    year: InstrumentedAttribute[int],
    accepted_at: InstrumentedAttribute[datetime | None],
) -> ColumnElement[bool]:
    """For statements over many applicants: whether a decision keeps them from going on.

    As `check` finds them; but what bars a province takes 申报资格 from who has yet to apply, and leaves alone
    what was accepted before. What bars a division itself takes 评选资格, under review too.
    """
    itself = Sanction.division_code == division_code
    province = and_(Sanction.division_code == province_code, accepted_at.is_(None))
    return exists().where(_bars(itself, province, programme, year))


def answerable(session: Session, division_code: str, sanction: Mapping[str, Any]) -> str:
    """Whom the document bars for fraud: who applied, or the city whose recommending unit vouched for it.

    `sanction` are the edition's parameters; `level`, where it is told, is the level of who answers.
    """
    level = sanction.get("level")
    found = divisions.ancestor_at(session, division_code, level) if level else None
    return found.code if found else division_code


def refuse_barred(session: Session, division_code: str, programme: str, year: int) -> None:
    """Barred, naming the decision, where `check` finds one."""
    if bar := check(session, division_code, programme, year):
        raise Barred(message=bar.message)


def lift(
    session: Session,
    actor: Actor,
    sanction_id: str,
    *,
    appeal_number: str,
    lifted_on: date | None,
    reason: str,
    now: datetime,
) -> Sanction:
    """A recorded appeal decision ends the bar at once; the sanction stays on record. The ministry's to do.

    The decision's number, its day, and why it lifts the bar: SanctionInvalid names what is missing or wrong.
    """
    sanction = session.get(Sanction, sanction_id, with_for_update=True)
    if sanction is None:
        raise SanctionMissing
    organisers.require(actor, organisers.of_programme(session, sanction.programme))
    if sanction.lifted_on is not None:
        raise SanctionLifted(number=sanction.appeal_number, on=chinese(sanction.lifted_on))
    problems = _faults_of_lifting(sanction, appeal_number.strip(), lifted_on, reason.strip(), now)
    if problems:
        raise LiftingInvalid(problems)
    sanction.appeal_number = appeal_number.strip()
    sanction.lifted_on = lifted_on
    sanction.lift_reason = reason.strip()
    session.flush()
    data = {"sanction": sanction_id, "sealed": seals.of(sanction)}
    history.record(session, history.SYSTEM, "sanction_lifted", now, actor_id=actor.person_id, data=data)
    return sanction


def status_of(sanction: Sanction, now: datetime) -> SanctionStatus:
    """What it is today."""
    if sanction.lifted_on is not None:
        return SanctionStatus.LIFTED
    return SanctionStatus.OVER if sanction.last_year < _year(now) else SanctionStatus.IN_FORCE


def has_status(status: SanctionStatus | str, now: datetime) -> ColumnElement[bool]:
    """For statements: that `status_of` gives this status."""
    if status == SanctionStatus.LIFTED:
        return Sanction.lifted_on.is_not(None)
    over = Sanction.last_year < _year(now)
    return and_(Sanction.lifted_on.is_(None), over if status == SanctionStatus.OVER else ~over)


def _year(now: datetime) -> int:
    return now.astimezone(SHANGHAI).year


def of_programme(session: Session, programme: str) -> list[Sanction]:
    """Every sanction of a programme, the latest first."""
    return list(
        session.scalars(
            select(Sanction)
            .where(Sanction.programme == programme)
            .order_by(Sanction.decided_on.desc(), Sanction.id)
        )
    )


def _faults_of_lifting(
    sanction: Sanction, number: str, on: date | None, reason: str, now: datetime
) -> list[Problem]:
    problems = []
    if not 1 <= len(number) <= 120:
        problems.append(Problem("/appeal_number", "请填写申诉决定的文号，不超过 120 个字。"))
    if on is None:
        problems.append(Problem("/lifted_on", "请填写申诉决定的日期。"))
    elif on < sanction.decided_on:
        earliest = chinese(sanction.decided_on)
        problems.append(Problem("/lifted_on", f"解除的日期不能早于处理决定的日期（{earliest}）。"))
    elif on > now.astimezone(SHANGHAI).date():
        problems.append(Problem("/lifted_on", "解除的日期不能晚于今天：决定作出之后才能解除。"))
    if not 1 <= len(reason) <= LONGEST_REASON:
        problems.append(Problem("/reason", f"请写明解除的理由，不超过 {LONGEST_REASON} 个字。"))
    return problems


def span(first: int, last: int) -> str:
    return f"{first}年度" if first == last else f"{first}至{last}年度"
