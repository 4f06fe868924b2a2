"""Fresh, migrated databases for tests, each a copy of a template that is migrated once a worker."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import sqlalchemy
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session


def migrate(url: str) -> None:
    """Brings an empty database to the newest schema."""
    from service.store.database import migrate as migrate_database  # Late: most tests need no database.

    migrate_database(url)


class SqliteDatabases:
    """Copies of one migrated SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite"
        migrate(f"sqlite:///{self.template}")
        connection = sqlite3.connect(self.template)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a new copy, which is removed afterwards."""
        path = self.folder / f"{uuid.uuid4().hex}.sqlite"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


class PostgresDatabases:
    """Copies of one migrated PostgreSQL database, in the server that `url` names."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        self.server = sqlalchemy.create_engine(
            self.url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool
        )
        self.template = f"laurel_template_{uuid.uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {self.template}")
        migrate(self._url_of(self.template))
        # A database can be copied only while nobody is connected to it.
        self._execute(f"ALTER DATABASE {self.template} ALLOW_CONNECTIONS false")
        self._execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.template}'"
        )

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a new copy, which is dropped afterwards with whatever is still connected to it."""
        name = f"laurel_{uuid.uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY FILE_COPY")
        yield self._url_of(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leaves the server as it was found."""
        self._execute(f"DROP DATABASE {self.template} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self.server.connect() as connection:
            connection.execute(sqlalchemy.text(statement))

    def _url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)


def until_blocked(session: Session) -> None:
    """Wait until another connection to PostgreSQL waits for a lock."""
    waiting = sqlalchemy.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(1_000):
        if session.scalar(waiting):
            return
        sleep(0.01)
    raise AssertionError("nobody waits")
