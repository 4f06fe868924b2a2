"""Texts that no database holds: an answer tells so, and nothing fails."""

import pytest

from tests.web.site import Site

ODD = ["%00", "a%00b", "%ED%A0%80", "%FF"]


@pytest.mark.parametrize("text", ODD)
def test_odd_characters_in_an_address_are_no_fault_of_the_service(site: Site, text: str) -> None:
    visitor = site.signed_in("admin")
    for path in (
        f"/people?search={text}",
        f"/ledger?division={text}&programme={text}",
        f"/applications?search={text}",
        f"/objections/receipt?number={text}",
        f"/notices/{text}",
        f"/verify/{text}",
        f"/verify?code={text}",
        f"/editions/{text}",
        f"/people/{text}",
        f"/api/v1/people?search={text}",
        f"/api/v1/editions/{text}",
        f"/api/v1/ledger/awards?division={text}",
        f"/api/v1/ledger/incentives?division={text}",
        f"/api/v1/cases/round:{text}/diagram",
    ):
        assert visitor.get(path).status_code < 500, path


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_odd_characters_in_a_form_are_no_fault_of_the_service(site: Site, text: str) -> None:
    stranger, admin = site.visitor(), site.signed_in("admin")
    answer = stranger.client.post("/api/v1/session", json={"login": f"{text}li", "password": text})
    assert answer.status_code < 500
    page = {"login": "li.ming", "name": "李\x00明", "password": "a-first-password", "role": "auditor"}
    assert admin.post("/people", page).status_code < 500
    new = {"login": "wang.fang", "name": f"王{text}芳", "password": "a-first-password", "role": "auditor"}
    answer = admin.api("POST", "/people", new)
    assert (answer.status_code, answer.json["name"]) == (201, "王芳")


@pytest.mark.parametrize("body", ["[" * 100_000, '{"login": ' + "9" * 5_000 + "}", "{", "\ud800"])
def test_what_no_json_can_be_is_told(sqlite_site: Site, body: str) -> None:
    answer = sqlite_site.client().post(
        "/api/v1/session", data=body.encode(errors="surrogatepass"), content_type="application/json"
    )
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request"), answer.json
