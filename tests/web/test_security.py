"""Headers, caches and addresses: what keeps a page to itself."""

import re

import pytest
from sqlalchemy import select

from service.app import SecretKeyMissing, create_app
from service.auth import csrf, passwords
from service.auth.sessions import UserSession
from service.config import Config
from service.domain import people
from service.web.security import CONTENT_SECURITY_POLICY, HEADERS
from tests.web.site import Site

PASSWORD = "a-long-enough-password"


@pytest.mark.parametrize("path", ["/sign-in", "/notices", "/nowhere", "/health", "/api/v1/notices"])
def test_every_answer_carries_the_headers(sqlite_site: Site, path: str) -> None:
    answer = sqlite_site.visitor().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_lets_nothing_inline_and_nothing_from_outside_in() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'")


def test_pages_hold_neither_inline_scripts_nor_styles_nor_outside_addresses(sqlite_site: Site) -> None:
    pages = [sqlite_site.visitor().get(path).text for path in ("/sign-in", "/notices", "/api/v1/docs")]
    admin = sqlite_site.signed_in("admin")
    pages += [admin.get(path).text for path in ("/rounds", "/people", "/people/new", "/editions", "/account")]
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
        assert not re.search(r'(href|src|action)="(https?:)?//', page)
        assert '<html lang="zh-CN">' in page


def test_built_files_are_kept_for_a_year(sqlite_site: Site) -> None:
    page = sqlite_site.visitor().get("/sign-in").text
    script = re.findall(r'<script type="module" src="([^"]+)"', page)[0]
    answer = sqlite_site.visitor().get(script)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/javascript"
    answer.close()


def test_cookies_are_secure_where_the_site_is(sqlite_site: Site) -> None:
    config = Config(
        data_folder=sqlite_site.config.data_folder,
        database_url=sqlite_site.config.database_url,
        secret_key="for tests only",
        base_url="https://laurel.test",
    )
    app = create_app(config, sqlite_site.database, sqlite_site.clock)
    answer = app.test_client().get("/sign-in")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_an_app_without_a_secret_key_does_not_start(sqlite_site: Site) -> None:
    with pytest.raises(SecretKeyMissing, match="laurel init"):
        create_app(Config(data_folder=sqlite_site.config.data_folder), sqlite_site.database)


PROXIED = {"X-Forwarded-For": "203.0.113.66, 198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "seen", "secure"),
    [(0, "127.0.0.1", False), (1, "198.51.100.7", True), (2, "203.0.113.66", False)],
)
def test_only_trusted_proxies_say_where_a_request_came_from(
    sqlite_site: Site, proxies: int, seen: str, secure: bool
) -> None:
    """With two, the header of the outer one is missing for the protocol, so it is not believed."""
    config = Config(
        data_folder=sqlite_site.config.data_folder,
        database_url=sqlite_site.config.database_url,
        secret_key="for tests only",
        trusted_proxies=proxies,
    )
    app = create_app(config, sqlite_site.database, sqlite_site.clock)
    with sqlite_site.database.write() as session:
        people.get(session, sqlite_site.people["county"]).password_hash = passwords.new_hash(
            PASSWORD, "county"
        )
    client = app.test_client()
    client.get("/sign-in", headers=PROXIED)
    cookie = client.get_cookie(csrf.VISITOR_COOKIE)
    assert cookie is not None
    assert cookie.secure == secure
    form = {"login": "county", "password": PASSWORD, csrf.FIELD: csrf.derive(cookie.value)}
    headers = {**PROXIED, "Cookie": f"{csrf.VISITOR_COOKIE}={cookie.value}"}
    answer = client.post("/sign-in", data=form, headers=headers)
    assert answer.status_code == 303
    assert ("Strict-Transport-Security" in answer.headers) == secure
    with sqlite_site.database.read() as session:
        (opened,) = session.scalars(select(UserSession))
    assert opened.address == seen
