"""Whether a field is shown, by the values beside it."""

from collections.abc import Mapping
from typing import Any

Condition = tuple[Mapping[str, Any], ...]
"""Alternatives of sibling key → value: shown when all pairs of one alternative hold; empty: always."""


def is_met(when: Condition, siblings: Mapping[str, Any]) -> bool:
    """Whether the values call for the field."""
    if not when:
        return True
    return any(
        all(key in siblings and siblings[key] == value for key, value in alternative.items())
        for alternative in when
    )


def as_schema(when: Condition) -> dict[str, Any]:
    """The condition as JSON Schema, for `if` and for the page."""
    alternatives: list[dict[str, Any]] = [
        {"properties": {key: {"const": value} for key, value in pairs.items()}, "required": list(pairs)}
        for pairs in when
    ]
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
