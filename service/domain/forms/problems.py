"""What is wrong with a form's content, and at which cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Place = tuple[str | int, ...]
"""Where a cell stands in the content: its JSON pointer, part by part."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One Chinese sentence at a JSON pointer: which cell, a colon, what is wrong, what to do.

    An error stops the submission, a warning is only shown.
    """

    pointer: str
    message: str
    severity: Severity = "error"


def pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
