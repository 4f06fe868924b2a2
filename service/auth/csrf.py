"""Tokens that prove a form came from a page of ours (OWASP: HMAC-based token bound to the session)."""

import hashlib
import hmac
import secrets

from flask import Request, Response, g, request

from service.auth.cookies import set_cookie
from service.auth.errors import BadCsrfToken

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
VISITOR_COOKIE = "laurel_visitor"


def derive(secret: str) -> str:
    """The token that belongs to a session's or a visitor's secret; it cannot be turned back."""
    return hmac.new(secret.encode(), b"laurel csrf", hashlib.sha256).hexdigest()


def csrf_token() -> str:
    """The token of this request's session; one who has not signed in gets a cookie to hold one."""
    secret = g.get("session_token") or request.cookies.get(VISITOR_COOKIE) or g.get("new_visitor")
    if not secret:
        secret = g.new_visitor = secrets.token_urlsafe(32)
    return derive(secret)


def check(incoming: Request) -> None:
    """Refuse an unsafe request that does not bring the token of its session."""
    secret = g.get("session_token") or incoming.cookies.get(VISITOR_COOKIE)
    brought = incoming.headers.get(HEADER) or incoming.form.get(FIELD) or ""
    if not secret or not hmac.compare_digest(derive(secret), brought):
        raise BadCsrfToken


def remember_visitor(response: Response) -> Response:
    """Give a visitor who was shown a form the cookie that its token belongs to."""
    if visitor := g.pop("new_visitor", None):
        set_cookie(response, VISITOR_COOKIE, visitor)
    return response
