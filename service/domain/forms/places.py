"""Where a cell stands in a form's content, and what stands there."""

from collections.abc import Iterable
from typing import Any

Place = tuple[str | int, ...]
"""Where a cell stands in the content: its JSON pointer, part by part."""


def pointer(place: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a place."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def value_at(content: Any, place: Place) -> Any:
    """The value at a place; None where there is none."""
    for part in place:
        if isinstance(part, int):
            content = content[part] if isinstance(content, list) and part < len(content) else None
        else:
            content = content.get(part) if isinstance(content, dict) else None
    return content
