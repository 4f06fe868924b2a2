"""jsonschema-rs judges, and each finding becomes a Chinese sentence at its cell."""

from collections.abc import Mapping
from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.problems import Problem


def validate(compiled: Compiled, content: Mapping[str, Any]) -> list[Problem]:
    """Errors and warnings of the cells that this step may edit, in the order of the form."""
    raise NotImplementedError
