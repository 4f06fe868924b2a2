"""The OpenAPI document: complete, consistent, and without an outside address."""

import json
import re
from typing import Any

import pytest

from tests.web.site import Site
from tests.web.test_routes import API, EVERYBODY

NOT_DOCUMENTED = {"GET /api/v1/docs"}


@pytest.fixture
def document(sqlite_site: Site) -> dict[str, Any]:
    found: dict[str, Any] = sqlite_site.client().get("/api/v1/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path.replace('{', '<').replace('}', '>')}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
    }


def test_every_route_is_documented_with_a_chinese_summary(document: dict[str, Any]) -> None:
    found = operations(document)
    assert set(found) == set(API) - NOT_DOCUMENTED
    for route, operation in found.items():
        assert re.search("[一-鿿]", operation["summary"]), route
        assert re.search("[一-鿿]", operation["tags"][0]) or route.endswith("openapi.json"), route


def test_only_what_everybody_may_do_needs_no_token(document: dict[str, Any]) -> None:
    open_to_all = {route for route, each in operations(document).items() if each.get("security") == []}
    assert open_to_all == {route for route, access in API.items() if access == EVERYBODY} - NOT_DOCUMENTED
    assert document["security"] == [{"bearer": []}]


def test_errors_have_the_one_envelope(document: dict[str, Any]) -> None:
    for route, operation in operations(document).items():
        default = operation["responses"].get("default")
        assert default in (None, {"$ref": "#/components/responses/DEFAULT_ERROR"}), route
    schema = document["components"]["schemas"]["Error"]["properties"]
    assert set(schema) == {"code", "message", "problems"}


def test_every_reference_leads_somewhere_and_none_outside(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert "http://" not in text
    assert "https://" not in text
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        place: Any = document
        for part in reference.split("/"):
            place = place[part]
