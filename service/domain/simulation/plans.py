"""Plans: which divisions apply in a simulated round, and what is to befall each; all drawn from one seed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications
from service.domain.divisions import Division
from service.domain.errors import Invalid
from service.domain.simulation import policies
from service.domain.simulation.policies import Fate, Policy


class TooManyApplications(Invalid):
    """每个赛道可以模拟 1 至 {most} 个申报（办法允许申报的行政区共 {most} 个），不能是 {asked} 个。"""


class Eligible(NamedTuple):
    """A division that may apply."""

    code: str
    name: str
    province: str
    kind: str
    """As the edition's `applicants.levels` calls it: city, district, county."""


@dataclass(frozen=True)
class Applicant:
    """A division that is to apply."""

    code: str
    name: str
    province: str
    fate: Fate
    merit: float
    """How good it is, between 0 and 1: recommending units and committees lean towards it."""


def draw(
    session: Session, parameters: Mapping[str, Any], policy: Policy, count: int, random: Random
) -> list[Applicant]:
    """`count` applicants of several provinces and all levels, in division-code order; TooManyApplications."""
    possible = eligible(session, parameters)
    if not 1 <= count <= len(possible):
        raise TooManyApplications(most=len(possible), asked=count)
    chosen = _choose(possible, count, policy.per_province, random)
    fates = policies.deal(policy.fates["application"], [each.kind for each in chosen], random)
    return [
        applicant(each, each.province, fate, random.random())
        for each, fate in zip(chosen, fates, strict=True)
    ]


def applicant(division: Eligible, province: str, fate: Fate, merit: float = 0.5) -> Applicant:
    return Applicant(division.code, division.name, province, fate, merit)


def eligible(session: Session, parameters: Mapping[str, Any]) -> list[Eligible]:
    """Every division that may apply by the edition's levels, in the order of the codes."""
    levels = set(parameters["applicants"]["levels"])
    every = {each.code: each for each in session.scalars(select(Division).where(Division.active))}
    return [
        Eligible(code, each.name, _province(each, every), applications.kind_of(each))
        for code, each in sorted(every.items())
        if applications.may_apply(each, levels)
    ]


def _province(division: Division, every: Mapping[str, Division]) -> str:
    while division.level != "province" and division.parent_code:
        division = every[division.parent_code]
    return division.code


def _choose(possible: Iterable[Eligible], count: int, per_province: int, random: Random) -> list[Eligible]:
    """Provinces first, then divisions of each in turn, kind by kind, so that every kind is seen."""
    pool: dict[str, list[Eligible]] = {}
    for division in possible:
        pool.setdefault(division.province, []).append(division)
    provinces = sorted(pool)
    random.shuffle(provinces)
    taken = provinces[: max(2, -(-count // per_province))]
    while sum(len(pool[province]) for province in taken) < count:
        taken.append(provinces[len(taken)])
    queues = [_by_turns(pool[province], random) for province in taken]
    chosen: list[Eligible] = []
    while len(chosen) < count:
        for queue in queues:
            if queue and len(chosen) < count:
                chosen.append(queue.pop(0))
    return sorted(chosen)


def _by_turns(divisions: Sequence[Eligible], random: Random) -> list[Eligible]:
    """The divisions of a province, shuffled, the kinds taking turns: two cities, then one of each other."""
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
