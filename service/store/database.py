"""The database: its base class, column types, and the two ways into it, `read` and `write`."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Insert,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlalchemy.types import TypeDecorator

LOCK_TIMEOUT_SECONDS = 30
MIGRATION_LOCK = 0x1A0E1

M = TypeVar("M", bound=DeclarativeBase)


def new_id() -> str:
    """A fresh row id: 32 hex digits."""
    return uuid4().hex


class Base(DeclarativeBase):
    """The base of every table. Constraints have names, so that a migration can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, in UTC on both databases. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value.isoformat()}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JSONText(TypeDecorator[Any]):
    """JSON as text, so that the order of keys stays: on PostgreSQL too, where jsonb would sort them.

    A change inside a loaded value goes unseen; assign a new one.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class CompressedJSON(TypeDecorator[Any]):
    """JSON text, compressed; for what is large and read whole. The order of keys stays."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(to_json(value).encode(), 6)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompress(value))


def to_json(value: Any) -> str:
    """Compact JSON with its keys in the order given; not-a-number and infinity are refused."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def snapshot(model: type[M], names: Iterable[str], values: Iterable[Any]) -> M:
    """An object as the row has it, in no session: quicker than the constructor, which notes every change."""
    made: M = model.__mapper__.class_manager.new_instance()
    made.__dict__.update(zip(names, values, strict=True))
    return made


_FOUND = "found by key"
"""Where a session refers to what `find` has read; its identity map's references are weak."""


class WritingSession(Session):
    """A session that refers to all rows that it has read or written: its own references are weak."""

    def __init__(self, bind: Engine) -> None:
        super().__init__(bind)
        self.kept: set[object] = set()


@event.listens_for(WritingSession, "loaded_as_persistent")
@event.listens_for(WritingSession, "pending_to_persistent")
@event.listens_for(WritingSession, "detached_to_persistent")
def _keep(session: WritingSession, row: object) -> None:
    session.kept.add(row)


class Database:
    """A database by its URL. Sessions come from `read` and `write`; inner code never commits."""

    def __init__(self, url: str) -> None:
        self.url = normalise(url)
        self.engine = _create_engine(self.url)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only: it never commits."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for looking that sees one and the same moment throughout, whatever others commit."""
        reader = self._reader
        if reader.dialect.name == "postgresql":  # On SQLite every reading transaction does.
            reader = reader.execution_options(isolation_level="REPEATABLE READ")
        with Session(reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction, committed at the end, rolled back on an exception. SQLite: with the write lock.

        What was read stays in the session to the end: a row that two parts of a command need is read once.
        """
        with WritingSession(self.engine) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()

    @property
    def _reader(self) -> Engine:
        return self.engine.execution_options(laurel_read=True)


def migrate(url: str, *, to: str = "head") -> None:
    """Bring the database to the newest schema, or up to a revision, with the scripts of this package."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    database = Database(url)
    try:
        with database.engine.connect() as connection, _foreign_keys_at_the_end(connection):
            configuration.attributes["connection"] = connection
            with connection.begin():
                if connection.dialect.name == "postgresql":  # One node migrates, the others find it done.
                    connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                command.upgrade(configuration, to)
                if connection.dialect.name == "sqlite":
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    assert not broken, f"the revisions left rows that refer to nothing: {broken[:5]}"
    finally:
        database.dispose()


@contextmanager
def _foreign_keys_at_the_end(connection: Connection) -> Iterator[None]:
    """SQLite changes a column by building its table anew, which is no loss of rows that others refer to.

    What it enforces has to be set outside a transaction, so the whole is checked before it is committed.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def normalise(url: str) -> str:
    """The URL with the drivers that Laurel uses: `postgres://` and `postgresql://` mean psycopg 3."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def append(session: Session, model: type[M], rows: Sequence[Mapping[str, Any]]) -> list[M]:
    """Insert rows, all with the same attributes; the objects belong to the session as if read from it.

    For what is only ever added, where the unit of work would cost more than the statement.
    """
    session.connection().execute(_insert(model), rows)
    return [_attach(session, snapshot(model, row, row.values())) for row in rows]


@cache
def _insert(model: type[M]) -> Insert:
    return insert(cast(Table, model.__table__))


def change(session: Session, row: DeclarativeBase, **values: Any) -> None:
    """Write attributes of a row of the session by one statement: a flush would weigh all that it has."""
    mapper = row.__mapper__
    key = mapper.primary_key_from_instance(row)[0]
    done = session.connection().execute(_change(type(row), tuple(values)), {"this": key, **values})
    if done.rowcount != 1:
        raise RuntimeError(f"{row} is no row of the database yet, or no longer")
    for name, value in values.items():
        set_committed_value(row, name, value)


@cache
def _change(model: type[DeclarativeBase], names: tuple[str, ...]) -> Update:
    table = cast(Table, model.__table__)
    (key,) = table.primary_key.columns
    return update(table).where(key == bindparam("this")).values({name: bindparam(name) for name in names})


def forget(session: Session, model: type[M], key: Any) -> None:
    """Let go of a row that was deleted, or written, past the session; who asks for it reads it again."""
    found = session.identity_map.get(identity_key(model, key))
    if found is not None:
        session.expunge(found)


def find(session: Session, model: type[M], key: str) -> M | None:
    """The row with this key, read unless the session has it: as Session.get, with less to do for it.

    The session refers to it from then on, so that a page whose parts ask for one edition reads it once.
    """
    found = session.identity_map.get(model.__mapper__.identity_key_from_primary_key((key,)))
    if found is not None:
        return cast(M, found)
    if session.new:
        session.flush()
    statement, names = _by_key(model)
    row = session.connection().execute(statement, {"key": key}).one_or_none()
    if row is None:
        return None
    made = _attach(session, snapshot(model, names, row))
    session.info.setdefault(_FOUND, []).append(made)
    return made


@cache
def _by_key(model: type[M]) -> tuple[Select[*tuple[Any, ...]], list[str]]:
    mapper = model.__mapper__
    plain = [attribute for attribute in mapper.column_attrs if not attribute.deferred]
    columns = [attribute.columns[0] for attribute in plain]
    (identity,) = mapper.primary_key
    return select(*columns).where(identity == bindparam("key")), [attribute.key for attribute in plain]


def _attach(session: Session, row: M) -> M:
    """Let a snapshot belong to the session as if read by it; what the snapshot lacks is read on demand."""
    make_transient_to_detached(row)
    session.add(row)
    return row


def hold(session: Session, model: type[M], key: str) -> M | None:
    """A row held until the transaction ends, as it stands once it is held.

    A writer of SQLite holds the whole database, so nobody can have changed what the session has.
    """
    if session.get_bind().dialect.name == "sqlite":
        return find(session, model, key)
    return session.get(model, key, with_for_update=True, populate_existing=True)


def _create_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT_SECONDS})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, pool_pre_ping=True, connect_args={"options": f"-c lock_timeout={LOCK_TIMEOUT_SECONDS}s"}
    )


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # The driver begins nothing by itself; `_begin_sqlite` does.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the lock at once: two that read first and write later would fail, not wait.
    reading = connection.get_execution_options().get("laurel_read", False)
    connection.connection.driver_connection.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
