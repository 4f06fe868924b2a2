"""Bring content into its one spelling before it is judged."""

from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.limits import admit
from service.domain.forms.objects import clean_object


def clean(compiled: Compiled, content: object) -> dict[str, Any]:
    """Trim texts, sanitise rich text, spell numbers plainly (`1,200` → `1200`), drop what a condition hides.

    Tables get all their rows, so that each cell that is missing is named. What cannot be brought into shape
    stays as it is, for `validate` to name. Raises ContentRefused: no object, too large or too deep.
    """
    return clean_object(list(compiled.definition.fields.values()), admit(content), compiled.scope)
