"""A step writes its own sections only."""

from collections.abc import Mapping
from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.definitions import Definition
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


def supply(definition: Definition, content: Mapping[str, Any], supplied: Mapping[str, Any]) -> dict[str, Any]:
    """`content` with what others supply, by the `source` of its fields: `{"government_consent": "agree"}`.

    A column of a table with given rows has its cells by row: `{"targets": {"vocs": {"target": "100"}}}`.
    What stands in such a cell without having been supplied is dropped.
    """
    filled = dict(content)
    for f in definition.fields.values():
        if f.source and f.source in supplied:
            filled[f.key] = supplied[f.source]
    for table in definition.supplied_tables:
        filled[table.key] = table.supply(content.get(table.key), supplied)
    return filled


def prepare(
    compiled: Compiled,
    base: Mapping[str, Any] | None,
    content: object,
    supplied: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Merge over what was submitted before (`base`), supply, clean, judge: what to store, and its problems.

    Raises ContentRefused when the content cannot be taken in at all.
    """
    merged = merge(compiled.definition, base or {}, admit(content), compiled.step)
    for table in compiled.definition.supplied_tables:
        if table.key in compiled.editable:  # Elsewhere the cells are those of its own step.
            merged[table.key] = table.supply(merged.get(table.key), supplied or {})
    cleaned = clean_object(list(compiled.definition.fields.values()), merged, compiled.scope)
    return cleaned, validate(compiled, cleaned)
