"""One request: when it holds the one write that SQLite allows, and when it does not yet."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest

from service.auth import csrf, passwords, sign_ins
from service.clock import SystemClock
from service.domain import people
from tests.web.site import Site, Visitor

PASSWORD, ANOTHER = "an old Password 1", "a new Password 2"


class SlowBody(io.BytesIO):
    """A body that comes only when it is let go."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.length = len(content)
        self.asked, self.let_go = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self._wait()
        return super().read(size)

    def readinto(self, buffer: Any) -> int:
        self._wait()
        return super().readinto(buffer)

    def _wait(self) -> None:
        self.asked.set()
        assert self.let_go.wait(20)


def another_can_write(site: Site) -> bool:
    """Whether somebody else gets the database's one write now, without waiting for a request to end."""
    done = threading.Event()

    def write() -> None:
        with site.database.write() as session:
            people.create(session, login="another", name="另一人", now=site.clock.now())
        done.set()

    threading.Thread(target=write, daemon=True).start()
    return done.wait(5)


@pytest.mark.parametrize("path", ["/account/password", "/people", "/rounds", "/sign-out"])
def test_a_body_that_comes_slowly_keeps_nobody_from_writing(sqlite_site: Site, path: str) -> None:
    admin = sqlite_site.signed_in("admin")
    body = SlowBody(f"{csrf.FIELD}={admin.csrf_token}".encode())
    request = threading.Thread(target=send, args=(admin, path, body), daemon=True)
    request.start()
    try:
        assert body.asked.wait(5)
        assert another_can_write(sqlite_site)
    finally:
        body.let_go.set()
        request.join(10)


def send(visitor: Visitor, path: str, body: SlowBody) -> None:
    visitor.client.post(
        path,
        input_stream=body,
        content_length=body.length,
        content_type="application/x-www-form-urlencoded",
    )


def test_who_may_not_call_is_refused_before_the_body_is_read(sqlite_site: Site) -> None:
    body = SlowBody(b"never read")
    sent = threading.Thread(target=send, args=(sqlite_site.signed_in("county"), "/people", body), daemon=True)
    sent.start()
    sent.join(5)
    assert not sent.is_alive()
    assert not body.asked.is_set()


Act = Callable[[Site, Visitor, Visitor], Any]
ACTS: dict[str, Act] = {
    "change": lambda site, admin, county: county.api("PUT", "/password", {"old": PASSWORD, "new": ANOTHER}),
    "reset": lambda site, admin, county: admin.post(
        f"/people/{site.people['county']}/password", {"new": ANOTHER}
    ),
    "add": lambda site, admin, county: admin.post(
        "/people", {"login": "newcomer", "name": "新人", "password": ANOTHER, "role": "expert"}
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_waits_while_a_password_is_hashed(sqlite_site: Site, monkeypatch: Any, act: str) -> None:
    sign_ins.reset_password(
        sqlite_site.database,
        SystemClock(),
        person_id=sqlite_site.people["county"],
        new=PASSWORD,
        admin_id=None,
    )
    written: list[bool] = []
    compute = passwords.hash_password

    def slowly(password: str) -> str:
        written.append(another_can_write(sqlite_site))
        return compute(password)

    admin, county = sqlite_site.signed_in("admin"), sqlite_site.signed_in("county")
    monkeypatch.setattr(passwords, "hash_password", slowly)
    answer = ACTS[act](sqlite_site, admin, county)
    assert answer.status_code in (204, 303), answer.text
    assert written == [True]


def test_the_page_of_what_was_refused_holds_nothing(sqlite_site: Site) -> None:
    """What surrounds the page asks the database too, after the request's transaction was given up."""
    province = sqlite_site.signed_in("province")
    answer = province.post("/user-tasks/none/claim")
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert another_can_write(sqlite_site)
    assert province.get("/nowhere").status_code == 404
