"""The fixtures that the other tests lean on."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy
from playwright.sync_api import Page

PAGE = """<!doctype html><html lang="zh-CN"><title>桂冠</title><main><h1>桂冠</h1>{}</main></html>"""


class Pages(http.server.BaseHTTPRequestHandler):
    bodies: ClassVar = {
        "/good": "",
        "/inline": "<script>document.title = 'never'</script>",
        "/error": '<script src="/throws.js"></script>',
        "/unlabelled": "<input>",
    }

    def do_GET(self) -> None:
        script = self.path.endswith(".js")
        body = 'throw new Error("broken")' if script else PAGE.format(self.bodies.get(self.path, ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_page_that_behaves_leaves_no_complaint(
    page: Page, site: str, page_complaints: list[str], axe: Callable[[Page], list[str]]
) -> None:
    page.goto(site + "/good")
    assert axe(page) == []
    assert page_complaints == []


def test_inline_script_is_a_complaint(page: Page, site: str, page_complaints: list[str]) -> None:
    page.goto(site + "/inline")
    assert page.title() == "桂冠"
    assert len(page_complaints) == 1
    page_complaints.clear()


def test_page_error_is_a_complaint(page: Page, site: str, page_complaints: list[str]) -> None:
    page.goto(site + "/error")
    page.wait_for_timeout(100)
    assert ["broken" in complaint for complaint in page_complaints] == [True]
    page_complaints.clear()


def test_axe_names_an_unlabelled_field(page: Page, site: str, axe: Callable[[Page], list[str]]) -> None:
    page.goto(site + "/unlabelled")
    assert axe(page) == ["label: input"]


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_has_a_database_of_its_own(database_url: str, attempt: int) -> None:
    pytest.importorskip("service.store.database")
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        assert "left_behind" not in sqlalchemy.inspect(connection).get_table_names()
        connection.execute(sqlalchemy.text("CREATE TABLE left_behind (id INTEGER)"))
    engine.dispose()


def test_browser_tests_read_chinese(page: Page, tmp_path: Path) -> None:
    assert page.evaluate("navigator.language") == "zh-CN"
