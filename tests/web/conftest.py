"""Sites for the tests of pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site import Site


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """A site on each kind of database."""
    site = Site(database_url, tmp_path)
    yield site
    site.database.dispose()


@pytest.fixture
def sqlite_site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    """A site where the kind of database makes no difference."""
    site = Site(sqlite_url, tmp_path)
    yield site
    site.database.dispose()
