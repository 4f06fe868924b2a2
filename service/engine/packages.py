"""What is checked and deployed together: an edition's BPMN and DMN files, its parameters and its lanes."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Package:
    """Files by name (as findings show it), the edition's parameters, and who stands in which lane.

    `lanes` maps a lane's id to {"office": …, "level": …}. Parameters and lanes are part of the definition, so
    a change of either gives a new one. What is not whole may call processes and tables that lie elsewhere.
    """

    bpmn: Mapping[str, bytes]
    dmn: Mapping[str, bytes] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    lanes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_whole: bool = True


@dataclass(frozen=True)
class Known:
    """The names that a file may use, as registered above the engine. None: not known here, so not checked.

    `articles` are the numbers that the edition lists ("6", "7(1)", "reading 2").
    """

    functions: Set[str] | None = None
    services: Set[str] | None = None
    effects: Set[str] | None = None
    forms: Set[str] | None = None
    articles: Set[str] | None = None
