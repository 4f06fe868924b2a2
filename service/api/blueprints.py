"""Blueprints of the API: what flask-smorest documents, with the access that each route declares."""

from collections.abc import Callable
from json import JSONDecodeError
from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from flask import Request
from webargs.flaskparser import FlaskParser

from service.auth.routes import Access
from service.store.texts import all_storable


class Parser(FlaskParser):
    """Reads JSON bodies; whatever is none that could be taken in is refused as such."""

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return all_storable(super()._raw_load_json(req))
        except JSONDecodeError:
            raise
        except (RecursionError, ValueError) as error:  # Nested without end; a number of thousands of digits.
            raise JSONDecodeError(str(error), "…", 0) from error


class Blueprint(flask_smorest.Blueprint):
    """A part of the API; its `description` is the heading under which its operations are documented."""

    ARGUMENTS_PARSER = Parser()

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        **options: Any,
    ) -> None:
        """Document the route under this part's heading, and say where no token is needed."""
        access: Access | None = getattr(view_func, "access", None)
        if access is not None and access.public:
            view_func = self.doc(security=[])(view_func)
        options["tags"] = options.get("tags") or [self.description]
        super().add_url_rule(rule, endpoint, view_func, **options)
