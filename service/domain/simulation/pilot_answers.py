"""What synthetic officials fill in over the cycle of a pilot: figures around the targets of its own plan."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from service.domain import cycles
from service.domain.cycles import YEARS, CycleTarget, Direction, Stage
from service.domain.forms import Compiled
from service.domain.simulation.worlds import Member

Given = dict[str, Any]
FOUR = Decimal("0.0001")


def committee(pool: Sequence[Member], compiled: Compiled, random: Random) -> Given:
    """Experts and officials of the departments, a few more than the edition demands."""
    size = int(compiled.scope.parameters["committee"]["minimum"]) + random.randrange(3)
    experts = random.sample([each for each in pool if each.role == "expert"], size - size // 2)
    bureau = random.sample([each for each in pool if each.role == "bureau"], size // 2)
    members = [
        {
            "person": each.person_id,
            "role": each.role,
            "division": each.home or "",
            "chair": place == 0,
        }
        for place, each in enumerate(experts + bureau)
    ]
    return {"members": members}


def achievements(session: Session, application_id: str, stage: str, random: Random) -> Given:
    """Every target of the plan in force is just reached; a fate of the policy makes one fall short."""
    given: Given = {}
    for target in _targets(session, application_id):
        for year in YEARS[Stage(stage)]:
            percent = Decimal(random.randint(0, 8)) / 100
            factor = 1 + percent if target.direction == Direction.HIGHER else 1 - percent
            actual = (Decimal(target.goal(year)) * factor).quantize(FOUR)
            given[f"targets.{target.position}.reached_n{year}"] = f"{actual:f}"
    return given


def adjustment(session: Session, application_id: str) -> Given:
    """The first target is taken down by a tenth; the others stay as they are."""
    given: Given = {}
    for target in _targets(session, application_id):
        share = Decimal("0.9") if target.position == 1 else Decimal(1)
        for year, column in ((2, "new_n2"), (3, "new_n3")):
            goal = (Decimal(target.goal(year)) * share).quantize(FOUR)
            given[f"targets.{target.position}.{column}"] = f"{goal:f}"
    return given


def _targets(session: Session, application_id: str) -> Sequence[CycleTarget]:
    return cycles.targets(session, application_id, cycles.get(session, application_id).version)
