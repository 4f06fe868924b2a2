"""The application: configuration, database, engine, pages and API put together, and the server that runs it."""

from gunicorn.app.base import BaseApplication

from service.auth.requests import EdgeApp
from service.clock import Clock
from service.config import Config
from service.store.database import Database


def create_app(config: Config, database: Database | None = None, clock: Clock | None = None) -> EdgeApp:
    """Build the application; tests hand in a database and a clock."""
    raise NotImplementedError


def serve(config: Config) -> None:
    """Serve until stopped: one process with the worker inside on SQLite, several beside workers on PostgreSQL."""
    raise NotImplementedError
