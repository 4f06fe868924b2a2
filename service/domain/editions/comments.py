"""Comments: what edition.yaml remarks on each of its parameters, for those who read them on a page."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap


def of_parameters(text: str) -> dict[str, str]:
    """Name → the comment behind it, without its mark; a parameter that has none is left out."""
    parameters = YAML(pure=True).load(StringIO(text))["parameters"]
    found = {name: next(_behind(parameters, name), "") for name in parameters}
    return {name: comment for name, comment in found.items() if comment}


def _behind(parameters: CommentedMap, name: str) -> Iterator[str]:
    # ruamel.yaml keeps it at the key, or where a block follows at the block.
    own = getattr(parameters[name], "ca", None)
    tokens: list[Any] = [*(parameters.ca.items.get(name) or ()), *((own and own.comment) or ())]
    for token in tokens:
        if token is not None and not isinstance(token, list):
            yield token.value.partition("\n")[0].lstrip("# ").rstrip()
