"""Plans: which divisions apply in a simulated round, and what is to befall each; all drawn from one seed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications, organisers
from service.domain.divisions import Division
from service.domain.errors import Invalid
from service.domain.simulation import policies
from service.domain.simulation.policies import Fate, Policy


class TooManyApplications(Invalid):
    """每个名单可以模拟 1 至 {most} 个申报（办法允许申报的行政区共 {most} 个），不能是 {asked} 个。"""


class Eligible(NamedTuple):
    """A division that may apply."""

    code: str
    name: str
    unit: str
    """The division that recommends it, or its province where nobody recommends."""
    kind: str
    """As the edition's `applicants.levels` calls it: city, district, county."""


@dataclass(frozen=True)
class Applicant:
    """A division that is to apply."""

    code: str
    name: str
    unit: str
    fate: Fate
    merit: float
    """How good it is, between 0 and 1: recommending units and committees lean towards it."""


def draw(possible: Sequence[Eligible], policy: Policy, count: int, random: Random) -> list[Applicant]:
    """`count` applicants of several units and all levels, or all there are; in division-code order."""
    chosen = _choose(possible, min(count, len(possible)), policy.per_unit, random)
    fates = policies.deal(policy.fates["application"], [each.kind for each in chosen], random)
    return [
        applicant(each, each.unit, fate, random.random()) for each, fate in zip(chosen, fates, strict=True)
    ]


def require_possible(tracks: Iterable[Sequence[Eligible]], count: int) -> None:
    """TooManyApplications where no track has so many divisions that may apply."""
    most = max(len(possible) for possible in tracks)
    if not 1 <= count <= most:
        raise TooManyApplications(most=most, asked=count)


def applicant(division: Eligible, unit: str, fate: Fate, merit: float = 0.5) -> Applicant:
    return Applicant(division.code, division.name, unit, fate, merit)


def eligible(session: Session, parameters: Mapping[str, Any], track: str) -> list[Eligible]:
    """Every division that may apply by the edition's area and levels, in the order of the codes."""
    levels, organiser = applications.levels(parameters, track), organisers.of(parameters)
    every = {each.code: each for each in session.scalars(select(Division).where(Division.active))}
    found = []
    for code, each in sorted(every.items()):
        chain = _chain(each, every)
        inside = organiser.division in (one.code for one in chain.values())
        if inside and applications.may_apply(each, levels):
            unit = chain.get(organiser.recommending or "province")
            found.append(Eligible(code, each.name, unit.code if unit else code, applications.kind_of(each)))
    return found


def _chain(division: Division, every: Mapping[str, Division]) -> dict[str, Division]:
    """The division and its parents upwards, by level."""
    chain = {division.level: division}
    while division.parent_code:
        division = every[division.parent_code]
        chain[division.level] = division
    return chain


def _choose(possible: Iterable[Eligible], count: int, per_unit: int, random: Random) -> list[Eligible]:
    """Recommending units first, then divisions of each in turn, kind by kind, so that every kind is seen."""
    pool: dict[str, list[Eligible]] = {}
    for division in possible:
        pool.setdefault(division.unit, []).append(division)
    units = sorted(pool)
    random.shuffle(units)
    taken = units[: max(2, -(-count // per_unit))]
    while sum(len(pool[unit]) for unit in taken) < count:
        taken.append(units[len(taken)])
    queues = [_by_turns(pool[unit], random) for unit in taken]
    chosen: list[Eligible] = []
    while len(chosen) < count:
        for queue in queues:
            if queue and len(chosen) < count:
                chosen.append(queue.pop(0))
    return sorted(chosen)


def _by_turns(divisions: Sequence[Eligible], random: Random) -> list[Eligible]:
    """The divisions of a unit, shuffled, the kinds taking turns: two cities, then one of each other."""
    kinds: dict[str, list[Eligible]] = {}
    for division in divisions:
        kinds.setdefault(division.kind, []).append(division)
    for members in kinds.values():
        random.shuffle(members)
    turns = []
    while any(kinds.values()):
        for kind, members in sorted(kinds.items()):
            for _ in range(2 if kind == "city" else 1):
                if members:
                    turns.append(members.pop())
    return turns
