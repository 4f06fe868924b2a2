"""Whether the database has the schema that the programs expect."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.store.database import Database

SCRIPTS = Path(__file__).parent / "migrations"


class SchemaMismatch(Exception):
    """The programs and the database do not belong together; the message says what to do."""


def newest() -> str:
    """The revision that the programs expect."""
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    assert head is not None, "there is a first revision"
    return head


def current(database: Database) -> str | None:
    """The revision that the database has; None for an empty one."""
    with database.engine.execution_options(laurel_read=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_newest(database: Database) -> None:
    """SchemaMismatch unless the database has the newest schema."""
    found, expected = current(database), newest()
    if found == expected:
        return
    if found is None:
        raise SchemaMismatch("数据库里还没有表。请先运行 laurel init。")
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if found in known:
        raise SchemaMismatch(
            f"数据库的结构是旧版本的（{found}，程序需要 {expected}）。"
            "请先备份数据，再运行 laurel init 更新数据库。"
        )
    raise SchemaMismatch(
        f"数据库的结构（{found}）比这个程序新（{expected}）。请改用更新数据库的那个版本的程序。"
    )
