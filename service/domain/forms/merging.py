"""A step writes its own sections only."""

from collections.abc import Mapping, Set
from typing import Any

from service.domain.forms.checks import Others
from service.domain.forms.compiler import Compiled
from service.domain.forms.definitions import Definition
from service.domain.forms.kinds.row_tables import GivenTable
from service.domain.forms.limits import admit
from service.domain.forms.objects import clean_object
from service.domain.forms.problems import Problem
from service.domain.forms.validation import validate


def merge(
    definition: Definition, base: Mapping[str, Any], content: Mapping[str, Any], step: str | None
) -> dict[str, Any]:
    """`base` with the fields that `step` may edit taken from `content`: what it does not say of them is gone.

    Keys of `content` that the form does not have are kept, for `validate` to name.
    """
    editable = definition.editable(step)
    others = {key: value for key, value in base.items() if key in definition.fields and key not in editable}
    mine = {key: value for key, value in content.items() if key in editable or key not in definition.fields}
    return others | mine


def supply(
    definition: Definition,
    content: Mapping[str, Any],
    supplied: Mapping[str, Any],
    editable: Set[str] = frozenset(),
) -> dict[str, Any]:
    """`content` with what others supply, by the `source` of its fields: `{"government_consent": "agree"}`.

    A column of a table with given rows has its cells by row: `{"targets": {"vocs": {"target": "100"}}}`.
    It is supplied while the table is `editable`, and what stands there otherwise is dropped; a table that
    was handed in keeps what it was filled in against.
    """
    filled = dict(content)
    for f in definition.fields.values():
        if f.source and f.source in supplied:
            filled[f.key] = supplied[f.source]
        elif isinstance(f, GivenTable) and f.supplied and f.key in editable:
            filled[f.key] = f.supply(content.get(f.key), supplied)
    return filled


def prepare(
    compiled: Compiled,
    base: Mapping[str, Any] | None,
    content: object,
    supplied: Mapping[str, Any] | None = None,
    others: Others | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Merge over what was submitted before (`base`), supply, clean, judge: what to store, and its problems.

    Raises ContentRefused when the content cannot be taken in at all.
    """
    merged = merge(compiled.definition, base or {}, admit(content), compiled.step)
    merged = supply(compiled.definition, merged, supplied or {}, compiled.editable)
    cleaned = clean_object(list(compiled.definition.fields.values()), merged, compiled.scope)
    return cleaned, validate(compiled, cleaned, others)
