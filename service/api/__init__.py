"""The JSON API under /api/v1: everything that the pages can do, by the same domain calls."""

from service.api.messages import translate

translate()  # Before any schema is made: that is when its fields take their texts.

from service.api.registration import register  # noqa: E402

__all__ = ["register"]
