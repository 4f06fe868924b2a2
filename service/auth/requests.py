"""One request: one actor, one check of access, one transaction, then the engine's due work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

import structlog
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from service.auth import csrf, routes, sessions, throttles
from service.auth.cookies import SESSION_COOKIE
from service.auth.errors import FilingBlocked, NotSignedIn, RoleMissing
from service.auth.texts import EdgeRequest
from service.clock import Clock
from service.config import Config
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import NotFound
from service.engine.engine import ProcessEngine
from service.store.database import Database
from service.store.texts import storable

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DUE_WORK = 50  # What a request does of the engine's due work before it answers; the worker does the rest.


class EdgeApp(Flask):
    """The application at the edge: pages and API share its transaction, its actor and its clocks."""

    request_class = EdgeRequest

    laurel: Config
    database: Database
    process_engine: ProcessEngine
    clock: Clock
    session_clock: Clock  # Sessions run on real time: a demo that moves on by days signs nobody out.

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in the request's transaction, once it is known that the actor may call it."""
        if request.routing_exception is not None:
            self.raise_routing_exception(request)
        if storable(request.path) != request.path:
            raise NotFound  # Nothing is called so, and no database could be asked for it.
        declared = routes.declared(self, cast(str, request.endpoint))
        assert declared is not None, "refuse_undeclared() lets no such app start"
        unsafe = request.method not in SAFE_METHODS
        response = self._change(declared) if unsafe else self._look(declared)
        if unsafe:
            self.do_due_work()
        if session_id := g.get("touch"):
            with self.database.write() as session:
                sessions.touch(session, session_id, self.session_clock.now())
        return response

    def _look(self, declared: routes.Access) -> ResponseReturnValue:
        """Run a view that changes nothing."""
        with self.database.read() as session:
            self._admit(session, declared)
            if not declared.own_transaction:
                with lent(session):
                    return super().dispatch_request()
        return super().dispatch_request()

    def _change(self, declared: routes.Access) -> ResponseReturnValue:
        """Run a view that changes something.

        SQLite has one writer at a time, so the write begins only when the whole body has come, at whatever
        speed, and it is known that the actor may call the view.
        """
        with self.database.read() as session:
            self._admit(session, declared)
        request.get_data(parse_form_data=True)
        if _needs_csrf_token():
            csrf.check(request)
        if declared.throttled:
            self._throttle()
        if declared.own_transaction:
            return super().dispatch_request()
        with self.database.write() as session, lent(session):
            return super().dispatch_request()

    def _throttle(self) -> None:
        """Count the call, whatever becomes of it; FilingBlocked after too many from one address."""
        now = self.session_clock.now()
        with self.database.write() as session:
            wait = throttles.filing_blocked_for(session, address(), now)
            if wait is None:
                throttles.record_filing(session, address(), now)
        if wait is not None:
            raise FilingBlocked(int(wait.total_seconds()))

    def do_due_work(self) -> None:
        """Let the actor see what the change brought about: messages, and timers already due."""
        try:
            self.process_engine.run_due(self.database, limit=DUE_WORK)
        except Exception:  # The request has been committed; the worker tries again.
            log.exception("due_work_failed")

    def _admit(self, session: Session, declared: routes.Access) -> None:
        """Find out who is asking, and refuse who may not."""
        self._recognise(session, _token()[0])
        actor = current_actor_or_none()
        if not declared.public:
            if actor is None:
                raise NotSignedIn
            if "signed_in" not in declared.levels and not actor.roles.intersection(declared.levels):
                raise RoleMissing

    def _recognise(self, session: Session, token: str | None) -> None:
        now = self.session_clock.now()
        living = sessions.find(session, token, now) if token else None
        if living is None:
            return
        try:
            g.actor = access.actor(session, living.person_id, self.clock.now())
        except NotFound:  # The person was deactivated meanwhile.
            return
        g.session_id, g.session_token = living.id, token
        if sessions.wants_touch(living, now):
            g.touch = living.id


def is_api() -> bool:
    """Whether the request is for the API, which answers in JSON and takes bearer tokens."""
    return request.path.startswith("/api/")


def _token() -> tuple[str | None, bool]:
    """The session's token and whether it came as a bearer's, which no browser sends by itself."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if is_api() and scheme.lower() == "bearer" and bearer:
        return bearer.strip(), True
    return request.cookies.get(SESSION_COOKIE), False


def _needs_csrf_token() -> bool:
    """A call without a cookie carries no authority of the browser's that another site could borrow."""
    by_bearer = _token()[1]
    return not by_bearer and (current_actor_or_none() is not None or not is_api())


def app() -> EdgeApp:
    """The running application."""
    return cast(EdgeApp, current_app)


@contextmanager
def lent(session: Session) -> Iterator[None]:
    """Let `db` give this session, and no longer: one that was closed would silently begin to hold locks."""
    before = g.get("db")
    g.db = session
    try:
        yield
    finally:
        if before is None:
            del g.db
        else:
            g.db = before


def db() -> Session:
    """The request's transaction."""
    return cast(Session, g.db)


def engine() -> ProcessEngine:
    """The process engine."""
    return app().process_engine


def now() -> datetime:
    """The moment by the procedure's clock."""
    return app().clock.now()


def current_actor() -> Actor:
    """Who is asking, on a route that demands a signed-in person."""
    actor = current_actor_or_none()
    if actor is None:
        raise NotSignedIn
    return actor


def current_actor_or_none() -> Actor | None:
    """Who is asking, if anybody is signed in."""
    return cast("Actor | None", g.get("actor"))


def current_session_id() -> str:
    """The id of the session that the request came with."""
    return cast(str, g.session_id)


def forget_session() -> None:
    """Make the rest of this request that of a visitor."""
    for name in ("actor", "session_id", "session_token", "touch"):
        g.pop(name, None)


def address() -> str:
    """Where the request came from."""
    return request.remote_addr or ""


def finish(response: Response) -> Response:
    """What every response needs at the end."""
    return csrf.remember_visitor(response)
