"""Numbers that no database holds: an answer tells so, and nothing fails."""

from collections.abc import Callable

import pytest

from tests.web.chain import Chain
from tests.web.site import Site

HUGE = ["9" * 30, "9" * 5000]


@pytest.mark.parametrize("number", HUGE)
def test_a_page_or_a_year_beyond_all_counting_is_refused(site: Site, number: str) -> None:
    admin = site.signed_in("admin")
    assert admin.get(f"/people?page={number}").status_code == 200
    assert admin.get(f"/rounds?year={number}").status_code == 200
    for path in ("/people", "/user-tasks", "/rounds", "/applications", "/ledger/awards"):
        assert admin.get(f"/api/v1{path}?page={number}").status_code == 422, path
    for path in ("/rounds", "/applications", "/ledger/awards"):
        assert admin.get(f"/api/v1{path}?year={number}").status_code == 422, path


def test_a_version_that_no_draft_has_is_refused(at: Callable[[str], Chain]) -> None:
    chain = at("begun")
    (task,) = chain.tasks("county").values()
    path = f"/user-tasks/{task}/drafts/report"
    answer = chain.visitor("county").api("PUT", path, {"content": {}, "version": 10**30})
    assert answer.status_code == 422
