"""The JSON API under /api/v1: everything that the pages can do, by the same domain calls."""

from service.api.registration import register

__all__ = ["register"]
