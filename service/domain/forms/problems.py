"""What is wrong with a form's content, and at which cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One Chinese sentence at a JSON pointer. An error stops the submission, a warning is only shown."""

    pointer: str
    message: str
    severity: Severity = "error"
    label: str = ""
    """What the message begins with, before its colon; at the cell itself the page leaves it out."""


def pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
