"""Sites for the tests of the API."""

from tests.web.conftest import site, sqlite_site

__all__ = ["site", "sqlite_site"]
