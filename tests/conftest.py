"""What every test may ask for: fresh databases, and a Chromium whose complaints fail the test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError

from tests import postgres_server
from tests.databases import PostgresDatabases, SqliteDatabases

REPOSITORY = Path(__file__).parent.parent
AXE = REPOSITORY / "service/web/node_modules/axe-core/axe.min.js"
POSTGRES_FOLDER = "LAUREL_TEST_POSTGRES_FOLDER"
OWNER = "LAUREL_TEST_OWNER"

# No test fails because the machine had other work to do.
settings.register_profile("laurel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laurel")


def pytest_configure(config: pytest.Config) -> None:
    # The first process of a run names the folder and owns the server; xdist's workers inherit both names.
    if not hasattr(config, "workerinput"):
        os.environ[OWNER] = str(os.getpid())
        # Not pytest's own temporary folder: as root that is closed to the user who runs the server.
        os.environ[POSTGRES_FOLDER] = f"/tmp/laurel-test-{os.getpid()}-{os.urandom(4).hex()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"page", "context", "new_context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


# Databases.


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Copies of one migrated SQLite file."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Copies of one migrated database in the server that TEST_DATABASE_URL names, else in one of our own."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        folder = Path(os.environ[POSTGRES_FOLDER])
        folder.mkdir(exist_ok=True)
        url = postgres_server.start(folder, int(os.environ[OWNER]))
    databases = PostgresDatabases(url)
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh database with the newest schema; every test that asks runs once on each kind."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(name)
    with databases.fresh() as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """The URL of a fresh SQLite database, for the tests to which the kind makes no difference."""
    with sqlite_databases.fresh() as url:
        yield url


@pytest.fixture
def postgresql_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database, for the tests of what only PostgreSQL does."""
    with postgres_databases.fresh() as url:
        yield url


# Browser.


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, keeping to itself."""
    return browser_type_launch_args | {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in China."""
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def page_complaints() -> Iterator[list[str]]:
    """What the pages of a test complained about; whatever is in it at the end fails the test.

    A test that provokes a complaint takes it out.
    """
    complaints: list[str] = []
    yield complaints
    assert not complaints, "the page complained:\n" + "\n".join(complaints)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], page_complaints: list[str]
) -> Callable[..., BrowserContext]:
    """As pytest-playwright's, so that `page` and `context` come from here too; every page is listened to."""

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            page_complaints.append(message.text)

    def on_error(error: WebError) -> None:
        page_complaints.append(str(error.error))

    def on_response(response: Response) -> None:
        if "/static/" in response.url and response.status >= 400:
            page_complaints.append(f"{response.status} {response.url}")

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("console", on_console)
        context.on("weberror", on_error)
        context.on("response", on_response)
        return context

    return make


@pytest.fixture(scope="session")
def axe_source() -> str:
    return AXE.read_text()


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], list[str]]:
    """`assert axe(page) == []`: the WCAG 2.1 A and AA violations of a page as "rule: selector"."""

    def violations(page: Page) -> list[str]:
        page.evaluate(axe_source)
        found: list[str] = page.evaluate(
            """async () => {
                const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
                const result = await axe.run(document, { runOnly: tags })
                const lines = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target}`)
                return result.violations.flatMap(lines)
            }"""
        )
        return found

    return violations


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured (`record_property("coverage", …)`), with and without xdist."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "coverage" and report.when == "call":
                terminalreporter.write_line(str(value))
