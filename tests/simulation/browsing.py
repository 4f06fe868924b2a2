"""Browsing: somebody of every kind follows every kind of link on the pages of what a simulation left."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from html import unescape
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import event, select
from werkzeug.exceptions import HTTPException

from service.app import create_app
from service.auth import sessions
from service.auth.requests import EdgeApp
from service.clock import SHANGHAI, VirtualClock
from service.config import Config
from service.domain import people
from service.domain.divisions import Division
from service.domain.memberships import ADMIN, AUDITOR, Membership
from service.domain.offices import Office
from service.engine.user_tasks import UserTask
from service.store.database import Database
from tests.web.site import Visitor

MOST_STATEMENTS = 60
"""What a page takes that was put together well, however many rows it shows."""
SLIPS = {
    "a value of the program's own": r"\b(None|True|False|Undefined)\b",
    "what a template was to fill in": r"\{\{|\{%|\{T[+-]?\d?\}",
    "a figure as a program writes it": r"\d\.\d{7,}(?!\d)|\dE[+-]\d",
    "quotation marks within the same": "““|””",
}
NEVER = datetime.min.replace(tzinfo=SHANGHAI)
_UNSEEN = re.compile(r"<(script|style|svg|code|pre)\b.*?</\1>|<[^>]+>", re.DOTALL)
_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')


class Reader(NamedTuple):
    """One of those who work in the same kind of office: who has completed most user tasks."""

    kind: str
    person_id: str


class Page(NamedTuple):
    """An address, and where a reader found it."""

    path: str
    found_on: str


class Halfway:
    """A simulation's `progress` that keeps the database as it is once an application has been dealt with."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.path = folder / "halfway.sqlite"
        self.kept = f"sqlite:///{self.path}"
        self.at = NEVER

    def __call__(self, day: date, settled: int) -> None:
        if settled and self.at == NEVER:
            self.at = datetime.combine(day, time.max, SHANGHAI)
            copy(self.url, self.path)


def copy(url: str, path: Path) -> None:
    """An SQLite database, what others still have open included."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as source, sqlite3.connect(path) as target:
        source.backup(target)


def faults(url: str, folder: Path, now: datetime) -> list[str]:
    """What a reader stumbles over: a refused or broken link, a slip of the text, a page of many statements.

    Of the SQLite database at `url` a copy is browsed, made in `folder`, as if it were `now`. Every reader
    opens one page of each route.
    """
    copy(url, folder / "browsed.sqlite")
    database = Database(f"sqlite:///{folder / 'browsed.sqlite'}")
    config = Config(data_folder=folder, database_url=database.url, secret_key="for tests only")
    app = create_app(config, database, VirtualClock(now))
    executed: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: executed.append(given[2]))
    found = []
    for reader in readers(database, now):
        with database.write() as session:
            token = sessions.open_session(session, reader.person_id, now, address="192.0.2.1", agent="tests")
        found += [f"{reader.kind}：{fault}" for fault in _browse(app, Visitor(app, token), executed)]
    found += [f"public：{fault}" for fault in _browse(app, Visitor(app), executed)]
    database.dispose()
    return found


def readers(database: Database, now: datetime) -> list[Reader]:
    """Of each role, kind of office and level one, and an administrator and an auditor."""
    with database.write() as session:
        for role in (ADMIN, AUDITOR):
            person = people.create(session, login=role, name="王某", now=now)
            people.join(session, person.id, role, now=now)
        done = Counter(session.scalars(select(UserTask.completed_by)).all())
        query = (
            select(Membership.person_id, Membership.role, Office.kind, Division.level)
            .outerjoin(Office, Office.id == Membership.office_id)
            .outerjoin(Division, Division.code == Office.division_code)
        )
        rows = sorted(session.execute(query), key=lambda row: (-done[row[0]], row[0]))
    chosen: dict[str, str] = {}
    for person_id, *kind in rows:
        chosen.setdefault(" ".join(part for part in kind if part), person_id)
    return [Reader(*each) for each in chosen.items()]


def _browse(app: EdgeApp, visitor: Visitor, executed: list[str]) -> Iterator[str]:
    start = visitor.get("/notices").text
    waiting = [Page(path, "/notices") for path in dict.fromkeys(_links(start))]
    known = {page.path for page in waiting}
    opened: set[str] = set()
    while waiting:
        page = waiting.pop(0)
        if (route := _route(app, page.path)) in opened:
            continue
        opened.add(route)
        executed.clear()
        answer = visitor.get(page.path, follow_redirects=True)
        if answer.status_code != 200:
            yield f"{page.found_on} leads to {page.path}, which answers {answer.status_code}"
            continue
        if len(executed) > MOST_STATEMENTS:
            yield f"{page.path} takes {len(executed)} statements"
        if not answer.content_type.startswith("text/html"):
            continue
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        shown = unescape(_UNSEEN.sub(" ", main))
        for slip, pattern in SLIPS.items():
            if match := re.search(pattern, shown):
                yield f"{page.path} shows {slip}: {shown[match.start() - 30 : match.end() + 10]}"
        fresh = [path for path in dict.fromkeys(_links(main)) if path not in known]
        known.update(fresh)
        waiting += [Page(path, page.path) for path in fresh]


def _links(html: str) -> list[str]:
    return [unescape(path) for path in _LINK.findall(html) if not path.startswith("/static/")]


def _route(app: EdgeApp, path: str) -> str:
    """The endpoint; the path itself where there is none, which then answers 404."""
    try:
        endpoint: str = app.url_map.bind("localhost").match(path.partition("?")[0])[0]
    except HTTPException:
        return path
    return endpoint
