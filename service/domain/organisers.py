"""Organisers: whose rounds an edition's are, and between which divisions the recommending units lie.

A programme of the ministry is run by the industry office of 全国, a province's by that of the province. The
divisions one level below the organiser are the ones whose people withdraw from each other's applications.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from service.domain import access, editions
from service.domain.access import Actor
from service.domain.divisions import LEVELS, NATION, Division
from service.domain.offices import INDUSTRY
from service.domain.rules import rule


class Organiser(NamedTuple):
    """`parameters.organiser` of an edition."""

    division: str
    """Its division code; only divisions below it apply."""
    recommending: str | None
    """The level whose divisions each recommend once a round; None where nobody recommends."""


@rule("由列明的主办部门组织，由列明的一级行政区推荐", "organiser")
def of(parameters: Mapping[str, Any]) -> Organiser:
    """Who runs the rounds of an edition: the ministry, and its provinces recommend, where it says nothing.

    Editions that were published before the parameter was known are the ministry's.
    """
    told = parameters.get("organiser", {})
    return Organiser(told.get("division", NATION), told.get("recommending", "province"))


def unit(chain: Mapping[str, Division], organiser: Organiser) -> Division | None:
    """Of a division's chain by level, the one that recommends; None where nobody does, or none can."""
    return chain.get(organiser.recommending) if organiser.recommending else None


def below(level: str) -> str:
    """The next level downwards: that of which a committee's members withdraw."""
    return LEVELS[LEVELS.index(level) + 1]


def organises(actor: Actor, division: str) -> bool:
    """Whether the actor is of the industry office that runs the rounds of this division."""
    return (INDUSTRY, division) in actor.offices()


def require(actor: Actor, division: str) -> None:
    """Forbidden for everybody else."""
    access.require_office(actor, INDUSTRY, division)


def divisions_of(actor: Actor) -> set[str]:
    """The divisions whose rounds the actor runs, as far as there are such rounds."""
    return {code for kind, code in actor.offices() if kind == INDUSTRY}


def of_programme(session: Session, programme: str) -> str:
    """The division whose industry office runs a programme, by its newest edition."""
    return of(editions.latest(session, programme).parameters).division


def programmes(session: Session, actor: Actor) -> set[str]:
    """The programmes that the actor's office runs, by their newest editions."""
    mine = divisions_of(actor)
    every = editions.newest(session) if mine else ()
    return {each.programme for each in every if of(each.parameters).division in mine}
