"""Decision tables (DMN 1.3), evaluated exactly: overlap and no match are errors, and so is a missing input."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from service.engine.errors import EngineError
from service.engine.expressions import Functions

HitPolicy = Literal["UNIQUE", "ANY", "FIRST", "COLLECT"]


class DecisionFailed(EngineError):
    """决策表“{table}”无法得出结果：{reason}"""

    fields: ClassVar[tuple[str, ...]] = ("table", "reason")
    table: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """One decision table, its cells parsed."""

    id: str
    name: str
    hit_policy: HitPolicy


def decide(decision: Decision, names: Mapping[str, Any], functions: Functions) -> Any:
    """The result: {output name: value} for UNIQUE, ANY, FIRST; a list of such, in rule order, for COLLECT.

    COLLECT without a match is an empty list. DecisionFailed names the table, the rules and the inputs.
    """
    raise NotImplementedError
