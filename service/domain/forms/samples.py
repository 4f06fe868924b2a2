"""Plausible valid content, from a seed: for the simulation, the demo and tests."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from service.domain.forms.cleaning import clean
from service.domain.forms.compiler import Compiled
from service.domain.forms.fields import Field
from service.domain.forms.kinds.dates import Date, Month
from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.numbers import Number, spell
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from service.domain.forms.objects import sample_object
from service.engine.expressions import evaluate


def sample(
    compiled: Compiled, seed: int, given: Mapping[str, Any] | None = None, *, on: date | None = None
) -> dict[str, Any]:
    """Content without a problem: by each kind's own range, then by the definition's `example`.

    `given` sets whole fields (`{"members": [...]}`) or cells by dotted path, as
    `indicators.tech_investment_growth.t1` or `leading_products.*.national_share`. The example's formulas
    follow what is given, so that one figure can be made to fail without a contradiction elsewhere.
    What others supply has to be given: the rest may depend on it. `on` is the day of all dates and months.
    """
    random, given = Random(seed), _days(compiled, on) | dict(given or {})
    fields = [
        field
        for key, field in compiled.definition.fields.items()
        if key in compiled.editable or (field.source and key in given)
    ]
    # What the example always says is known from the start: other fields appear or not by it.
    always = {key: told for key, told in compiled.definition.example.items() if isinstance(told, bool)}
    content = sample_object(fields, random, compiled.scope, always | given)
    _set_all(content, given)
    for path, recipe in compiled.definition.example.items():
        top = path.split(".")[0]
        hidden = top not in content and "." in path
        if top in compiled.editable and not hidden and not any(_covers(p, path) for p in given):
            field = _field(compiled, path)
            _set(content, path, lambda recipe=recipe, field=field: _cook(recipe, field, content, random))
    _set_all(content, given)  # A recipe for every row has gone over the one row that was given.
    return clean(compiled, content)


def _days(compiled: Compiled, on: date | None) -> dict[str, Any]:
    """What stands in every date and month of its own that this step may edit."""
    if on is None:
        return {}
    texts = {Date.kind: on.isoformat(), Month.kind: f"{on:%Y-%m}"}
    fields = compiled.definition.fields.items()
    return {key: texts[each.kind] for key, each in fields if each.kind in texts and key in compiled.editable}


def _covers(given: str, path: str) -> bool:
    return path == given or path.startswith(given + ".")


def _cook(recipe: Any, field: Field | None, content: Mapping[str, Any], random: Random) -> Any:
    scale = field.scale if isinstance(field, Number) else 0
    if isinstance(recipe, str):
        value = Fraction(evaluate(f"round({recipe}, {scale})", content))
        return spell(Decimal(value.numerator) / value.denominator, scale)
    if isinstance(recipe, list) and isinstance(field, Number) and len(recipe) == 2:
        low, high = (int(Decimal(str(bound)) * 10**scale) for bound in recipe)
        return spell(Decimal(random.randint(low, high)) / 10**scale, scale)
    return random.choice(recipe) if isinstance(recipe, list) else recipe


def _field(compiled: Compiled, path: str) -> Field | None:
    """The field that a dotted path ends at."""
    key, *rest = path.split(".")
    field = compiled.definition.fields[key]
    if isinstance(field, MetricTable) and rest:
        return field.find(rest, compiled.scope)[1]
    if isinstance(field, RepeatedTable | GivenTable) and len(rest) > 1:
        return next(column for column in field.columns if column.key == rest[1])
    return field


def _set_all(content: dict[str, Any], given: Mapping[str, Any]) -> None:
    for path, value in given.items():
        _set(content, path, lambda value=value: value)


def _set(content: Any, path: str, make: Any) -> None:
    """Set every place that the path names, each to a value made anew."""
    *parents, last = path.split(".")
    for container in _containers(content, parents):
        if isinstance(container, list):
            container[int(last)] = make()
        else:
            container[last] = make()


def _containers(value: Any, parts: list[str]) -> Iterator[Any]:
    if not parts:
        yield value
    elif parts[0] == "*":
        for item in value.values() if isinstance(value, dict) else value:
            yield from _containers(item, parts[1:])
    else:
        yield from _containers(
            value[int(parts[0])] if isinstance(value, list) else value[parts[0]], parts[1:]
        )
