"""The settings and the database that a command works with."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.clock import Clock, SystemClock
from service.config import Config, ConfigInvalid
from service.domain.demo_clocks import DemoClock
from service.store import revisions
from service.store.database import Database


def load() -> Config:
    """The settings of a data folder that was set up; ConfigInvalid where none was."""
    config = Config.load()
    if not config.secret_key:
        raise ConfigInvalid(f"数据目录 {config.data_folder} 还没有初始化。请先运行 laurel init。")
    return config


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """The database, let go at the end; SchemaMismatch where it is not the programs' own."""
    database = Database(config.database_url)
    try:
        revisions.require_newest(database)
        yield database
    finally:
        database.dispose()


def clock_of(config: Config, database: Database) -> Clock:
    """Real time, or the demo's."""
    return DemoClock(database) if config.demo else SystemClock()
