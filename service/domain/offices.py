"""Offices: one kind of department at one division, the unit that user tasks are given to."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import divisions
from service.domain.divisions import Division
from service.domain.errors import Invalid, NotFound
from service.domain.memberships import require_admin
from service.engine import history
from service.store.database import Base, new_id

NAMES = Path(__file__).parent.parent / "data" / "offices.yaml"
INDUSTRY = "industry"
GOVERNMENT = "government"
STATISTICS = "statistics"
TELECOM = "telecom"
STATE_COUNCIL = "state_council"
GOVERNMENT_OFFICE = "government_office"


class Office(Base):
    """A department, e.g. kind `industry` at 330100: 杭州市工业和信息化主管部门."""

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("division_code", "kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))


class OfficeMissing(NotFound):
    """没有找到这个单位，请先由管理员设立。"""


class OfficeKindUnknown(Invalid):
    """{level}一级没有“{kind}”这一类单位，可设的有：{kinds}。"""

    place = "/kind"


class OfficeNameInvalid(Invalid):
    """单位名称应为 1 至 120 个字。"""

    place = "/name"


def ensure(
    session: Session, kind: str, division_code: str, *, now: datetime, actor_id: str | None = None
) -> Office:
    """The office, founded under its usual name where there is none yet."""
    return ensure_all(session, [(kind, division_code)], now=now, actor_id=actor_id)[0]


def ensure_all(
    session: Session, needed: Iterable[tuple[str, str]], *, now: datetime, actor_id: str | None = None
) -> list[Office]:
    """The offices of (kind, division code) pairs, those missing founded: three statements however many."""
    pairs = list(dict.fromkeys(needed))
    codes = {code for _, code in pairs}
    found = session.scalars(select(Office).where(Office.division_code.in_(codes)))
    offices = {(office.kind, office.division_code): office for office in found}
    missing = [pair for pair in pairs if pair not in offices]
    if missing:
        require_admin(session, actor_id, now)
        places = {
            division.code: division
            for division in session.scalars(
                select(Division).where(Division.code.in_({code for _, code in missing}))
            )
        }
        for kind, code in missing:
            if code not in places:
                raise divisions.DivisionMissing(code=code)
            office = Office(id=new_id(), kind=kind, division_code=code, name=usual_name(kind, places[code]))
            session.add(office)
            offices[kind, code] = office
        session.flush()
        ids = [offices[pair].id for pair in missing]
        history.record(
            session, history.SYSTEM, "offices_founded", now, actor_id=actor_id, data={"offices": ids}
        )
    return [offices[pair] for pair in pairs]


def rename(
    session: Session, office_id: str, name: str, *, now: datetime, actor_id: str | None = None
) -> Office:
    """Every reform of institutions renames offices; what was decided under the old name stays linked."""
    require_admin(session, actor_id, now)
    office = get(session, office_id)
    if not 1 <= len(name.strip()) <= 120:
        raise OfficeNameInvalid
    before, office.name = office.name, name.strip()
    session.flush()
    data = {"office": office_id, "before": before, "after": office.name}
    history.record(session, history.SYSTEM, "office_renamed", now, actor_id=actor_id, data=data)
    return office


def get(session: Session, office_id: str) -> Office:
    if (office := session.get(Office, office_id)) is None:
        raise OfficeMissing
    return office


_NAMES = (
    select(Division, Office.kind, Office.name)
    .outerjoin(Office, Office.division_code == Division.code)
    .where(Division.code.in_(bindparam("codes", expanding=True)))
)


def names(session: Session, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What the offices of (kind, division code) pairs are called, those too that were not founded yet."""
    wanted = set(pairs)
    if not wanted:
        return {}
    codes = {code for _, code in wanted}
    rows = session.execute(_NAMES, {"codes": list(codes)}).all()
    founded = {(kind, division.code): name for division, kind, name in rows}
    places = {division.code: division for division, _, _ in rows}
    return {
        (kind, code): founded.get((kind, code)) or usual_name(kind, places[code])
        for kind, code in wanted
        if code in places
    }


def usual_name(kind: str, division: Division) -> str:
    """What such an office is called, from data/offices.yaml; OfficeKindUnknown where the level has none."""
    kinds = _names()
    if kind not in kinds or division.level not in kinds[kind]:
        possible = "、".join(
            f"{levels[division.level].format(division='')}（{name}）"
            for name, levels in kinds.items()
            if division.level in levels
        )
        raise OfficeKindUnknown(kind=kind, level=division.level, kinds=possible)
    return kinds[kind][division.level].format(division=division.name)


def kinds() -> list[str]:
    """The kinds of offices that there are, for edition.yaml's lanes to refer to."""
    return list(_names())


@cache
def _names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = YAML(typ="safe", pure=True).load(NAMES.read_text(encoding="utf-8"))
    return names
