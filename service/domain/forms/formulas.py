"""Numbers that follow from the fields beside them: computed here, exactly, and never typed."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.forms.fields import Field
from service.domain.forms.kinds.numbers import Number, spell
from service.domain.forms.references import is_filled, paths
from service.domain.forms.scopes import Scope
from service.engine.expressions import ExpressionFailed, evaluate


def compute(fields: Sequence[Field], cleaned: dict[str, Any], scope: Scope) -> None:
    """Put the computed numbers into `cleaned`, each rounded half up once, to its own decimals.

    One formula may read another that stands before it. While something that it reads is missing or no
    number, and where it would divide by 0, there is no value: missing is never zero.
    """
    names = {f.key: f.as_name(cleaned[f.key]) for f in fields if f.key in cleaned and f.formula is None}
    names |= {"T": scope.year, "parameters": scope.parameters}
    for field in fields:
        if field.formula is None or not isinstance(field, Number):
            continue
        cleaned.pop(field.key, None)
        if not all(is_filled(names, path) for path in paths(field.formula)):
            continue
        try:
            value = Fraction(evaluate(f"round({field.formula}, {field.scale})", names))
        except ExpressionFailed:
            continue
        cleaned[field.key] = names[field.key] = spell(
            Decimal(value.numerator) / value.denominator, field.scale
        )
