"""The tables of targets: one year's indicators, their decomposition to cities and counties."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Conflict, NotFound
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, find, hold


class TargetStatus(StrEnum):
    """How far a year's targets, or a city's, are; the order of the members is that of the work."""

    DRAFTING = "drafting"
    FIXED = "fixed"
    ISSUED = "issued"
    SUBMITTED = "submitted"
    FILED = "filed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    TargetStatus.DRAFTING: "制定指标中",
    TargetStatus.FIXED: "指标已制定",
    TargetStatus.ISSUED: "已下达，分解中",
    TargetStatus.SUBMITTED: "已报送，待备案",
    TargetStatus.FILED: "已备案",
}


class TargetYear(Sealed, Base):
    """One programme, one year Y (考核年度): what the round of Y + 1 is scored by."""

    __tablename__ = "target_year"
    __table_args__ = (Index(None, "programme", "year", unique=True),)

    TITLE = "年度目标任务"
    SEALED = (
        "edition_id",
        "programme",
        "year",
        "division_code",
        "status",
        "number",
        "issued_on",
        "fixed_at",
        "filed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[str] = mapped_column(String(64), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    """Y, the year that is assessed; its round is that of Y + 1."""
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    """Whose targets are decomposed: the organiser's division."""
    title: Mapped[str] = mapped_column(String(200))
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(20), default=TargetStatus.DRAFTING)
    number: Mapped[str | None] = mapped_column(String(120))
    """文号 by which the indicators were issued."""
    issued_on: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fixed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the last city's decomposition was on file; nothing changes afterwards."""


class Decomposition(Sealed, Base):
    """How one city decomposes its targets to its counties."""

    __tablename__ = "decomposition"
    __table_args__ = (Index(None, "target_year_id", "division_code", unique=True),)

    TITLE = "目标任务分解"
    SEALED = (
        "target_year_id",
        "division_code",
        "status",
        "number",
        "filing_number",
        "submitted_at",
        "filed_by",
        "filed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    target_year_id: Mapped[str] = mapped_column(ForeignKey("target_year.id"))
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(20), default=TargetStatus.ISSUED)
    number: Mapped[str | None] = mapped_column(String(120))
    """文号 by which the city issued its counties' targets."""
    filing_number: Mapped[str | None] = mapped_column(String(120))
    """备案文号."""
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    filed_by: Mapped[str | None] = mapped_column(String(36))
    filed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Target(Sealed, Base):
    """What one division is to attain of one indicator in one year; no row where nothing was set for it."""

    __tablename__ = "target"

    TITLE = "目标"
    SEALED = ("figure", "bound", "office")

    target_year_id: Mapped[str] = mapped_column(ForeignKey("target_year.id"), primary_key=True)
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(60), primary_key=True)
    figure: Mapped[str] = mapped_column(String(40))
    """A decimal string without zeros at its end; greater than 0."""
    bound: Mapped[str | None] = mapped_column(String(20))
    """at_least | exactly, of the organiser's own target."""
    office: Mapped[str | None] = mapped_column(String(40))
    """The responsible department (责任单位), of the organiser's own target."""


class TargetsMissing(NotFound):
    """没有找到这一年度的目标任务，或者您无权查看。"""


class TargetsFiled(Conflict):
    """{title}已经备案，备案的目标不再更改。"""


class TargetsNotFiled(Conflict):
    """{year}年度的目标任务还没有全部备案，不能建立{following}年度的轮次。{state}请先办结目标任务的分解和备案。"""


def get(session: Session, target_year_id: str) -> TargetYear:
    """The year; TargetsMissing."""
    found = find(session, TargetYear, target_year_id)
    if found is None:
        raise TargetsMissing
    return found


def locked(session: Session, target_year_id: str) -> TargetYear:
    """The year with its row held until the transaction ends."""
    found = hold(session, TargetYear, target_year_id)
    if found is None:
        raise TargetsMissing
    return found


def decomposition(session: Session, decomposition_id: str) -> Decomposition:
    """One city's; TargetsMissing."""
    found = find(session, Decomposition, decomposition_id)
    if found is None:
        raise TargetsMissing
    return found


def decompositions(session: Session, target_year_id: str) -> Sequence[Decomposition]:
    """Those of a year, in division-code order."""
    query = select(Decomposition).where(Decomposition.target_year_id == target_year_id)
    return session.scalars(query.order_by(Decomposition.division_code)).all()


def of_year(session: Session, programme: str, year: int) -> TargetYear | None:
    """The targets of the year Y."""
    return session.scalar(
        select(TargetYear).where(TargetYear.programme == programme, TargetYear.year == year)
    )
