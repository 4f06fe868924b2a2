"""The tables of a pilot's cycle: the approved plan's targets, assessments against them, rectifications."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import NotFound
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime


class CycleStatus(StrEnum):
    """How far a pilot is."""

    CREATION = "creation"
    UNMET = "unmet"
    RECTIFYING = "rectifying"
    MIDTERM = "midterm"
    SUMMARY = "summary"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    CycleStatus.CREATION: "创建实施",
    CycleStatus.UNMET: "评估未达要求",
    CycleStatus.RECTIFYING: "限期整改",
    CycleStatus.MIDTERM: "创建实施（中期评估已办结）",
    CycleStatus.SUMMARY: "总结示范",
    CycleStatus.SUSPENDED: "已中止",
    CycleStatus.COMPLETED: "试点示范期满",
    CycleStatus.CANCELLED: "中止和通报取消",
}


class Stage(StrEnum):
    """Which assessment; named as the form in which it is reported."""

    MIDTERM = "midterm"
    FINAL = "final"

    @property
    def label(self) -> str:
        return {"midterm": "中期评估", "final": "期末考核"}[self]


class Verdict(StrEnum):
    """What an assessment or the check of a rectification came to."""

    MET = "met"
    UNMET = "unmet"
    UNREPORTED = "unreported"
    """Of an assessment: no figures came in time, and the ministry counts that as unmet."""
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        return {
            "met": "达到要求",
            "unmet": "未达要求",
            "unreported": "逾期未报，认定未达要求",
            "overdue": "逾期未报整改报告",
        }[self]


class Cycle(Sealed, Base):
    """The years in which one city carries out its approved plan."""

    __tablename__ = "cycle"

    TITLE = "试点示范周期"
    SEALED = (
        "round_id",
        "starts_on",
        "ends_on",
        "approval_number",
        "approved_on",
        "version",
        "status",
        "milestone",
        "closed_at",
        "reason",
    )

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day; it counts in full."""
    approval_number: Mapped[str] = mapped_column(String(120))
    approved_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    """Of the targets in force: 1 as approved, one more with every adjustment."""
    status: Mapped[str] = mapped_column(String(20), default=CycleStatus.CREATION)
    milestone: Mapped[int] = mapped_column(default=0)
    """How many milestones have been set."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was suspended and cancelled."""


