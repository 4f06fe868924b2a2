"""Requests whose texts can be stored, whatever was sent."""

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from service.store.texts import storable


class Fields(ImmutableMultiDict[str, Any]):
    """What a form or an address brings; a file's content is looked at elsewhere."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__(
            [(storable(key), storable(value) if isinstance(value, str) else value) for key, value in pairs]
        )


class EdgeRequest(Request):
    """A request of which views read no character that would fail them later."""

    parameter_storage_class = Fields
