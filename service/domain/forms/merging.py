"""A step writes its own sections only."""

from collections.abc import Mapping
from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.definitions import Definition
from service.domain.forms.problems import Problem


def merge(
    definition: Definition, base: Mapping[str, Any], content: Mapping[str, Any], step: str | None
) -> dict[str, Any]:
    """`base` with the fields that `step` may edit taken from `content`."""
    raise NotImplementedError


def prepare(
    compiled: Compiled, base: Mapping[str, Any] | None, content: object
) -> tuple[dict[str, Any], list[Problem]]:
    """Clean, merge over what was submitted before, and judge: the content to store and what is wrong with it."""
    raise NotImplementedError
