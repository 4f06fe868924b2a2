"""Cookies that scripts cannot read and other sites cannot send."""

from datetime import timedelta

from flask import current_app
from werkzeug.wrappers import Response

SESSION_COOKIE = "laurel_session"


def set_cookie(response: Response, name: str, value: str, lifetime: timedelta | None = None) -> None:
    """Set a cookie; it ends with the browser unless a lifetime is given."""
    response.set_cookie(
        name,
        value,
        max_age=lifetime,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", httponly=True, samesite="Lax")
