"""A form definition, as the rest of this package works with it; `parsing` reads it from YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.domain.forms.conditions import Condition
from service.domain.forms.fields import Field
from service.domain.forms.kinds.grids import Table
from service.domain.forms.kinds.row_tables import GivenTable
from service.domain.forms.problems import Severity
from service.domain.forms.references import Path, paths

COVER = "封面"
"""The section of this title is the page before the others."""
OTHER = "other"
"""What a check calls the other form that it compares with."""


@dataclass(frozen=True)
class Section:
    """A part of the form with its heading."""

    title: str
    article: str | None
    note: str | None
    steps: frozenset[str] | None
    """Ids of the user tasks in which it can be edited; None: wherever the form appears."""
    fields: tuple[Field, ...]

    @property
    def when(self) -> Condition:
        """It is shown when one of its fields is; empty: always."""
        if not all(each.when for each in self.fields):
            return ()
        return tuple(alternative for each in self.fields for alternative in each.when)

    def editable_in(self, step: str | None) -> bool:
        return step is None or self.steps is None or step in self.steps


@dataclass(frozen=True)
class Check:
    """What must hold between cells: `expression`; or the cell `at` equals `equals` within `tolerance`.

    `/table/*/column` is the column's cell in every row, whose cells its expressions read as `row.column`.
    With `form` they read the cells of that other form of the same case as `other.field`.
    """

    key: str
    at: str
    message: str
    severity: Severity
    article: str | None
    expression: str | None
    equals: str | None
    tolerance: str
    form: str | None = None

    @property
    def cell(self) -> Path:
        return tuple(self.at[1:].split("/"))

    @property
    def table(self) -> str | None:
        """The table each of whose rows it judges."""
        return self.cell[0] if "*" in self.cell else None

    def reads(self, place: Sequence[str | int] | None = None) -> set[Path]:
        """The cells that it compares; `place`, the cell of one row, tells which row `row` is."""
        found = set(paths(self.expression)) if self.expression else {self._judged, *paths(self.equals or "0")}
        found = {path for path in found if path[0] not in ("parameters", "T", OTHER)}
        return found if place is None else {self.within(path, place) for path in found}

    def reads_there(self) -> set[Path]:
        """The cells of the other form, without `other`."""
        texts = [text for text in (self.expression, self.equals) if text]
        return {path[1:] for text in texts for path in paths(text) if path[0] == OTHER}

    def within(self, path: Path, place: Sequence[str | int]) -> Path:
        """`row.column` as the cell of the row at `place`; any other path as it is."""
        if self.table is None or path[0] != "row":
            return path
        return (self.table, str(place[1]), *path[1:])

    @property
    def _judged(self) -> Path:
        return ("row", *self.cell[2:]) if self.table else self.cell


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
    earlier: Mapping[str, Mapping[Path, Path]] = field(default_factory=dict)
    """What forms of the programme's earlier editions called the same: form key → {path here: path there}."""
    imprint: str | None = None
    """Who issued the annex, as its cover prints it: 工业和信息化部制."""
    internal: bool = False
    """Read by the organiser and auditors alone: who sits on a panel, what a department thinks of a plan."""

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field by its key, in the order of the form."""
        return {f.key: f for section in self.sections for f in section.fields}

    @cached_property
    def is_supplied(self) -> bool:
        """Whether others supply what the rest is filled in against: a table, columns of one, or a field on
        which others, repeating it or not, or checks depend."""
        depended = {key for f in self.fields.values() for case in f.when for key in case}
        depended |= {f.copy for f in self.fields.values() if f.copy}
        depended |= {path[0] for check in self.checks for path in check.reads()}
        return any(
            (f.source and (isinstance(f, Table) or f.key in depended))
            or (isinstance(f, GivenTable) and f.supplied)
            for f in self.fields.values()
        )

    @cached_property
    def supplies(self) -> frozenset[str]:
        """What others fill in: the sources of fields, and of columns of given tables."""
        columns = (c for f in self.fields.values() if isinstance(f, GivenTable) for c in f.supplied)
        return frozenset(f.source for f in (*self.fields.values(), *columns) if f.source)

    @cached_property
    def compared(self) -> frozenset[str]:
        """The other forms of a case that checks compare this one with."""
        return frozenset(check.form for check in self.checks if check.form)

    @cached_property
    def sources(self) -> frozenset[str]:
        """The lists that compiling needs from the domain: accepted_applications …"""
        return frozenset(source for f in self.fields.values() for source in f.sources())

    @cached_property
    def bounds(self) -> tuple[str, ...]:
        """What checks compare with: numbers, or paths of parameters that the edition must have."""
        jumps = [bound for f in self.fields.values() for bound in f.bounds()]
        return (*(check.tolerance for check in self.checks), *jumps)

    @cached_property
    def articles(self) -> frozenset[str]:
        """Every article that the form, a section, a field, a row or a check names."""
        cited = {article for f in self.fields.values() for article in f.cited()}
        named: list[Any] = [self, *self.sections, *self.checks]
        return frozenset(cited | {item.article for item in named if item.article})

    def judged(self, step: str | None) -> frozenset[str]:
        """Keys of the fields whose checks concern a user task: what it writes and what it stands beside."""
        return frozenset(f.key for s in self.sections if s.editable_in(step) for f in s.fields)

    def editable(self, step: str | None) -> frozenset[str]:
        """Keys of the fields that a user task may write."""
        return frozenset(
            f.key
            for section in self.sections
            if section.editable_in(step)
            for f in section.fields
            if f.writable
        )
