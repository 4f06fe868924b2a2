"""Setting targets: the year's indicators, each division's share of them, and their filing (备案)."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain import divisions, editions, organisers
from service.domain.access import Actor
from service.domain.errors import Conflict, Invalid
from service.domain.forms import LATEST_YEAR
from service.domain.rules import rule
from service.domain.targets.models import (
    Decomposition,
    Target,
    TargetsFiled,
    TargetsNotFiled,
    TargetStatus,
    TargetYear,
    decomposition,
    decompositions,
    locked,
    of_year,
)
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.engine.services import Context
from service.engine.values import decimal_text
from service.store.database import new_id

PROCESS, DECOMPOSITION = "targets", "decomposition"
"""Kinds of instances by which an edition shows that its rounds are scored by targets."""


class TargetsExist(Conflict):
    """“{title}”已经建立，同一年度只制定一次。请直接打开已有的目标任务。"""


class TargetsUnknown(Invalid):
    """办法“{title}”不制定年度目标任务。请选择有年度目标任务的办法。"""

    place = "/edition_id"


class TargetsTooEarly(Invalid):
    """这一办法自 {first_year} 年度的轮次起施行，最早制定 {first} 年度的目标任务，不能是 {year} 年度。"""

    place = "/year"


class TargetsTooLate(Invalid):
    """最晚制定 {latest} 年度的目标任务，不能是 {year} 年度。请改正。"""

    place = "/year"


@rule("一个年度制定一次目标任务，由主办部门制定", "targets")
def create(
    session: Session, engine: ProcessEngine, actor: Actor, *, edition_id: str, year: int
) -> TargetYear:
    """Set up the targets of the year Y and start their process; for the organiser's office.

    Raises Forbidden, EditionMissing, TargetsUnknown, TargetsTooEarly, TargetsTooLate, TargetsExist.
    """
    edition = editions.get(session, edition_id)
    if PROCESS not in edition.definitions:
        raise TargetsUnknown(title=edition.title)
    organiser = organisers.of(edition.parameters)
    organisers.require(actor, organiser.division)
    first = edition.first_year - 1
    if year < first:
        raise TargetsTooEarly(first_year=edition.first_year, first=first, year=year)
    if year >= LATEST_YEAR:
        raise TargetsTooLate(latest=LATEST_YEAR - 1, year=year)
    row = TargetYear(
        id=new_id(),
        edition_id=edition.id,
        programme=edition.programme,
        year=year,
        division_code=organiser.division,
        title=f"{year}年度{edition.parameters['targets']['title']}",
        status=TargetStatus.DRAFTING,
        created_by=actor.person_id,
        created_at=engine.clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise TargetsExist(title=row.title) from None
    instance = engine.start(
        session,
        edition.definitions[PROCESS],
        business_key=f"{PROCESS}:{row.id}",
        variables={"target_year_id": row.id},
        actor_id=actor.person_id,
    )
    row.instance_id = instance.id
    session.flush()
    history.record(
        session,
        instance.id,
        "targets_created",
        row.created_at,
        actor_id=actor.person_id,
        data={"target_year_id": row.id, "sealed": seals.of(row)},
    )
    return row


def fix(
    context: Context,
    target_year_id: str,
    indicators: Mapping[str, Mapping[str, Any]],
    *,
    number: str,
    issued_on: date,
) -> TargetYear:
    """制定: the organiser's own target of every indicator, with its bound and the responsible department."""
    year = locked(context.session, target_year_id)
    _refuse_filed(year.status, year.title)
    rows = [
        Target(
            target_year_id=year.id,
            division_code=year.division_code,
            indicator=key,
            figure=_written(row["target"]),
            bound=row["bound"],
            office=row["office"],
        )
        for key, row in indicators.items()
    ]
    gone = _replace(context.session, year.id, [year.division_code], rows)
    year.status, year.number, year.issued_on, year.fixed_at = (
        TargetStatus.FIXED,
        number,
        issued_on,
        context.now,
    )
    context.session.flush()
    context.record(
        "targets_fixed",
        target_year_id=year.id,
        indicators=len(rows),
        sealed=seals.of(year, *rows, gone=gone),
    )
    return year


def decompose(
    context: Context, target_year_id: str, given: Mapping[str, Mapping[str, str | None]]
) -> list[Decomposition]:
    """分解到各设区市, each of which begins to decompose its own; {division: {indicator: figure}}."""
    session = context.session
    year = locked(session, target_year_id)
    _refuse_filed(year.status, year.title)
    rows = _rows(year.id, given)
    gone = _replace(session, year.id, list(given), rows)
    year.status = TargetStatus.ISSUED
    started = [
        Decomposition(id=new_id(), target_year_id=year.id, division_code=code, status=TargetStatus.ISSUED)
        for code in given
    ]
    session.add_all(started)
    session.flush()
    context.record(
        "targets_issued",
        target_year_id=year.id,
        divisions=len(started),
        sealed=seals.of(year, *started, *rows, gone=gone),
    )
    return started


