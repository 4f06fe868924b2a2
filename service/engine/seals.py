"""Seals: salted digests of rows in the history, so that a row that was changed past the service shows."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import String, Table, Text, inspect, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine.history import HistoryEvent
from service.store.database import new_id

KEY = "sealed"
"""Where an event holds its seals: {table: {primary key: digest}}. The last seal of a row counts."""
Seals = dict[str, dict[str, str | None]]
"""None instead of a digest: the row was taken out, as the event says."""


class Sealed:
    """A table each of whose rows is sealed whenever it is written.

    The salt stays in the row: nobody who reads the history can guess a score by trying all of them.
    """

    TITLE: ClassVar[str]
    """What a row is called: 评分."""
    SEALED: ClassVar[tuple[str, ...]]
    """The attributes that the seal covers, beside salt and primary key."""
    SEALED_IF_SET: ClassVar[tuple[str, ...]] = ()
    """Attributes of a later release, covered where they have a value: older rows keep the seal they have."""

    __tablename__: str
    salt: Mapped[str] = mapped_column(String(32), default=new_id, sort_order=1_000)


def of(*rows: Sealed, gone: Seals | None = None) -> Seals:
    """The seals of rows that have been flushed, as `sealed` in the data of the event that writes them.

    `gone` are those of the rows in whose place they come.
    """
    seals: Seals = {table: dict(keys) for table, keys in (gone or {}).items()}
    for row in rows:
        names = _key_names(type(row))
        seals.setdefault(row.__tablename__, {})[_key(row, names)] = _digest(row, names, type(row))
    return seals


def gone(*rows: Sealed) -> Seals:
    """What is said of rows that are about to be deleted in the course of things."""
    seals: Seals = {}
    for row in rows:
        seals.setdefault(row.__tablename__, {})[_key(row, _key_names(type(row)))] = None
    return seals


def broken(session: Session, models: Sequence[type[Sealed]]) -> Iterator[str]:
    """A sentence for every row that is not as it was sealed, was never sealed, or is gone."""
    anchors = _anchors(session)
    for model in models:
        sealed = anchors.pop(model.__tablename__, {})
        keys = _key_names(model)
        attributes = [getattr(model, name) for name in _covered(model, keys)]
        for row in session.execute(select(*attributes).execution_options(yield_per=500)):
            key = _key(row, keys)
            digests = _last(sealed.pop(key, {})) - {None}
            if not digests:
                yield f"{model.TITLE}（{model.__tablename__} {key}）没有登记在办理记录中。"
            elif _digest(row, keys, model) not in digests:
                yield f"{model.TITLE}（{model.__tablename__} {key}）被改动，与办理记录中登记的不符。"
        for key in (key for key, chains in sealed.items() if _last(chains) != {None}):
            yield f"{model.TITLE}（{model.__tablename__} {key}）被删除。"


def content(row: Sealed) -> dict[str, Any]:
    """What the seal of a row covers beside its salt, by attribute, as JSON has it."""
    model = type(row)
    names = (*_key_names(model), *model.SEALED, *model.SEALED_IF_SET)
    return {name: _plain(getattr(row, name)) for name in names}


def _anchors(session: Session) -> dict[str, dict[str, dict[str, tuple[datetime, str | None]]]]:
    """table → primary key → chain → the last seal in it, and when."""
    text = type_coerce(HistoryEvent.data, Text)
    query = (
        select(HistoryEvent.chain, HistoryEvent.at, text)
        .where(text.contains(f'"{KEY}":{{'))
        .order_by(HistoryEvent.chain, HistoryEvent.seq)
    )
    found: dict[str, dict[str, dict[str, tuple[datetime, str | None]]]] = {}
    for chain, at, data in session.execute(query.execution_options(yield_per=500)):
        for table, seals in json.loads(data)[KEY].items():
            rows = found.setdefault(table, {})
            for key, digest in seals.items():
                rows.setdefault(key, {})[chain] = (at, digest)
    return found


def _last(of_chains: dict[str, tuple[datetime, str | None]]) -> set[str | None]:
    """The newest seal. Where two chains have one of the same instant, which came last cannot be told."""
    newest = max((at for at, _ in of_chains.values()), default=None)
    return {digest for at, digest in of_chains.values() if at == newest}


def _key_names(model: type[Sealed]) -> list[str]:
    mapper = inspect(model)
    columns = cast(Table, mapper.local_table).primary_key.columns
    return [mapper.get_property_by_column(column).key for column in columns]


def _key(row: Any, names: Sequence[str]) -> str:
    return "/".join(str(getattr(row, name)) for name in names)


def _covered(model: type[Sealed], keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((*keys, *model.SEALED, *model.SEALED_IF_SET, "salt")))


def _digest(row: Any, keys: Sequence[str], model: type[Sealed]) -> str:
    values = [row.salt, _key(row, keys), *(_plain(getattr(row, name)) for name in model.SEALED)]
    later = {name: _plain(getattr(row, name)) for name in model.SEALED_IF_SET}
    values += [[name, value] for name, value in later.items() if value is not None]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
