"""Texts as every database can hold them."""

import re
from typing import Any

# Halves of surrogate pairs, which no encoding can write, and NUL, which PostgreSQL refuses.
_UNSTORABLE = re.compile(r"[\ud800-\udfff\x00]")


def storable(text: str) -> str:
    """The text without what cannot be stored. Nobody sees these characters, so nobody meant them."""
    return _UNSTORABLE.sub("", text)


def all_storable(value: Any) -> Any:
    """The same of every text in what a JSON document holds."""
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(key): all_storable(item) for key, item in value.items()}
        case list():
            return [all_storable(item) for item in value]
    return value
