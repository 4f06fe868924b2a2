"""Checks across cells, and the named figures that decision tables read."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from fractions import Fraction
from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.consistency import PLACEHOLDER
from service.domain.forms.definitions import OTHER, Check, Definition
from service.domain.forms.places import Place, pointer
from service.domain.forms.problems import Problem
from service.domain.forms.references import Path, is_filled, paths
from service.domain.forms.reviews import problems_of_reviews
from service.domain.forms.scopes import Scope
from service.domain.quotes import nested
from service.engine.expressions import ExpressionFailed, evaluate, holds, plain

Others = Mapping[str, Mapping[str, Any]]
"""The other forms of a case by their keys, each as `names_of` gives it."""


def figures(
    definition: Definition, content: Mapping[str, Any], year: int, parameters: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The definition's named figures: numbers as exact decimal strings, yes/no as "yes" and "no".

    A figure whose cells are not filled in is absent: missing is never zero.
    """
    names = _names(definition, content, year, parameters or {})
    found = {}
    for name, expression in definition.figures.items():
        if not all(is_filled(names, path) for path in paths(expression)):
            continue
        try:
            value = plain(evaluate(expression, names))
        except ExpressionFailed as error:
            if isinstance(error.__cause__, ZeroDivisionError):
                continue
            raise
        found[name] = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return found


def remarks(
    compiled: Compiled,
    content: Mapping[str, Any],
    others: Others | None = None,
    *,
    besides: Set[str] = frozenset(),
) -> list[Problem]:
    """What a reviewer would ask about a form that was handed in, in the order of its checks.

    Nothing about the fields in `besides`, which are being written.
    """
    whole = replace(compiled, step=None, editable=compiled.definition.editable(None))
    found = problems_of_checks(whole, content, frozenset(), others)
    return [problem for place, problem in found if place[0] not in besides]


def names_of(definition: Definition, content: Mapping[str, Any]) -> dict[str, Any]:
    """The cells as expressions of checks read them; what a form says to the checks of another."""
    return {key: field.as_name(content[key]) for key, field in definition.fields.items() if key in content}


def problems_of_checks(
    compiled: Compiled, content: Mapping[str, Any], faulty: Set[Place], others: Others | None = None
) -> Iterator[tuple[Place, Problem]]:
    """What the checks find where the step can edit it; one that reads a faulty cell waits for its mend.

    A check against a form that is not among the `others` waits, too.
    """
    definition, scope = compiled.definition, compiled.scope
    names = _names(definition, content, scope.year, scope.parameters)
    judged = definition.judged(compiled.step)
    for check in definition.checks:
        if check.cell[0] not in judged or (check.form and check.form not in (others or {})):
            continue
        there = {OTHER: (others or {})[check.form]} if check.form else {}
        for place, around in _places(check, definition, content, scope):
            reads = check.reads(place)
            if any(_touches(cell, path) for cell in reads for path in faulty):
                continue
            here = names | there | around
            if not all(is_filled(here, path) for path in check.reads()):
                continue
            if not all(_is_known(here[OTHER], path) for path in check.reads_there()):
                continue
            try:
                if _fails(check, here, scope):
                    yield place, Problem(pointer(place), _message(check, here), check.severity)
            except ExpressionFailed as error:
                if not isinstance(error.__cause__, ZeroDivisionError):  # By 0 nothing can be derived.
                    raise
    yield from problems_of_reviews(compiled, content, faulty)


def _is_known(other: Mapping[str, Any], path: Path) -> bool:
    """Whether the other form says it: of a table without rows all that can be said."""
    rows = path.index("*") if "*" in path else len(path)
    value: Any = other
    for part in path[:rows]:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value == [] or is_filled(other, path)


def _places(
    check: Check, definition: Definition, content: Mapping[str, Any], scope: Scope
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Each cell that it judges, with the names that only hold there: for a check of every row, the row."""
    if check.table is None:
        yield check.cell, {}
        return
    for key, title, row in definition.fields[check.table].each(content.get(check.table), scope):
        yield (check.table, key, check.cell[2]), {"row": row, "row_title": title}


def _fails(check: Check, names: dict[str, Any], scope: Scope) -> bool:
    if check.expression is not None:
        return not holds(check.expression, names)
    cell = ("row", check.cell[2]) if check.table else check.cell
    names["value"] = evaluate(f"number({'.'.join(cell)})", names)
    names["expected"] = evaluate(check.equals or "", names)
    return abs(Fraction(names["value"]) - names["expected"]) > Fraction(scope.bound(check.tolerance) or 0)


def _touches(cell: tuple[str, ...], path: Place) -> bool:
    """Whether one of the two contains the other; `*` is any row."""
    return all(left in ("*", str(right)) for left, right in zip(cell, path, strict=False))


def _message(check: Check, names: Mapping[str, Any]) -> str:
    def filled(match: Any) -> str:
        value = evaluate(match[1], names)
        return (
            str(plain(evaluate("round(value, 2)", {"value": value})))
            if isinstance(value, int | Fraction)
            else str(value)
        )

    return nested(PLACEHOLDER.sub(filled, check.message))


def _names(
    definition: Definition, content: Mapping[str, Any], year: int, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    return {"T": year, "parameters": parameters, **names_of(definition, content)}
