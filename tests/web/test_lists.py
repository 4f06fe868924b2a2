"""Lists: a page or an answer takes as many statements for many rows as for few, and shows one page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from service.domain import pages
from tests.web.chain import Chain
from tests.web.conftest import Stages
from tests.web.crowds import crowd
from tests.web.site import Visitor
from tests.web.test_routes import ROUTES

FEW, MANY = 5, 50
GET = [route.removeprefix("GET ") for route in ROUTES if route.startswith("GET ")]
READERS = ("city", "ministry", "auditor", "admin")
WHOLE = {
    "/api/v1/rounds/<round_id>/ranking": "a ranking is read as one document",
    "/api/v1/rounds/<round_id>/results": "and so is the list of those who were awarded",
    "/api/v1/standings/applications/<application_id>": "two stages at most",
    "/api/v1/standings/applications/<application_id>/corrections": "each is a decision of its own",
    "/api/v1/sessions": "one's own sessions end by themselves",
    "/api/v1/registers/calendar": "one line a year",
    "/api/v1/editions/<edition_id>/articles": "a document is read as one, and never grows",
}


class Crowded:
    """A site with so many of everything, and its visitors."""

    def __init__(self, chain: Chain, count: int) -> None:
        self.chain = chain
        self.parameters = crowd(chain, count)
        self.visitors: dict[str, Visitor] = {name: chain.site.signed_in(name) for name in READERS}
        for name in READERS:
            for _ in range(count):
                chain.site.signed_in(name)

    def path(self, route: str) -> str | None:
        """The address with parameters filled in; None where it names what no list shows."""
        path = re.sub(r"<(\w+)>", lambda found: self.parameters.get(found[1], "<"), route)
        return None if "<" in path else path

    def statements(self, reader: str, path: str) -> tuple[int, int]:
        """The answer's status, and how many statements it took, once what is shared has been loaded."""
        executed: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            executed.append(statement)

        self.visitors[reader].get(path)
        event.listen(self.chain.site.database.engine, "before_cursor_execute", note)
        answer = self.visitors[reader].get(path)
        event.remove(self.chain.site.database.engine, "before_cursor_execute", note)
        return answer.status_code, len(executed)


@pytest.fixture(scope="module")
def crowded(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Crowded]]:
    """A site with few of everything, and one with many."""
    sites = {
        count: Crowded(stages.copy("noticed", Path(tmp_path_factory.mktemp(f"crowd{count}"))), count)
        for count in (FEW, MANY)
    }
    yield sites
    for site in sites.values():
        site.chain.site.database.dispose()


@pytest.mark.parametrize("route", GET)
def test_many_rows_take_as_many_statements_as_few(crowded: dict[int, Crowded], route: str) -> None:
    paths = {count: site.path(route) for count, site in crowded.items()}
    if None in paths.values():
        pytest.skip("names something that no list shows")
    for reader in READERS:
        few = crowded[FEW].statements(reader, str(paths[FEW]))
        assert crowded[MANY].statements(reader, str(paths[MANY])) == few, reader


@pytest.mark.parametrize("route", [route for route in GET if route.startswith("/api/")])
def test_a_list_of_the_api_comes_in_pages(crowded: dict[int, Crowded], route: str) -> None:
    path = crowded[MANY].path(route)
    for reader in READERS:
        answer = crowded[MANY].visitors[reader].get(path or "/nowhere")
        if answer.status_code != 200 or not isinstance(answer.json, list) or route in WHOLE:
            continue
        assert len(answer.json) <= pages.SIZE, reader
        total = int(answer.headers["X-Total-Count"])
        last = crowded[MANY].visitors[reader].get(f"{path}?page={-(-total // 10) or 1}&size=10").json
        assert len(last) == ((total - 1) % 10 + 1 if total else 0)


@pytest.mark.parametrize("path", ["/user-tasks", "/user-tasks/done", "/applications", "/rounds", "/notices"])
def test_a_list_shows_one_page_and_leads_to_the_next(crowded: dict[int, Crowded], path: str) -> None:
    city = crowded[MANY].visitors["city"]
    first, second = city.get(path).text, city.get(f"{path}?page=2").text
    assert first.count("<tr") == pages.SIZE + 1
    assert f"{path}?page=2" in first
    assert "上一页" not in first
    assert f"{path}?page=1" in second
    rows = re.compile(r"<tr>.*?</tr>", re.DOTALL)
    assert not set(rows.findall(first)[1:]) & set(rows.findall(second)[1:])


def test_applications_are_narrowed_by_year_status_and_name(crowded: dict[int, Crowded]) -> None:
    auditor = crowded[MANY].visitors["auditor"]

    def found(query: str) -> list[str]:
        return [line["division"] for line in auditor.get(f"/api/v1/applications?size=100&{query}").json]

    assert len(found("")) == MANY + 1
    assert len(found("year=2026&status=accepted")) == MANY + 1
    assert found("year=2031") == found("status=withdrawn") == found("search=%25") == []
    assert found("search=余杭") == found("search=330110") == ["浙江省杭州市余杭区"]
    assert auditor.get("/api/v1/applications?status=lost").status_code == 422
    page = auditor.get("/applications?search=余杭").text
    assert page.count("<tr") == 2
    assert "没有符合条件的申报" in auditor.get("/applications?year=2031").text


def test_a_page_beyond_the_last_leads_back(crowded: dict[int, Crowded]) -> None:
    page = crowded[MANY].visitors["auditor"].get("/applications?page=99").text
    assert "/applications?page=3" in page
