"""jsonschema-rs judges, and each finding becomes a Chinese sentence at its cell."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jsonschema_rs

from service.domain.forms.checks import Others, problems_of_checks
from service.domain.forms.compiler import Compiled
from service.domain.forms.kinds.row_tables import GivenTable
from service.domain.forms.messages import quoted, sentence
from service.domain.forms.places import pointer
from service.domain.forms.problems import Problem

MAXIMUM_PROBLEMS = 1_000
"""A page shows no more; a content of nothing but unknown keys must not cost more either."""


def validate(compiled: Compiled, content: Mapping[str, Any], others: Others | None = None) -> list[Problem]:
    """Errors and warnings of the cells that this step may edit, in the order of the form, one a cell."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for path, problem in _judge(compiled, dict(content)):
        found.setdefault(path, problem)
        if len(found) >= MAXIMUM_PROBLEMS:
            break
    # Checks read only cells that were found right; where the search ended early, nobody knows which are.
    checked = (
        problems_of_checks(compiled, content, set(found), others) if len(found) < MAXIMUM_PROBLEMS else ()
    )
    for path, problem in checked:
        if path not in found or (found[path].severity, problem.severity) == ("warning", "error"):
            found[path] = problem  # A warning must not hide what stops the submission.
    return [found[path] for path in sorted(found, key=lambda path: _place(compiled.schema, path))]


def _judge(compiled: Compiled, content: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Problem]]:
    for error in compiled.validator.iter_errors(content):
        keyword = str(error.schema_path[-1])
        path = tuple(part for part, _ in _walked(content, error.instance_path))
        kind = error.kind
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
            for name in kind.unexpected:
                text = _not_waivable(compiled, path, name) or sentence(
                    _label(compiled, path, name), keyword, None, None, None, compiled.scope
                )
                yield (*path, name), Problem(pointer((*path, name)), text)
            continue
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
            path = (*path, kind.property)
        yield (
            path,
            _problem(compiled, path, keyword, _expected(compiled.schema, error.schema_path), error.instance),
        )


def _problem(
    compiled: Compiled, path: tuple[str | int, ...], keyword: str, expected: Any, value: Any
) -> Problem:
    if not path:
        return Problem("", "表单内容应为“栏目: 值”的形式；请刷新页面后重新填写。")
    field = compiled.definition.fields[str(path[0])]
    label, field = field.find(path[1:], compiled.scope)
    return Problem(pointer(path), sentence(label, keyword, expected, value, field, compiled.scope))


def _label(compiled: Compiled, path: tuple[str | int, ...], name: str) -> str:
    if not path:
        return quoted(name)
    label, _ = compiled.definition.fields[str(path[0])].find(path[1:], compiled.scope)
    return f"{label}里的{quoted(name)}"


def _not_waivable(compiled: Compiled, path: tuple[str | int, ...], name: str) -> str | None:
    """What is said to whoever waives a row that nobody may waive."""
    table = compiled.definition.fields.get(str(path[0])) if len(path) == 2 else None
    if not isinstance(table, GivenTable) or name not in table.waiver_keys:
        return None
    row, _ = table.find(path[1:], compiled.scope)
    return f"{row}必须具备，没有“原则上”，不能放宽；请删去。"


def _expected(schema: Any, path: Iterable[str | int]) -> Any:
    for _, inner in _walked(schema, path):
        schema = inner
    return schema


def _walked(document: Any, path: Iterable[str | int]) -> Iterator[tuple[str | int, Any]]:
    """Each part of a path, with what stands there.

    jsonschema-rs gives a key of digits alone, such as a division's code, as a number: like a place in a list.
    """
    for part in path:
        named = str(part) if isinstance(document, dict) else part
        document = document[named]
        yield named, document


def _place(schema: Any, path: tuple[str | int, ...]) -> tuple[int, ...]:
    """Where a path stands in the order of the form; what the form does not have comes last."""
    place = []
    for part in path:
        if isinstance(part, int):
            place.append(part)
            schema = schema.get("items", {})
            continue
        properties = schema.get("properties", {})
        place.append(list(properties).index(part) if part in properties else len(properties))
        schema = properties.get(part, {})
    return tuple(place)
