"""A form definition, as the rest of this package works with it; `parsing` reads it from YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.domain.forms.fields import Field
from service.domain.forms.problems import Severity
from service.domain.forms.references import Path, paths


@dataclass(frozen=True)
class Section:
    """A part of the form with its heading."""

    title: str
    article: str | None
    note: str | None
    steps: frozenset[str] | None
    """Ids of the user tasks in which it can be edited; None: wherever the form appears."""
    fields: tuple[Field, ...]

    def editable_in(self, step: str | None) -> bool:
        return step is None or self.steps is None or step in self.steps


@dataclass(frozen=True)
class Check:
    """What must hold between cells: `expression`; or the cell `at` equals `equals` within `tolerance`."""

    key: str
    at: str
    message: str
    severity: Severity
    article: str | None
    expression: str | None
    equals: str | None
    tolerance: str

    @property
    def cell(self) -> Path:
        return tuple(self.at[1:].split("/"))

    def reads(self) -> set[Path]:
        """The cells that it compares."""
        found = paths(self.expression) if self.expression else {self.cell, *paths(self.equals or "0")}
        return {path for path in found if path[0] not in ("parameters", "T")}


@dataclass(frozen=True)
class Definition:
    """One form as its author wrote it; `digest` is the SHA-256 of the YAML text."""

    key: str
    title: str
    article: str | None
    note: str | None
    digest: str
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    figures: Mapping[str, str]
    example: Mapping[str, Any] = field(repr=False)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field by its key, in the order of the form."""
        return {f.key: f for section in self.sections for f in section.fields}

    @cached_property
    def sources(self) -> frozenset[str]:
        """The lists that compiling needs from the domain: accepted_applications …"""
        return frozenset(source for f in self.fields.values() for source in f.sources())

    @cached_property
    def articles(self) -> frozenset[str]:
        """Every article that the form, a section, a field, a row or a check names."""
        cited = {article for f in self.fields.values() for article in f.cited()}
        named: list[Any] = [self, *self.sections, *self.checks]
        return frozenset(cited | {item.article for item in named if item.article})

    def editable(self, step: str | None) -> frozenset[str]:
        """Keys of the fields that a user task may write."""
        return frozenset(
            f.key
            for section in self.sections
            if section.editable_in(step)
            for f in section.fields
            if f.writable
        )
