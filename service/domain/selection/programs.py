"""Programs: whether a list can keep to its bounds, and how many of some candidates it can hold, exactly.

Candidates that no bound tells apart are interchangeable, so that a program has one integer variable for each
kind of candidate, not one for each candidate. HiGHS solves it; what it says is checked in integers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import highspy
import numpy


@dataclass(frozen=True, slots=True)
class Bound:
    """How many of `members` a list holds at least and at most."""

    key: str
    members: frozenset[str]
    low: int = 0
    high: int | None = None

    def admits(self, count: int) -> bool:
        return self.low <= count and (self.high is None or count <= self.high)


class SolverFailed(RuntimeError):
    """HiGHS gave no answer, or one that does not hold in integers. The list is not made."""


def fullest(
    bounds: Sequence[Bound],
    taken: frozenset[str],
    free: frozenset[str],
    wanted: frozenset[str] = frozenset(),
    order: Mapping[str, int] = MappingProxyType({}),
) -> frozenset[str] | None:
    """Which of `free` a legal list that holds all of `taken` adds, as many of `wanted` as any; None if none.

    Of interchangeable candidates the first in `order` (by id without one) stand for all of their kind: who
    needs to know whether others could stand there asks again with another bound.
    """
    kinds = _kinds(bounds, admissible(bounds, taken, free), wanted, order)
    rows = [(each, len(each.members & taken)) for each in bounds]
    for place, (bound, held) in enumerate(rows):
        reachable = held + sum(len(ids) for (_, within), ids in kinds.items() if place in within)
        if reachable < bound.low or (bound.high is not None and held > bound.high):
            return None
    counts = _solve(rows, kinds)
    if counts is None:
        return None
    added = frozenset(each for ids, count in zip(kinds.values(), counts, strict=True) for each in ids[:count])
    chosen = taken | added
    if not all(0 <= count <= len(ids) for ids, count in zip(kinds.values(), counts, strict=True)) or not all(
        bound.admits(len(bound.members & chosen)) for bound in bounds
    ):
        raise SolverFailed("the list that the solver gave breaks a bound")
    return added


def admissible(bounds: Sequence[Bound], taken: frozenset[str], free: frozenset[str]) -> frozenset[str]:
    """Those of `free` whom no bound keeps out by itself."""
    for bound in bounds:
        if bound.high is not None and len(bound.members & taken) >= bound.high:
            free -= bound.members
    return free


def _kinds(
    bounds: Sequence[Bound], free: frozenset[str], wanted: frozenset[str], order: Mapping[str, int]
) -> dict[tuple[bool, tuple[int, ...]], list[str]]:
    """Candidates by the bounds that they are in (by place), the wanted apart from the others."""
    of: dict[str, list[int]] = {each: [] for each in sorted(free, key=lambda key: (order.get(key, 0), key))}
    for place, bound in enumerate(bounds):
        for each in bound.members & free:
            of[each].append(place)
    kinds: dict[tuple[bool, tuple[int, ...]], list[str]] = defaultdict(list)
    for each, places in of.items():
        kinds[each in wanted, tuple(places)].append(each)
    return kinds


def _solve(
    rows: Sequence[tuple[Bound, int]], kinds: dict[tuple[bool, tuple[int, ...]], list[str]]
) -> list[int] | None:
    """How many of each kind; None where no numbers keep to the bounds."""
    if not kinds:
        return []
    starts: list[int] = [0]
    indices: list[int] = []
    for place in range(len(rows)):
        indices += [column for column, (_, within) in enumerate(kinds) if place in within]
        starts.append(len(indices))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(kinds), len(rows)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = numpy.array([float(wanted) for wanted, _ in kinds])
    program.col_lower_ = numpy.zeros(len(kinds))
    program.col_upper_ = numpy.array([float(len(ids)) for ids in kinds.values()])
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(kinds)
    program.row_lower_ = numpy.array([float(bound.low - held) for bound, held in rows])
    program.row_upper_ = numpy.array(
        [highspy.kHighsInf if bound.high is None else float(bound.high - held) for bound, held in rows]
    )
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = numpy.array(starts)
    program.a_matrix_.index_ = numpy.array(indices)
    program.a_matrix_.value_ = numpy.ones(len(indices))
    solver = highspy.Highs()
    solver.silent()
    for option, value in _OPTIONS.items():
        solver.setOptionValue(option, value)
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    # Every variable is bounded, so that what presolve leaves open can only mean that nothing is feasible.
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverFailed(solver.modelStatusToString(status))
    return [round(value) for value in solver.getSolution().col_value]


_OPTIONS = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.5, "threads": 1}
"""Objectives are whole numbers: less than one apart is equal. One thread, so that runs are the same."""
