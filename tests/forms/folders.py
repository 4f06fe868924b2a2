"""The shipped forms of any edition, compiled as one of its rounds would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from service.domain import forms
from service.domain.forms.scopes import Rows

ROOT = Path(__file__).parents[2]
REVIEW = {
    "rate_points": 15,
    "share_points": 5,
    "coverage_points": 25,
    "count_by": 10,
    "count_percent": 100,
    "station_by": 10,
    "amount_percent": 30,
}
"""From which changes on a recommendation asks for a remark."""


@dataclass(frozen=True)
class Folder:
    """`forms/<name>`, for the round of one year."""

    name: str
    year: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)

    @cached_property
    def keys(self) -> list[str]:
        return sorted(path.stem for path in (ROOT / "forms" / self.name).glob("*.yaml"))

    @cached_property
    def document(self) -> str:
        """The document as published, without spaces and line breaks."""
        return dense((ROOT / "processes" / self.name / "document.txt").read_text(encoding="utf-8"))

    def definition(self, key: str) -> forms.Definition:
        text = (ROOT / "forms" / self.name / f"{key}.yaml").read_text(encoding="utf-8")
        return forms.parse(text, key=key)

    def compiled(self, key: str, step: str | None = None) -> forms.Compiled:
        definition = self.definition(key)
        return forms.compile(
            definition, year=self.year, rows=self.rows, step=step, parameters=self.parameters
        )

    def valid(self, key: str, seed: int = 1, **given: Any) -> dict[str, Any]:
        return forms.sample(self.compiled(key), seed, given)

    def problems(
        self, key: str, content: object, supplied: Mapping[str, Any] | None = None, step: str | None = None
    ) -> dict[str, tuple[str, str]]:
        """Pointer → severity and message, of what would be handed in."""
        _, found = forms.prepare(self.compiled(key, step), None, content, supplied)
        return {problem.pointer: (problem.severity, problem.message) for problem in found}

    def prepared(self, key: str, content: object, supplied: Mapping[str, Any]) -> dict[str, Any]:
        found, _ = forms.prepare(self.compiled(key), None, content, supplied)
        return found


def dense(text: str) -> str:
    """Without white space, which a document's conversion puts anywhere, and with one kind of brackets."""
    return re.sub(r"\s", "", text).translate(str.maketrans("（），：；", "(),:;"))
