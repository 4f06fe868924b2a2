"""The ledger (台账): awards, what was used of them, and sanctions, across programmes, years and divisions.

Awards are announced, so everybody reads them. What was used, and sanctions, are read by officials for where
they act: their own division and all below it; the nation's offices and auditors read everything.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain import divisions, editions, incentives, overviews, pages, redemptions, sanctions
from service.domain.access import Actor
from service.domain.awards import Award, AwardMissing, AwardStatus
from service.domain.divisions import NATION, Division
from service.domain.editions import Edition
from service.domain.incentives import Incentive
from service.domain.memberships import AUDITOR
from service.domain.overviews import SanctionLine
from service.domain.pages import SIZE, Page
from service.domain.redemptions import Redemption
from service.domain.sanctions import Sanction

Wanted = TypeVar("Wanted", str, int)


class AwardLine(NamedTuple):
    """One award with the names of what it refers to."""

    award: Award
    division_name: str
    """With the province and city before it: 浙江省杭州市余杭区."""
    title: str
    """Of the edition."""
    track_title: str
    label: str
    """The edition's title, and the track's where the edition has several lists."""

    @property
    def status_label(self) -> str:
        return AwardStatus(self.award.status).label


class Use(NamedTuple):
    """One incentive of an award, with what was used of it."""

    incentive: Incentive
    redemptions: Sequence[Redemption]


class AwardView(NamedTuple):
    """One award with its incentives, for who may read what was used of them."""

    line: AwardLine
    uses: Sequence[Use]
    may_record: bool


class Entitlement(NamedTuple):
    """What a division is entitled to by one award."""

    award: AwardLine
    incentives: Sequence[Incentive]


class RedemptionLine(NamedTuple):
    """One use with the award that it belongs to."""

    redemption: Redemption
    award: AwardLine
    incentive: Incentive


class Repeats(NamedTuple):
    """Who has the award already: the division itself, its city, and its counties."""

    itself: AwardLine | None
    city: AwardLine | None
    counties: Sequence[AwardLine]


class Choices(NamedTuple):
    """What a list of the ledger can be narrowed to."""

    programmes: Sequence[tuple[str, str]]
    """(programme, title of its newest edition)."""
    years: Sequence[int]


def awards(
    session: Session,
    *,
    division: str | None = None,
    programme: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    status: str | None = None,
    number: int = 1,
    size: int = SIZE,
) -> Page[AwardLine]:
    """Every award, the latest year first; `division` is a code or part of a name, with all below it.

    `kind` is that of an incentive (`incentives.Kind`) that it gives, `status` an `AwardStatus`.
    """
    wanted = select(Award).where(*_of_awards(division, programme, year), _of(Award.status, status))
    if kind:
        wanted = wanted.where(incentives.grants(session, kind))
    order = (Award.year.desc(), Award.programme, Award.track, Award.division_code)
    found = pages.page(session, wanted.order_by(*order), number=number, size=size)
    return found.holding(_lines(session, [row[0] for row in found.rows]))


def readable(session: Session, actor: Actor, lines: Sequence[AwardLine]) -> set[str]:
    """Of these awards the ids of those whose incentives and use the actor may read, as `award` tells them."""
    ids = [line.award.id for line in lines]
    return set(
        session.scalars(select(Award.id).where(Award.id.in_(ids), _readable(actor, Award.division_code)))
    )


def entitlements(
    session: Session,
    division_code: str,
    *,
    on: date | None = None,
    kind: str | None = None,
    number: int = 1,
    size: int = SIZE,
) -> Page[Entitlement]:
    """What a division is entitled to, by its awards, the latest first: +3 points, preference, an amount.

    With `on` only what is in force on that day, with `kind` only incentives of that kind. An award that was
    revoked entitles to nothing.
    """
    wanted = select(Award).where(
        Award.division_code == divisions.get(session, division_code).code,
        Award.status != AwardStatus.REVOKED,
    )
    if on is not None:
        wanted = wanted.where(Award.starts_on <= on, Award.ends_on >= on)
    if kind:
        wanted = wanted.where(incentives.grants(session, kind))
    order = (Award.year.desc(), Award.programme, Award.track, Award.id)
    found = pages.page(session, wanted.order_by(*order), number=number, size=size)
    lines = _lines(session, [row[0] for row in found.rows])
    entitled = incentives.of_all(session, [line.award for line in lines])
    return found.holding(
        [
            Entitlement(line, [each for each in entitled[line.award.id] if kind in (None, "", each.kind)])
            for line in lines
        ]
    )


def award(session: Session, actor: Actor, award_id: str) -> AwardView:
    """One award with its incentives and their use; AwardMissing where the actor may not read them."""
    criterion = (Award.id == award_id, _readable(actor, Award.division_code))
    found = session.scalar(select(Award).where(*criterion))
    if found is None:
        raise AwardMissing
    used = redemptions.of_award(session, found.id)
    uses = [
        Use(each, [row for row in used if row.incentive == each.number])
        for each in incentives.of(session, found)
    ]
    return AwardView(_lines(session, [found])[0], uses, redemptions.may_record(session, actor, found))


def used(
    session: Session,
    actor: Actor,
    *,
    division: str | None = None,
    programme: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    status: str | None = None,
    number: int = 1,
    size: int = SIZE,
) -> Page[RedemptionLine]:
    """What was used of the awards of `year` that are today of `status`, the latest first.

    `kind` is that of the incentive (`incentives.Kind`).
    """
    query = select(Redemption, Award).join(Award, Award.id == Redemption.award_id)
    narrowed = (*_of_awards(division, programme, year), _of(Award.status, status))
    wanted = query.where(_readable(actor, Award.division_code), *narrowed)
    if kind:
        wanted = wanted.where(incentives.is_of(session, Redemption.incentive, kind))
    order = (Redemption.used_on.desc(), Redemption.recorded_at.desc(), Redemption.id)
    found = pages.page(session, wanted.order_by(*order), number=number, size=size)
    lines = {line.award.id: line for line in _lines(session, [row[1] for row in found.rows])}
    entitled = {
        award_id: {each.number: each for each in listed}
        for award_id, listed in incentives.of_all(session, [line.award for line in lines.values()]).items()
    }
    return found.holding(
        [RedemptionLine(row, lines[of.id], entitled[of.id][row.incentive]) for row, of in found.rows]
    )


def sanctioned(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    division: str | None = None,
    programme: str | None = None,
    year: int | None = None,
    kind: str | None = None,
    status: str | None = None,
    number: int = 1,
    size: int = SIZE,
) -> Page[SanctionLine]:
    """Sanctions, lifted ones too, that bar from the round of `year`, the latest first.

    `kind` is a `sanctions.Scope`, `status` a `sanctions.SanctionStatus`.
    """
    code = Sanction.division_code
    criteria = [_readable(actor, code), _within(code, division), _of(Sanction.programme, programme)]
    criteria.append(_of(Sanction.scope, kind))
    if year is not None:
        criteria += [Sanction.first_year <= year, Sanction.last_year >= year]
    if status:
        criteria.append(sanctions.has_status(status, now))
    return overviews.sanctions_where(session, *criteria, now=now, number=number, size=size)


def repeats(
    session: Session, division_code: str, *, programme: str, year: int, track: str | None = None
) -> Repeats:
    """Who of a division, its city and its counties won in that year; DivisionMissing for an unknown code.

    An award that was revoked is none.
    """
    chain = divisions.chain(session, division_code)
    city = next((each.code for each in chain[1:] if each.level == "city"), None)
    below = {each.code for each in divisions.children(session, division_code) if each.level == "county"}
    wanted = select(Award).where(
        Award.programme == programme,
        Award.year == year,
        Award.status != AwardStatus.REVOKED,
        Award.division_code.in_({division_code, *below, *([city] if city else [])}),
    )
    if track:
        wanted = wanted.where(Award.track == track)
    found = session.scalars(wanted.order_by(Award.division_code, Award.track)).all()
    lines = _lines(session, found)
    own = {line.award.division_code: line for line in reversed(lines)}
    return Repeats(
        itself=own.get(division_code),
        city=own.get(city) if city else None,
        counties=[line for line in lines if line.award.division_code in below],
    )


def choices(session: Session) -> Choices:
    """The programmes and years in which there are awards."""
    known = session.execute(select(Award.programme, Award.year).distinct()).all()
    titled = _titled(session, {programme for programme, _ in known})
    return Choices(titled, sorted({year for _, year in known}, reverse=True))


def sanction_choices(session: Session, actor: Actor) -> Choices:
    """The programmes and years whose rounds sanctions bar from that the actor may read."""
    query = select(Sanction.programme, Sanction.first_year, Sanction.last_year).distinct()
    known = session.execute(query.where(_readable(actor, Sanction.division_code))).all()
    years = {year for _, first, last in known for year in range(first, last + 1)}
    return Choices(_titled(session, {programme for programme, *_ in known}), sorted(years, reverse=True))


def _titled(session: Session, programmes: Iterable[str]) -> list[tuple[str, str]]:
    return [(each, editions.latest(session, each).title) for each in sorted(programmes)]


def _of_awards(
    division: str | None, programme: str | None, year: int | None
) -> tuple[ColumnElement[bool], ...]:
    """What narrows awards, for what is given of it."""
    return _within(Award.division_code, division), _of(Award.programme, programme), _of(Award.year, year)


def _of(column: InstrumentedAttribute[Wanted], wanted: Wanted | None) -> ColumnElement[bool]:
    return true() if wanted in (None, "") else column == wanted


def _within(code: InstrumentedAttribute[str], division: str | None) -> ColumnElement[bool]:
    """Of a division, by its code or part of its name, and all below it; of all where none is given."""
    return code.in_(divisions.codes_within(division)) if division else true()


def _readable(actor: Actor, code: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    own = {division for _, division in actor.offices()}
    if AUDITOR in actor.roles or NATION in own:
        return true()
    return code.in_(divisions.codes_downwards(Division.code.in_(own)))


def _lines(session: Session, rows: Sequence[Award]) -> list[AwardLine]:
    names = divisions.full_names(session, {row.division_code for row in rows})
    known: dict[str, Edition] = editions.get_all(session, {row.edition_id for row in rows})
    return [_line(row, names[row.division_code], known[row.edition_id]) for row in rows]


def _line(award: Award, name: str, edition: Edition) -> AwardLine:
    tracks = {each["key"]: each["title"] for each in edition.document["tracks"]}
    track = tracks[award.track]
    label = f"{edition.title}，{track}" if len(tracks) > 1 else edition.title
    return AwardLine(award, name, edition.title, track, label)
