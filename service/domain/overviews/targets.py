"""Targets as those whom they concern read them: the year's indicators, each city's and county's share."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import divisions, editions, organisers, pages, standings, targets
from service.domain.access import Actor, OfficeNeeded
from service.domain.divisions import Division
from service.domain.editions import Edition
from service.domain.forms.kinds.choices import Choice
from service.domain.forms.kinds.row_tables import GivenTable
from service.domain.memberships import AUDITOR
from service.domain.pages import Page
from service.domain.targets import Decomposition, TargetsMissing, TargetStatus, TargetYear


class IndicatorLine(NamedTuple):
    """One indicator with the organiser's own target."""

    key: str
    title: str
    figure: str | None
    bound: str | None
    office: str | None
    """责任单位."""


class Share(NamedTuple):
    """What was set for one division; `figures` follow the indicators."""

    code: str
    name: str
    figures: list[str | None]


class CityLine(NamedTuple):
    """One city's decomposition."""

    decomposition: Decomposition
    name: str
    status_label: str
    counties: int
    """How many of its counties have a target."""


class TargetsView(NamedTuple):
    """A year's targets; of one city's counties where one was asked for."""

    year: TargetYear
    edition: Edition
    status_label: str
    indicators: list[IndicatorLine]
    cities: list[CityLine]
    city: Division | None
    shares: list[Share]
    """Of the cities; of the counties of the one that was asked for."""


def visible_targets(
    session: Session, actor: Actor, *, number: int = 1, size: int = pages.SIZE
) -> Page[TargetYear]:
    """The years that concern the actor, the newest first."""
    codes = None if AUDITOR in actor.roles else _areas(session, actor)
    return targets.listed(session, codes=codes, number=number, size=size)


def has_targets(session: Session, actor: Actor) -> bool:
    """Whether there is a year that concerns the actor, or one that the actor may set."""
    return visible_targets(session, actor, size=1).total > 0 or bool(may_set(session, actor))


def reads_targets(session: Session, actor: Actor, year: TargetYear) -> bool:
    """Whether the year concerns the actor: an auditor, or an official of the province."""
    return AUDITOR in actor.roles or year.division_code in _areas(session, actor)


def of_targets(session: Session, actor: Actor, target_year_id: str, city: str | None = None) -> TargetsView:
    """One year's; TargetsMissing where it does not concern the actor, or for a city that has none."""
    year = targets.get(session, target_year_id)
    if not reads_targets(session, actor, year):
        raise TargetsMissing
    edition = editions.get(session, year.edition_id)
    own, titles = targets.indicators(session, year), standings.indicators(edition)
    bounds, responsible = _options(edition, "bound"), _options(edition, "office")
    lines = [
        IndicatorLine(
            key=key,
            title=title,
            figure=own[key].figure if key in own else None,
            bound=bounds.get(own[key].bound or "") if key in own else None,
            office=responsible.get(own[key].office or "") if key in own else None,
        )
        for key, title in titles.items()
    ]
    rows = targets.decompositions(session, year.id)
    names = divisions.names(session, [each.division_code for each in rows])
    counties = {
        each.division_code: targets.counties(session, each.division_code, edition.parameters) for each in rows
    }
    every = [county.code for each in counties.values() for county in each]
    figures = targets.figures(session, year.id, [*names, *every])
    cities = [
        CityLine(
            each,
            names[each.division_code],
            TargetStatus(each.status).label,
            sum(bool(figures[county.code]) for county in counties[each.division_code]),
        )
        for each in rows
    ]
    chosen = None
    shown: Sequence[tuple[str, str]] = [(each.division_code, names[each.division_code]) for each in rows]
    if city is not None:
        if city not in names:
            raise TargetsMissing
        chosen = divisions.get(session, city)
        shown = [(each.code, each.name) for each in counties[city]]
    shares = [Share(code, name, [figures[code].get(key) for key in titles]) for code, name in shown]
    return TargetsView(year, edition, TargetStatus(year.status).label, lines, cities, chosen, shares)


def may_set(session: Session, actor: Actor) -> list[Edition]:
    """The editions whose targets the actor's office sets."""
    return [
        each
        for each in editions.newest(session)
        if targets.PROCESS in each.definitions
        and organisers.organises(actor, organisers.of(each.parameters).division)
    ]


def require_setter(session: Session, actor: Actor) -> list[Edition]:
    """The same; OfficeNeeded where there are such editions, but none is the actor's."""
    own = may_set(session, actor)
    if not own and any(targets.PROCESS in each.definitions for each in editions.newest(session)):
        raise OfficeNeeded
    return own


def _areas(session: Session, actor: Actor) -> set[str]:
    """The divisions in which the actor's offices lie: what is set for one of these concerns the actor."""
    return {each.code for _, code in actor.offices() for each in divisions.chain(session, code)}


def _options(edition: Edition, column: str) -> dict[str, str]:
    table = editions.form(edition, "indicators").fields["indicators"]
    assert isinstance(table, GivenTable)
    found = next(each for each in table.columns if each.key == column)
    assert isinstance(found, Choice)
    return dict(found.options)
