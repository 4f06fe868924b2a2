"""What is wrong with a form's content, and at which cell."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One Chinese sentence at a JSON pointer: which cell, a colon, what is wrong, what to do.

    An error stops the submission, a warning is only shown.
    """

    pointer: str
    message: str
    severity: Severity = "error"
