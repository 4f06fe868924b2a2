"""Policies: how synthetic officials act in an edition's rounds, read from service/data/simulation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from ruamel.yaml import YAML

from service.domain.errors import NotFound

FOLDER = Path(__file__).parent.parent.parent / "data" / "simulation"
Item = TypeVar("Item")
Range = tuple[int, int]


class PolicyMissing(NotFound):
    """没有办法“{edition}”的模拟方案，请先编写 service/data/simulation/{edition}.yaml。"""


@dataclass(frozen=True)
class Act:
    """What is done at one visit of a user task; what is None is as the task's rule says."""

    decide: str | None = None
    otherwise: str | None = None
    """What is decided where a form finds nothing to put in: nobody to recommend."""
    refused: str | None = None
    """What is decided where the decision was refused as things have changed; then by turns."""
    say: str = ""
    fill: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Form key → {path: value}, over the sample."""
    hours: Range | None = None
    hours_left: Range | None = None
    waits: bool = False
    """Nobody does anything: the deadline is to pass."""


@dataclass(frozen=True)
class Fate:
    """What befalls one case: acts by user task, in the order of its visits."""

    name: str
    share: int
    levels: frozenset[str] | None = None
    """Kinds of divisions that it can befall; None: every one."""
    acts: Mapping[str, Sequence[Act]] = field(default_factory=dict)
    recommended: bool = True
    anonymous: bool = False

    def act(self, element_id: str, visit: int) -> Act:
        """What is done at the visit, counted from 0; the rule where the fate says nothing."""
        acts = self.acts.get(element_id, ())
        return acts[visit] if visit < len(acts) else Act()


@dataclass(frozen=True)
class Policy:
    """The whole of one edition's file."""

    collection: Range
    """Days during which materials are received; where they are all year, on which day somebody applies."""
    applications: int
    """How many apply for each track unless told otherwise; where fewer may apply, all of them do."""
    per_unit: int
    """About as many applicants a recommending unit, so that it has some to compare."""
    ties: int
    later_objections: int
    illnesses: int
    replacement_number: str
    """文号 of the organiser's decision to replace who falls ill."""
    next_round: bool
    tasks: Mapping[str, Act]
    fill: Mapping[str, Mapping[str, str]]
    fates: Mapping[str, Sequence[Fate]]


def load(edition: str) -> Policy:
    """The policy of `miit_industry/2018`; PolicyMissing."""
    path = FOLDER / f"{edition}.yaml"
    if not path.is_file():
        raise PolicyMissing(edition=edition)
    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return Policy(
        collection=(content["collection"][0], content["collection"][1]),
        applications=content.get("applications", 40),
        per_unit=content.get("per_unit", 4),
        ties=content.get("ties", 0),
        later_objections=content.get("later_objections", 0),
        illnesses=content.get("illnesses", 0),
        replacement_number=content["replacement_number"] if content.get("illnesses") else "",
        next_round=content.get("next_round", False),
        tasks={element: _act(rule) for element, rule in content["tasks"].items()},
        fill=content["fill"],
        fates={
            kind: [_fate(name, each) for name, each in fates.items()]
            for kind, fates in content["fates"].items()
        },
    )


def deal(fates: Sequence[Fate], kinds: Sequence[str], random: Random) -> list[Fate]:
    """A fate for each of many cases, whose divisions are of these kinds.

    Each fate comes as often as its share says, rounded up or down, so that many cases see every fate; which
    case gets which is drawn. For a fate that fits no division, the first one, the plain one, stands in.
    """
    dealt = [fates[0]] * len(kinds)
    places = list(range(len(kinds)))
    random.shuffle(places)
    # The pickier a fate, the sooner it chooses among the places.
    for fate in sorted(_spread(fates, len(kinds), random), key=lambda each: each.levels is None):
        fitting = (place for place in places if fate.levels is None or kinds[place] in fate.levels)
        if (place := next(fitting, None)) is not None:
            places.remove(place)
            dealt[place] = fate
    return dealt


def _spread(fates: Sequence[Fate], count: int, random: Random) -> list[Fate]:
    """`count` points spread evenly over the shares, from a drawn start (systematic sampling)."""
    # In an order that is drawn too, so that it is not always the same fates that come together.
    remaining = iter(random.sample(fates, len(fates)))
    total = sum(fate.share for fate in fates)
    start, found = random.random(), []
    fate = next(remaining)
    edge = fate.share
    for number in range(count):
        point = (number + start) * total / count
        while point >= edge:
            fate = next(remaining)
            edge += fate.share
        found.append(fate)
    return found


def _fate(name: str, content: Mapping[str, Any]) -> Fate:
    levels = content.get("levels")
    return Fate(
        name=name,
        share=content["share"],
        levels=frozenset(levels) if levels else None,
        acts={element: [_act(act) for act in acts] for element, acts in content.get("acts", {}).items()},
        recommended=content.get("recommended", True),
        anonymous=content.get("anonymous", False),
    )


def _act(content: str | Mapping[str, Any]) -> Act:
    if content == "wait":
        return Act(waits=True)
    if isinstance(content, str):
        return Act(decide=content)
    return Act(
        decide=content.get("decide"),
        otherwise=content.get("otherwise"),
        refused=content.get("refused"),
        say=content.get("say", ""),
        fill=content.get("fill", {}),
        hours=_range(content.get("hours")),
        hours_left=_range(content.get("hours_left")),
    )


def _range(content: Sequence[int] | None) -> Range | None:
    return (content[0], content[1]) if content else None
