"""Plausible valid content, from a seed: for the simulation, the demo and tests."""

from collections.abc import Mapping
from typing import Any

from service.domain.forms.compiler import Compiled


def sample(compiled: Compiled, seed: int, *, given: Mapping[str, Any] | None = None, eligible: bool = True) -> dict[str, Any]:
    """Content without a single problem; `given` sets fields by key or cells by dotted path (`indicators.tech_share.t1`).

    With `eligible=False` a form that carries 第六条's figures misses one of them, chosen by the seed.
    """
    raise NotImplementedError
