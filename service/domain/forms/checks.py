"""Checks across cells, and the named figures that decision tables read."""

from collections.abc import Mapping
from typing import Any

from service.domain.forms.definitions import Definition


def figures(
    definition: Definition, content: Mapping[str, Any], year: int, parameters: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The definition's named figures: numbers as decimal strings, yes/no as `"yes"`/`"no"`; absent when not filled in."""
    raise NotImplementedError
