"""Cookies that scripts cannot read and other sites cannot send."""

from datetime import timedelta

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

SESSION_COOKIE = "laurel_session"


def secure() -> bool:
    """Whether cookies are for https alone: the site has such an address, or the request came by one."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


class Messages(SecureCookieSessionInterface):
    """Flask's own session, which keeps the messages of the next page, as secure as the other cookies."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return secure()


def set_cookie(response: Response, name: str, value: str, lifetime: timedelta | None = None) -> None:
    """Set a cookie; it ends with the browser unless a lifetime is given."""
    response.set_cookie(
        name,
        value,
        max_age=lifetime,
        secure=secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", httponly=True, samesite="Lax")
