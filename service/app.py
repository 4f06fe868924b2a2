"""The application: settings, database, engine, pages and API put together, and the server that runs it."""

from datetime import timedelta

import structlog
from flask import current_app, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from service import api, web
from service.api.registration import envelope
from service.auth import requests, routes
from service.auth.cookies import Messages
from service.auth.errors import FilingBlocked
from service.auth.refusals import UNEXPECTED, Fault, refusal
from service.auth.requests import EdgeApp
from service.clock import Clock, SystemClock
from service.config import Config
from service.domain.demo_clocks import DemoClock
from service.domain.procedures import build_services
from service.engine.engine import ProcessEngine
from service.store.database import Database
from service.web import errors
from service.web.forms import ShowAgain
from service.web.security import secure, static_max_age

log = structlog.get_logger(__name__)


class SecretKeyMissing(Exception):
    """还没有设置密钥（secret_key）。请先运行 laurel init。"""


def create_app(config: Config, database: Database | None = None, clock: Clock | None = None) -> EdgeApp:
    """Build the application; tests hand in a database and a clock, which then tells sessions the time too."""
    if not config.secret_key:
        raise SecretKeyMissing(SecretKeyMissing.__doc__)
    app = EdgeApp("service.web", static_folder="static", template_folder="templates")
    app.laurel = config
    app.database = database or Database(config.database_url)
    app.session_clock = clock or SystemClock()
    app.clock = clock or clock_of(config, app.database)
    app.process_engine = ProcessEngine(app.clock, build_services())
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="laurel_messages",  # Flask's own: the messages of the next page.
        SESSION_COOKIE_SECURE=config.base_url.startswith("https://"),  # Or the request came by https.
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=1),
        MAX_CONTENT_LENGTH=config.request_bytes,
        MAX_FORM_MEMORY_SIZE=config.request_bytes,
    )
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.sort_keys = False  # Order tells: the file of a process stands before those that it calls.
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.session_interface = Messages()
    app.get_send_file_max_age = static_max_age  # type: ignore[method-assign]
    routes.access("public", own_transaction=True)(app.view_functions["static"])
    web.register(app)
    api.register(app)
    app.register_error_handler(Exception, answer)
    app.after_request(requests.finish)
    app.after_request(secure)
    routes.refuse_undeclared(app)
    return app


def answer(error: Exception) -> ResponseReturnValue:
    """What went wrong, as the API or as a page; of what nobody foresaw only the log learns the inside."""
    if isinstance(error, FilingBlocked) and (again := _again(error)) is not None:
        error = again
    if isinstance(error, ShowAgain):
        try:
            return errors.show_again(error)
        except Exception as refusing:  # The form itself is not for the reader, or no longer.
            error = refusing
    refused = refusal(error)
    if refused.status >= 500:
        log.error("request_failed", path=request.path, error=type(error).__name__, exc_info=error)
        if current_app.testing and refused.code == UNEXPECTED:
            raise error
    if requests.is_api():
        return envelope(refused), refused.status
    return errors.answer(refused)


def _again(error: FilingBlocked) -> ShowAgain | None:
    """The form that came too often, with what was typed: the view that would show it has not been called."""
    declared = routes.declared(current_app, request.endpoint or "")
    if declared is None or declared.again is None:
        return None
    show, arguments = declared.again, request.view_args or {}
    return ShowAgain(error.status, [Fault(None, "", error.message)], lambda faults: show(faults, **arguments))


def clock_of(config: Config, database: Database) -> Clock:
    """Real time, or the demo's."""
    return DemoClock(database) if config.demo else SystemClock()
