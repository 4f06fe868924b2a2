"""Texts as the pages write them: what they say, and what they leave out."""

from types import SimpleNamespace

import pytest

from service.web.texts import parameter
from tests.web.site import Site

PARAMETERS = [
    ({"cap": 1, "principle": False, "of": None}, "cap 1，principle 否，of null"),
    (
        {"city_a": {"cap": 1}, "county_a": {"levels": ["city", "county"]}},
        "city_a（cap 1），county_a（levels city、county）",
    ),
    ({"330900": "舟山市", "331000": "台州市"}, "舟山市、台州市"),
    ([{"title": "名额", "cap": 1}, True], "名额、是"),
]
SHOWN = {"71": "71.00", "95/2": "47.50", "254/3": "84.67"}


@pytest.mark.parametrize(("value", "written"), PARAMETERS)
def test_a_parameter_is_written_without_a_programs_marks(value: object, written: str) -> None:
    assert parameter(value) == written


@pytest.mark.parametrize("exact", SHOWN)
def test_the_exact_figure_is_added_only_where_the_published_one_was_rounded(site: Site, exact: str) -> None:
    line = SimpleNamespace(
        rank=1,
        application_id="a",
        division="浙江省杭州市余杭区",
        accelerating=False,
        winner=False,
        completion="57.00",
        excess="12.67",
        mechanism="15",
        exact=exact,
        total=SHOWN[exact],
        state="ranked",
    )
    with site.app.test_request_context():
        table = site.app.jinja_env.get_template("standings/pool.html").module.pool_table([line], "e")  # type: ignore[attr-defined]
    assert f">{SHOWN[exact]}</td>" in table
    assert ("精确值 254/3" in table) == (exact == "254/3")
    assert ("精确值" in table) == (exact == "254/3")
