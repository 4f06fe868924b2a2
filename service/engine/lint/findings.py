"""What is wrong with a file: one finding a fault, with what to do about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault. `message` and `mend` are Chinese sentences for an administrator who does not programme.

    `element` is the BPMN id (or the DMN decision's), "" where the whole file is meant; `name` is what the
    drawing shows, for a DMN cell with its row and column.
    """

    file: str
    element: str
    rule: str
    name: str
    message: str
    mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}: {self.element}" if self.element else self.file
        called = f"“{self.name}”" if self.name else ""
        return f"{where}{called} [{self.rule}] {self.message}{self.mend}"
