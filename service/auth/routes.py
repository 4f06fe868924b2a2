"""What every route declares about its access; an app with an undeclared route does not start."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar

from flask import Flask

Level = Literal["public", "signed_in", "official", "expert", "auditor", "admin"]
View = TypeVar("View", bound=Callable[..., Any])


class Access(NamedTuple):
    """Who may call a route: anyone of the levels; whose rows they see is the domain's to judge."""

    levels: tuple[Level, ...]
    own_transaction: bool = (
        False  # The view opens its transactions itself: it must not hold one while it computes.
    )
    throttled: bool = False  # Anybody may write here, so calls are counted by address.
    again: Callable[..., str] | None = None
    """The page of a throttled form as it was filled in, for faults and the route's own arguments."""

    @property
    def public(self) -> bool:
        return "public" in self.levels


class UndeclaredRoutes(Exception):
    """Routes that do not say who may call them."""


def access(
    *levels: Level,
    own_transaction: bool = False,
    throttled: bool = False,
    again: Callable[..., str] | None = None,
) -> Callable[[View], View]:
    """Declare who may call the route: `public`, `signed_in`, or anyone who holds one of the roles named."""
    if not levels:
        raise ValueError("a route names at least one level of access")

    def declare(view: View) -> View:
        view.access = Access(levels, own_transaction, throttled, again)  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> Access | None:
    """What the route of the endpoint declares."""
    return getattr(app.view_functions[endpoint], "access", None)


def refuse_undeclared(app: Flask) -> None:
    """Stop an app in which a route does not say who may call it."""
    silent = sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if declared(app, rule.endpoint) is None}
    )
    if silent:
        raise UndeclaredRoutes(", ".join(silent))
