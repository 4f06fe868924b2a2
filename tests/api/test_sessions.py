"""Signing in by the API: the token, its end, and what other sites cannot do with a browser's cookie."""

from service.auth import passwords
from service.domain.people import Person
from tests.web.site import Site

PASSWORD = "correct-horse-battery"


def with_password(site: Site, login: str) -> None:
    with site.database.write() as session:
        session.get_one(Person, site.people[login]).password_hash = passwords.hash_password(PASSWORD)


def token_of(site: Site, login: str) -> str:
    with_password(site, login)
    credentials = {"login": login, "password": PASSWORD}
    answer = site.client().post("/api/v1/session", json=credentials)
    assert answer.status_code == 201, answer.json
    return str(answer.json["token"])


def test_a_token_stands_for_the_person_until_it_is_given_back(site: Site) -> None:
    client = site.client()
    bearer = {"Authorization": f"Bearer {token_of(site, 'county')}"}
    current = client.get("/api/v1/session", headers=bearer)
    assert current.json["person_id"] == site.people["county"]
    assert current.json["roles"] == ["official"]
    assert current.json["memberships"] == [{"role": "经办人员", "office": "余杭区工业和信息化主管部门"}]
    assert client.delete("/api/v1/session", headers=bearer).status_code == 204
    assert client.get("/api/v1/session", headers=bearer).status_code == 401


def test_a_bearer_needs_no_csrf_token_and_a_cookie_does(sqlite_site: Site) -> None:
    client = sqlite_site.client()
    token = token_of(sqlite_site, "county")
    revoke = "/api/v1/sessions/0"
    assert client.delete(revoke, headers={"Authorization": f"Bearer {token}"}).status_code == 404
    client.set_cookie("laurel_session", token)
    refused = client.delete(revoke)
    assert (refused.status_code, refused.json["code"]) == (403, "bad_csrf_token")
    csrf_token = client.get("/api/v1/session").json["csrf_token"]
    assert client.delete(revoke, headers={"X-CSRF-Token": csrf_token}).status_code == 404


def test_the_csrf_token_of_another_session_is_refused(sqlite_site: Site) -> None:
    other = sqlite_site.signed_in("city")
    mine = sqlite_site.signed_in("county")
    answer = mine.client.delete("/api/v1/session", headers={"X-CSRF-Token": other.csrf_token})
    assert answer.json["code"] == "bad_csrf_token"


def test_wrong_and_unknown_accounts_are_answered_alike(sqlite_site: Site) -> None:
    with_password(sqlite_site, "county")
    answers = [
        sqlite_site.client().post("/api/v1/session", json={"login": login, "password": "wrong-one"})
        for login in ("county", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json == answers[1].json
    assert answers[0].json["message"] == "账号或密码不正确，请检查后再试。"


def test_a_bearer_is_no_key_to_the_pages(sqlite_site: Site) -> None:
    token = token_of(sqlite_site, "county")
    answer = sqlite_site.client().get("/account", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 302
