"""The shipped forms of any edition, compiled as one of its rounds would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from service.domain import forms
from service.domain.forms.kinds.metric_tables import MetricTable
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

    def judged(self, key: str, content: object) -> list[forms.Problem]:
        """What is wrong with the content by itself, in the form's order."""
        form = self.compiled(key)
        return forms.validate(form, forms.clean(form, content))

    def only_problem(self, key: str, content: object) -> tuple[str, str, str]:
        """Pointer, severity and message of the one thing that is wrong with the content."""
        (problem,) = self.judged(key, content)
        return problem.pointer, problem.severity, problem.message

    def indicators(self, key: str) -> tuple[MetricTable, forms.Compiled]:
        """The table of a recommendation, and the form that it stands in."""
        compiled = self.compiled(key)
        table = compiled.definition.fields["indicators"]
        assert isinstance(table, MetricTable)
        return table, compiled

    def titles(self, key: str) -> list[str]:
        """The rows of that table, one by one."""
        table, compiled = self.indicators(key)
        return [row.label(compiled.scope) for row in table.rows]

    def outline(self, key: str) -> tuple[list[str], list[str]]:
        """The chapters of a report, and what is said under them of how to write it."""
        chapters, notes = [], []
        for section in self.definition(key).sections:
            chapters.append(section.title)
            chapters += [each.title for each in section.fields if each.title.startswith("（")]
            notes += [section.note, *(each.note for each in section.fields if each.kind == "rich_text")]
        return chapters, [note for note in notes if note]

    def prepared(self, key: str, content: object, supplied: Mapping[str, Any]) -> dict[str, Any]:
        found, _ = forms.prepare(self.compiled(key), None, content, supplied)
        return found


def printed(text: str) -> list[str]:
    """What a test writes as lines of titles between bars."""
    return text.replace("\n", "|").split("|")


def dense(text: str) -> str:
    """Without white space, which a document's conversion puts anywhere, and with one kind of brackets."""
    return re.sub(r"\s", "", text).translate(str.maketrans("（），：；", "(),:;"))