class CycleTarget(Sealed, Base):
    """One quantified target of the plan, in one version: a base and a goal for each year of the cycle."""

    __tablename__ = "cycle_target"

    TITLE = "实施方案目标"
    SEALED = ("field", "name", "unit", "direction", "base", "first", "second", "third")

    application_id: Mapped[str] = mapped_column(ForeignKey("cycle.application_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """Its place in the plan's table, from 1."""
    field: Mapped[str] = mapped_column(String(40))
    """创新能力."""
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(40))
    direction: Mapped[str] = mapped_column(String(10))
    base: Mapped[str] = mapped_column(String(40))
    """Decimal strings, as they were entered; the base is of T-1."""
    first: Mapped[str] = mapped_column(String(40))
    second: Mapped[str] = mapped_column(String(40))
    third: Mapped[str] = mapped_column(String(40))

    @property
    def title(self) -> str:
        """创新能力：研发投入强度（%）."""
        return f"{self.field}：{self.name}（{self.unit}）"

    def goal(self, year: int) -> str:
        """The goal of the first, second or third year."""
        return (self.first, self.second, self.third)[year - 1]


class CycleAssessment(Sealed, Base):
    """What a mid-term or final assessment came to."""

    __tablename__ = "cycle_assessment"

    TITLE = "考核评估"
    SEALED = ("verdict", "version", "targets", "reached", "lowest", "assessed_on", "recorded_at")

    application_id: Mapped[str] = mapped_column(ForeignKey("cycle.application_id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(10), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    """Of the targets against which it was."""
    targets: Mapped[int]
    reached: Mapped[int]
    """How many of the targets of the assessed year were reached."""
    lowest: Mapped[str] = mapped_column(String(20))
    """The lowest rate of that year, in percent; empty where nothing was reported."""
    assessed_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CycleResult(Sealed, Base):
    """One target of one year as it was assessed."""

    __tablename__ = "cycle_result"
    __table_args__ = (
        ForeignKeyConstraint(
            ["application_id", "stage"], ["cycle_assessment.application_id", "cycle_assessment.stage"]
        ),
    )

    TITLE = "目标完成情况"
    SEALED = ("goal", "actual", "exact", "rate")

    application_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    stage: Mapped[str] = mapped_column(String(10), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    goal: Mapped[str] = mapped_column(String(40))
    actual: Mapped[str] = mapped_column(String(40))
    exact: Mapped[str] = mapped_column(String(120))
    """The rate in percent as a fraction, so that anybody can recompute it."""
    rate: Mapped[str] = mapped_column(String(20))


class Rectification(Sealed, Base):
    """What was to be put right after an assessment, until when, and what came of it."""

    __tablename__ = "rectification"

    TITLE = "限期整改"
    SEALED = (
        "order_number",
        "working_days",
        "ends_on",
        "ends_at",
        "adjusts",
        "ordered_at",
        "verdict",
        "closed_at",
    )

    application_id: Mapped[str] = mapped_column(ForeignKey("cycle.application_id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(10), primary_key=True)
    order_number: Mapped[str] = mapped_column(String(120))
    working_days: Mapped[int]
    ends_on: Mapped[date]
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """24:00 of that day in Asia/Shanghai."""
    adjusts: Mapped[bool]
    """Whether the plan is to be adjusted as well."""
    ordered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verdict: Mapped[str | None] = mapped_column(String(10))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Adjustment(Sealed, Base):
    """A decision on a change of the plan; `version` is that of its targets, None where it was refused."""

    __tablename__ = "adjustment"

    TITLE = "实施方案调整"
    SEALED = ("version", "number", "decided_on", "reason", "recorded_at")

    application_id: Mapped[str] = mapped_column(ForeignKey("cycle.application_id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(120))
    decided_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    """Why the city asks for it."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CycleMissing(NotFound):
    """这份申报没有批复的实施方案。"""


def find_cycle(session: Session, application_id: str) -> Cycle | None:
    return session.get(Cycle, application_id)


def get(session: Session, application_id: str) -> Cycle:
    """The cycle; CycleMissing."""
    found = find_cycle(session, application_id)
    if found is None:
        raise CycleMissing
    return found


def locked(session: Session, application_id: str) -> Cycle:
    """The cycle with its row held until the transaction ends."""
    found = session.scalar(select(Cycle).where(Cycle.application_id == application_id).with_for_update())
    if found is None:
        raise CycleMissing
    return found


def targets(session: Session, application_id: str, version: int) -> Sequence[CycleTarget]:
    """The targets of one version, in the plan's order."""
    query = select(CycleTarget).where(
        CycleTarget.application_id == application_id, CycleTarget.version == version
    )
    return session.scalars(query.order_by(CycleTarget.position)).all()


def assessments(session: Session, application_id: str) -> Sequence[CycleAssessment]:
    """The assessments so far, the first one first."""
    query = select(CycleAssessment).where(CycleAssessment.application_id == application_id)
    return session.scalars(query.order_by(CycleAssessment.recorded_at)).all()


def results(session: Session, application_id: str) -> Sequence[CycleResult]:
    """What was assessed of each target and year, by stage, position, year."""
    query = select(CycleResult).where(CycleResult.application_id == application_id)
    return session.scalars(query.order_by(CycleResult.stage, CycleResult.position, CycleResult.year)).all()


def rectifications(session: Session, application_id: str) -> Sequence[Rectification]:
    """The orders so far, the first one first."""
    query = select(Rectification).where(Rectification.application_id == application_id)
    return session.scalars(query.order_by(Rectification.ordered_at)).all()


def adjustments(session: Session, application_id: str) -> Sequence[Adjustment]:
    """The decisions on adjustments so far, the first one first."""
    query = select(Adjustment).where(Adjustment.application_id == application_id)
    return session.scalars(query.order_by(Adjustment.recorded_at)).all()
