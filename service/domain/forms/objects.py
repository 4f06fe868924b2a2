"""An object of several fields: the form itself, or a row of a table."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from service.domain.forms.conditions import as_schema, is_met
from service.domain.forms.fields import Field
from service.domain.forms.formulas import compute
from service.domain.forms.scopes import Scope


def object_schema(fields: Sequence[Field], scope: Scope) -> dict[str, Any]:
    """The schema of an object with these fields; a conditional field is required only when it is shown."""
    writable = [field for field in fields if field.writable]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {f.key: {"title": f.label(scope), **f.schema(scope)} for f in fields},
        "required": [f.key for f in writable if f.required and not f.when],
        "additionalProperties": False,
    }
    rules = [
        {"if": as_schema(f.when), "then": {"required": [f.key]}} for f in writable if f.required and f.when
    ]
    if rules:
        schema["allOf"] = rules
    return schema


def clean_object(fields: Sequence[Field], content: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Every known key cleaned, in the form's order; what is hidden is dropped, an unknown key stays.

    Copies and computed numbers are made anew, whatever was sent.
    """
    cleaned: dict[str, Any] = {}
    for field in fields:
        if field.copy is not None or field.formula is not None:
            continue
        if field.key in content or field.always:
            cleaned[field.key] = field.clean(content.get(field.key), scope)
    cleaned |= {key: value for key, value in content.items() if all(field.key != key for field in fields)}
    for field in fields:
        if not is_met(field.when, cleaned):
            cleaned.pop(field.key, None)
        if field.copy in cleaned:
            cleaned[field.key] = cleaned[field.copy]
    compute(fields, cleaned, scope)
    return cleaned


def sample_object(
    fields: Sequence[Field], random: Random, scope: Scope, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A value for every field that the values before it call for; what is `given` is taken as it is."""
    content: dict[str, Any] = {}
    for field in fields:
        if (field.writable or field.key in (given or {})) and is_met(field.when, content):
            drawn = field.sample(random, scope)
            content[field.key] = (given or {}).get(field.key, drawn)
    return content
