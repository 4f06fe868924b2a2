"""Wordings: what an event of the history is called, from data/history.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from service.domain.quotes import nested

FILE = Path(__file__).parent.parent / "data" / "history.yaml"
UNKNOWN = "（不详）"
NAME = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def events() -> Mapping[str, str]:
    """Event type → sentence with names in braces; a part in brackets is left out where a name is empty."""
    return _file()["events"]


def messages() -> Mapping[str, str]:
    """Message name → what it tells."""
    return _file()["messages"]


def sentence(type: str, names: Mapping[str, str]) -> str:
    """What happened. A type that has no wording, of a later release perhaps, is said by its own name."""

    def optional(found: re.Match[str]) -> str:
        known = all(names.get(name) for name in NAME.findall(found[1]))
        return found[1] if known else ""

    template = _OPTIONAL.sub(optional, events().get(type, type))
    return nested(NAME.sub(lambda found: names.get(found[1]) or UNKNOWN, template))


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return content
