"""A row that was changed behind the service's back: whether verifying names its table."""

from sqlalchemy import String, text
from sqlalchemy.orm import Session

from service.engine import seals
from service.engine.seals import Sealed
from service.store.database import Base, Database


def is_named(database: Database, model: type[Sealed]) -> bool:
    """Change a sealed text of the table's first row, look, and undo it."""
    assert issubclass(model, Base)
    table, columns = model.__tablename__, [model.__table__.c[name] for name in model.SEALED]
    column = next(each.name for each in columns if isinstance(each.type, String) and not each.foreign_keys)
    first = f"(SELECT min(rowid) FROM {table})"
    change = f"UPDATE {table} SET {column} = coalesce({column}, '') || '1' WHERE rowid = {first}"
    with database.engine.connect() as connection, Session(connection) as session:
        assert list(seals.broken(session, [model])) == []
        assert connection.execute(text(change)).rowcount == 1
        session.expire_all()
        return any(f"（{table} " in sentence for sentence in seals.broken(session, [model]))
