"""Headers that keep a page to itself."""

from flask import Response, request

from service.auth import cookies

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 365 * 24 * 3600


def secure(response: Response) -> Response:
    """Set the headers, and keep every page that is not a public file out of caches."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if cookies.secure():
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def static_max_age(filename: str | None) -> int | None:
    """Files of the build carry a hash in their name and never change; the others are asked for anew."""
    return ONE_YEAR if filename and filename.startswith("dist/assets/") else None
