"""A definition, for one round's year and one user task, as JSON Schema and UI schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs

from service.domain.forms.conditions import Condition, as_schema
from service.domain.forms.definitions import Definition, Section
from service.domain.forms.fields import Field, article_title
from service.domain.forms.keywords import FORMATS, KEYWORDS
from service.domain.forms.objects import object_schema
from service.domain.forms.scopes import Rows, Scope


@dataclass(frozen=True)
class Compiled:
    """What the form page, the validator and the read-only display need."""

    definition: Definition
    scope: Scope
    step: str | None
    schema: dict[str, Any]
    editable: frozenset[str]
    """Keys of the fields that this step may write."""

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def title(self) -> str:
        return self.scope.title(self.definition.title)

    @property
    def readonly(self) -> bool:
        """Whether nothing can be written at this step."""
        return not self.editable

    @cached_property
    def uischema(self) -> dict[str, Any]:
        """How the page draws it: a JSON Forms UI schema, whose options tell all that a renderer needs."""
        return _uischema(self.definition, self.scope, self.editable, self.step)

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """The judge; equal schemas share one."""
        return _validator(json.dumps(self.schema))


def compile(
    definition: Definition,
    *,
    year: int,
    rows: Rows | None = None,
    step: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Compiled:
    """Compile for the round's year T and a user task's element id (None: every section can be edited).

    Raises RowsMissing for a list that the definition names and `rows` does not hold, ParameterMissing for a
    bound that names a parameter which the edition does not have.
    """
    scope = Scope(year, rows or {}, parameters or {})
    for bound in definition.bounds:
        scope.bound(bound)
    editable = definition.editable(step)
    return Compiled(
        definition=definition,
        scope=scope,
        step=step,
        schema=_schema(definition, scope, editable),
        editable=editable,
    )


def _schema(definition: Definition, scope: Scope, editable: frozenset[str]) -> dict[str, Any]:
    fields = [f for f in definition.fields.values() if f.key in editable]
    schema = object_schema(fields, scope)
    # What the step only reads was judged when it was written.
    others = {f.key: {"title": f.label(scope)} for f in definition.fields.values() if f.key not in editable}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": scope.title(definition.title),
        **schema,
        "properties": schema["properties"] | others,
    }


def _uischema(
    definition: Definition, scope: Scope, editable: frozenset[str], step: str | None
) -> dict[str, Any]:
    elements = [_group(section, scope, editable, step) for section in definition.sections]
    options = {"note": scope.title(definition.note)} if definition.note else {}
    return {"type": "VerticalLayout", "elements": elements, "options": options}


def _group(section: Section, scope: Scope, editable: frozenset[str], step: str | None) -> dict[str, Any]:
    options: dict[str, Any] = {"readonly": not section.editable_in(step)}
    if section.article:
        options["article"] = article_title(section.article)
    if section.note:
        options["note"] = scope.title(section.note)
    group: dict[str, Any] = {
        "type": "Group",
        "label": scope.title(section.title),
        "options": options,
        "elements": [_control(f, scope, f.key not in editable) for f in section.fields],
    }
    if section.when:
        group["rule"] = _shown_when(section.when)
    return group


def _control(field: Field, scope: Scope, readonly: bool) -> dict[str, Any]:
    options = field.describe(scope) | {"readonly": readonly}
    if field.copy:
        options["copy"] = field.copy
    control: dict[str, Any] = {
        "type": "Control",
        "scope": f"#/properties/{field.key}",
        "label": field.label(scope),
        "options": options,
    }
    if field.when:
        control["rule"] = _shown_when(field.when)
    return control


def _shown_when(when: Condition) -> dict[str, Any]:
    return {"effect": "SHOW", "condition": {"scope": "#", "schema": as_schema(when)}}


@lru_cache(maxsize=128)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        json.loads(schema), formats=FORMATS, validate_formats=True, keywords=KEYWORDS, offline=True
    )
