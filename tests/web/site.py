"""A site for tests of pages and API: an application over a fresh database, and its people."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gunicorn.http.wsgi import HEADER_VALUE_RE  # type: ignore[import-untyped]

from service.app import create_app
from service.auth import csrf, sessions
from service.auth.cookies import SESSION_COOKIE
from service.auth.requests import EdgeApp
from service.clock import VirtualClock
from service.config import Config
from service.domain import offices, people
from service.domain.divisions import NATION, Division
from service.domain.people import ADMIN, AUDITOR, EXPERT, OFFICIAL
from service.store.database import Database

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DIVISIONS = (
    (NATION, "全国", "nation", None),
    ("330000", "浙江省", "province", NATION),
    ("330100", "杭州市", "city", "330000"),
    ("330110", "余杭区", "county", "330100"),
)


def as_served(application: Any) -> Any:
    """The application behind the server's own check: a header that it would refuse is an error here, too."""

    def serve(environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            refused = [name for name, value in headers if not HEADER_VALUE_RE.fullmatch(value)]
            assert not refused, f"{environ['PATH_INFO']}: the server refuses the header {refused[0]}"
            return start_response(status, headers, *rest)

        return application(environ, start)

    return serve


class Visitor:
    """A browser without scripts: it keeps cookies and brings the CSRF token that its pages carry."""

    def __init__(self, app: EdgeApp, token: str | None = None) -> None:
        self.client: Any = app.test_client()
        self.token = token
        if token is not None:
            self.client.set_cookie(SESSION_COOKIE, token)
        else:
            self.client.get("/sign-in")  # Gives the visitor's cookie.

    @property
    def csrf_token(self) -> str:
        cookie = self.client.get_cookie(csrf.VISITOR_COOKIE)
        return csrf.derive(self.token or (cookie.value if cookie is not None else ""))

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client.post(path, data={csrf.FIELD: self.csrf_token, **(data or {})}, **options)

    def api(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        headers = {csrf.HEADER: self.csrf_token}
        return self.client.open(f"/api/v1{path}", method=method, json=json, headers=headers, **options)


class Site:
    """The application; its people are county, city, province, ministry, expert, auditor and admin."""

    def __init__(self, url: str, folder: Path, *, now: datetime = MONDAY, demo: bool = False) -> None:
        self.clock = VirtualClock(now)
        self.config = Config(data_folder=folder, database_url=url, secret_key="for tests only", demo=demo)
        self.database = Database(url)
        self.app = create_app(self.config, self.database, self.clock)
        self.app.testing = True
        self.app.wsgi_app = as_served(self.app.wsgi_app)  # type: ignore[method-assign]
        self.people: dict[str, str] = {}

    def set_up(self) -> None:
        """Add the divisions of one chain and the people."""
        with self.database.write() as session:
            session.add_all(
                Division(code=code, name=name, level=level, parent_code=parent)
                for code, name, level, parent in DIVISIONS
            )
            session.flush()
            for login, code in (
                ("county", "330110"),
                ("city", "330100"),
                ("province", "330000"),
                ("ministry", NATION),
            ):
                office = offices.ensure(session, offices.INDUSTRY, code, now=MONDAY)
                self.add(session, login, OFFICIAL, office.id)
            for login, role in (("expert", EXPERT), ("auditor", AUDITOR), ("admin", ADMIN)):
                self.add(session, login, role, None)

    def add(self, session: Any, login: str, role: str, office_id: str | None) -> None:
        person = people.create(session, login=login, name=f"{login} 某", now=MONDAY)
        people.join(session, person.id, role, now=MONDAY, office_id=office_id)
        self.people[login] = person.id

    def client(self) -> Any:
        """A bare client, without cookies; its answers are as Flask's are."""
        return self.app.test_client()

    def visitor(self) -> Visitor:
        """Somebody who has not signed in."""
        return Visitor(self.app)

    def signed_in(self, login: str) -> Visitor:
        """Somebody with an open session."""
        with self.database.write() as session:
            now = self.clock.now()
            token = sessions.open_session(
                session, self.people[login], now, address="192.0.2.1", agent="tests"
            )
        return Visitor(self.app, token)
