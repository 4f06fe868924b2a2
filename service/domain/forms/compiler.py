"""A definition, for one round's year and one user task, as JSON Schema and UI schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.forms.definitions import Definition

Rows = Mapping[str, Sequence[tuple[str, str]]]
"""What the domain supplies: source name → (key, title) pairs, for dynamic rows and for choices."""


@dataclass(frozen=True)
class Compiled:
    """What the form page, the validator and the read-only display need."""

    definition: Definition
    year: int
    step: str | None
    schema: dict[str, Any]
    uischema: dict[str, Any]
    editable: frozenset[str]
    """Keys of the fields that this step may write."""

    @property
    def readonly(self) -> bool:
        """Whether nothing can be written at this step."""
        return not self.editable


def compile(
    definition: Definition,
    *,
    year: int,
    rows: Rows | None = None,
    step: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Compiled:
    """Compile for the round's year T, the element id of the user task (None: every section) and the edition's parameters.

    Raises RowsMissing where the definition names a source that `rows` does not hold.
    """
    raise NotImplementedError
