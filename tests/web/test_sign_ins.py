"""Signing in by the page, sessions, the own password, and what of it the history records."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.auth import passwords, sessions
from service.auth.sessions import UserSession
from service.domain.people import Person
from service.engine.history import HistoryEvent
from tests.web.site import Site, Visitor

PASSWORD = "correct-horse-battery"


@pytest.fixture
def county(site: Site) -> Site:
    with site.database.write() as session:
        session.get_one(Person, site.people["county"]).password_hash = passwords.hash_password(PASSWORD)
    return site


def sign_in(visitor: Visitor, password: str = PASSWORD, **data: str) -> Any:
    return visitor.post("/sign-in", {"login": "county", "password": password, **data})


def _cookie(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("laurel_session")
    assert cookie is not None
    return cookie.value


def events(site: Site) -> list[tuple[str, str | None]]:
    with site.database.read() as session:
        found = session.execute(
            select(HistoryEvent.type, HistoryEvent.actor_id)
            .where(HistoryEvent.type.in_(["signed_in", "sign_in_refused", "signed_out", "password_changed"]))
            .order_by(HistoryEvent.seq)
        )
        return [(type_, actor) for type_, actor in found]


def test_the_right_password_opens_a_session_and_leads_on(county: Site) -> None:
    visitor = county.visitor()
    answer = sign_in(visitor, next="/rounds")
    assert (answer.status_code, answer.location) == (303, "/rounds")
    cookie = answer.headers["Set-Cookie"]
    assert re.search("laurel_session=.*HttpOnly.*SameSite=Lax", cookie)
    assert visitor.get("/account").status_code == 200
    assert events(county) == [("signed_in", county.people["county"])]


@pytest.mark.parametrize("onward", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:1"])
def test_no_strange_address_is_led_on_to(county: Site, onward: str) -> None:
    assert sign_in(county.visitor(), next=onward).location == "/"


def test_a_wrong_password_keeps_the_login_and_is_recorded(county: Site) -> None:
    answer = sign_in(county.visitor(), "wrong-password")
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.text
    assert 'value="county"' in answer.text
    assert "wrong-password" not in answer.text
    assert events(county) == [("sign_in_refused", county.people["county"])]


def test_five_wrong_passwords_shut_the_right_one_out_for_a_while(county: Site) -> None:
    visitor = county.visitor()
    for _ in range(5):
        sign_in(visitor, "wrong-password")
    answer = sign_in(visitor)
    assert answer.status_code == 429
    assert "请在 1 分钟后再试" in answer.text
    county.clock.advance(timedelta(seconds=31))
    assert sign_in(visitor).status_code == 303


def test_a_session_is_only_a_digest_in_the_table(county: Site) -> None:
    visitor = county.visitor()
    sign_in(visitor)
    token = _cookie(visitor)
    with county.database.read() as session:
        row = session.scalars(select(UserSession)).one()
        assert row.token_digest == sessions.digest(token) != token


def test_a_session_ends_when_idle_and_after_twelve_hours_at_the_latest(county: Site) -> None:
    reader = county.signed_in("county")
    county.clock.advance(timedelta(minutes=119))
    assert reader.get("/account").status_code == 200
    county.clock.advance(timedelta(hours=2))
    assert reader.get("/account").status_code == 302
    busy = county.signed_in("county")
    for _ in range(11):
        county.clock.advance(timedelta(hours=1, minutes=5))
        assert busy.get("/account").status_code == 200
    county.clock.advance(timedelta(minutes=10))
    assert busy.get("/account").status_code == 302


def test_a_session_that_was_revoked_elsewhere_is_over(county: Site) -> None:
    here, there = county.signed_in("county"), county.signed_in("county")
    page = here.get("/account").text
    (other,) = re.findall(r"/account/sessions/(\w+)/revoke", page)
    assert here.post(f"/account/sessions/{other}/revoke").status_code == 303
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_nobody_revokes_anothers_session(county: Site) -> None:
    mine, theirs = county.signed_in("city"), county.signed_in("county")
    county_id = county.people["county"]
    with county.database.read() as session:
        found = session.scalars(select(UserSession).where(UserSession.person_id == county_id)).one()
    assert mine.post(f"/account/sessions/{found.id}/revoke").status_code == 404
    assert theirs.get("/account").status_code == 200


def test_a_new_password_ends_the_other_sessions(county: Site) -> None:
    here, there = county.signed_in("county"), county.signed_in("county")
    new = {"old": PASSWORD, "new": "another-long-one", "again": "another-long-one"}
    assert here.post("/account/password", new).status_code == 303
    assert there.get("/account").status_code == 302
    assert sign_in(county.visitor()).status_code == 401
    assert sign_in(county.visitor(), "another-long-one").status_code == 303


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"old": "wrong-password", "new": "another-long-one", "again": "another-long-one"}, "原密码不正确"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "密码至少要有 10 个字符"),
        ({"old": PASSWORD, "new": "another-long-one", "again": "another-long-two"}, "两次输入的新密码不一致"),
    ],
)
def test_what_is_wrong_with_a_new_password_stands_at_its_field(
    county: Site, typed: dict[str, str], says: str
) -> None:
    answer = county.signed_in("county").post("/account/password", typed)
    assert answer.status_code == 422
    assert f'-error">{says}' in answer.text
    assert events(county) == []


def test_signing_out_ends_the_session(county: Site) -> None:
    reader = county.signed_in("county")
    assert reader.post("/sign-out").location == "/sign-in"
    with county.database.read() as session:
        assert session.scalars(select(UserSession)).all() == []


def test_one_who_was_deactivated_is_out_at_once(county: Site) -> None:
    reader = county.signed_in("county")
    with county.database.write() as session:
        session.get_one(Person, county.people["county"]).active = False
    assert reader.get("/account").status_code == 302
    assert sign_in(county.visitor()).status_code == 401


def test_digests_of_old_parameters_are_renewed_at_the_next_sign_in(county: Site) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024).hash(PASSWORD)
    with county.database.write() as session:
        session.get_one(Person, county.people["county"]).password_hash = weak
    sign_in(county.visitor())
    with county.database.read() as session:
        kept = session.get_one(Person, county.people["county"]).password_hash
    assert kept != weak
    assert not passwords.outdated(kept or "")


def test_a_form_without_the_token_of_its_visitor_changes_nothing(county: Site) -> None:
    strange = county.client()
    answer = strange.post("/sign-in", data={"login": "county", "password": PASSWORD})
    assert answer.status_code == 403
    assert "页面已经过期" in answer.text
    assert events(county) == []
