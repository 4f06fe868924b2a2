"""Bring content into its one spelling before it is judged."""

from typing import Any

from service.domain.forms.compiler import Compiled


def clean(compiled: Compiled, content: object) -> dict[str, Any]:
    """Trim texts, sanitise rich text, spell numbers plainly (`1,200` → `1200`), drop what a condition hides.

    What cannot be brought into shape stays as it is, for `validate` to name. Raises ContentRefused when the content is no
    object, too large or too deep.
    """
    raise NotImplementedError
