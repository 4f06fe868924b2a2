"""The lint of BPMN and DMN files: what the engine would do wrong in silence is refused before it is deployed.

A rule is a function in one of these modules, with an id, a reason (its docstring) and findings in Chinese.
Each has a valid and an invalid drawing in tests/engine/lint/<id>/.
"""

from service.engine.lint import (
    decisions,
    drawing,
    events,
    extensions,
    flows,
    gateways,
    ids,
    instances,
    messages,
    parallels,
    people,
    services,
    tables,
    timers,
    tokens,
    types,
)
from service.engine.lint.checks import ENGINE, XML, check
from service.engine.lint.rules import RULES

__all__ = [
    "ENGINE",
    "RULES",
    "XML",
    "check",
    "decisions",
    "drawing",
    "events",
    "extensions",
    "flows",
    "gateways",
    "ids",
    "instances",
    "messages",
    "parallels",
    "people",
    "services",
    "tables",
    "timers",
    "tokens",
    "types",
]