def start_decompositions(context: Context, target_year_id: str) -> None:
    """A process for every city."""
    session = context.session
    year = locked(session, target_year_id)
    definition = editions.get(session, year.edition_id).definitions[DECOMPOSITION]
    for each in decompositions(session, year.id):
        instance = context.engine.start(
            session,
            definition,
            business_key=f"{DECOMPOSITION}:{each.id}",
            variables={"decomposition_id": each.id, "target_year_id": year.id},
            actor_id=context.actor_id,
        )
        each.instance_id = instance.id
    session.flush()


def submit(
    context: Context,
    decomposition_id: str,
    given: Mapping[str, Mapping[str, str | None]],
    *,
    number: str,
    filing_number: str,
) -> Decomposition:
    """细化分解到所辖县（市、区）, 同步报备案: the counties' targets, until they are on file."""
    session = context.session
    row = decomposition(session, decomposition_id)
    year = locked(session, row.target_year_id)
    _refuse_filed(row.status, f"{divisions.get(session, row.division_code).name}{year.title}")
    rows = _rows(year.id, given)
    gone = _replace(session, year.id, list(given), rows)
    row.status, row.number, row.filing_number = TargetStatus.SUBMITTED, number, filing_number
    row.submitted_at = context.now
    session.flush()
    context.record(
        "decomposition_submitted",
        decomposition_id=row.id,
        divisions=len(given),
        targets=len(rows),
        sealed=seals.of(row, *rows, gone=gone),
    )
    return row


def file(context: Context, decomposition_id: str) -> Decomposition:
    """备案: from now on no target of the city's counties changes."""
    session = context.session
    row = decomposition(session, decomposition_id)
    year = locked(session, row.target_year_id)
    row.status, row.filed_by, row.filed_at = TargetStatus.FILED, context.actor_id, context.now
    session.flush()
    counties = divisions.children(session, row.division_code)
    kept = _of_divisions(session, year.id, [each.code for each in counties])
    context.record("decomposition_filed", decomposition_id=row.id, sealed=seals.of(row, *kept))
    return row


def close(context: Context, target_year_id: str) -> bool:
    """Whether every city's decomposition is on file; then the year is."""
    session = context.session
    year = locked(session, target_year_id)
    open_ = [each for each in decompositions(session, year.id) if each.status != TargetStatus.FILED]
    if open_:
        return False
    year.status, year.filed_at = TargetStatus.FILED, context.now
    session.flush()
    context.record("targets_filed", target_year_id=year.id, sealed=seals.of(year))
    return True


@rule("目标任务全部备案之后，才能建立下一年度的轮次", "targets")
def require_filed(session: Session, edition: editions.Edition, year: int) -> None:
    """TargetsNotFiled unless what the round of `year` is scored by is on file; nothing without targets."""
    if PROCESS not in edition.definitions:
        return
    found = of_year(session, edition.programme, year - 1)
    if found is not None and found.status == TargetStatus.FILED:
        return
    if found is None:
        raise TargetsNotFiled(year=year - 1, following=year, state="这一年度还没有制定指标。")
    codes = [
        each.division_code for each in decompositions(session, found.id) if each.status != TargetStatus.FILED
    ]
    names = divisions.names(session, codes)
    left = f"还没有备案的有：{'、'.join(names[code] for code in codes)}。" if codes else "指标还没有分解。"
    raise TargetsNotFiled(year=year - 1, following=year, state=left)


def _refuse_filed(status: str, title: str) -> None:
    if status == TargetStatus.FILED:
        raise TargetsFiled(title=title)


def _rows(target_year_id: str, given: Mapping[str, Mapping[str, str | None]]) -> list[Target]:
    """A row for every figure; an empty cell sets no target."""
    return [
        Target(target_year_id=target_year_id, division_code=code, indicator=key, figure=_written(figure))
        for code, figures in given.items()
        for key, figure in figures.items()
        if figure
    ]


def _written(figure: str) -> str:
    """As people write it: 10000, not 10000.0000, however many decimals the form took."""
    return decimal_text(Fraction(figure))


def _replace(
    session: Session, target_year_id: str, codes: Iterable[str], rows: Iterable[Target]
) -> seals.Seals:
    """Put the rows in the place of those that the divisions have; what is said of these."""
    before = _of_divisions(session, target_year_id, codes)
    gone = seals.gone(*before)
    for each in before:
        session.delete(each)
    session.flush()
    session.add_all(rows)
    session.flush()
    return gone


def _of_divisions(session: Session, target_year_id: str, codes: Iterable[str]) -> list[Target]:
    query = select(Target).where(
        Target.target_year_id == target_year_id, Target.division_code.in_(list(codes))
    )
    return list(session.scalars(query.order_by(Target.division_code, Target.indicator)))
