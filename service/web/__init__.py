"""The pages: Jinja templates, htmx, and islands built by Vite."""

from service.web.registration import register

__all__ = ["register"]
