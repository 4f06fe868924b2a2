"""History: append-only events, hash-chained per instance; `verify` finds what was changed or taken out."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Select,
    String,
    Table,
    Text,
    Update,
    bindparam,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine.instances import Instance
from service.store.database import Base, JSONText, UTCDateTime, to_json

SYSTEM = "system"
"""The chain of what belongs to no instance: deployments, rights, sanctions; and the starts of instances."""
START_HASH = "0" * 64
INSTANCE_STARTED = "instance_started"
STATE_DIGEST = "state"
"""Where the last event of a command that moved its instance holds the SHA-256 of the state."""
_LOGS = "laurel_logs"


class HistoryEvent(Base):
    """A past-tense event. `data` holds ids and salted digests, never personal data."""

    __tablename__ = "history_event"

    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The instance's id, or 'system'."""
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    type: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[str | None] = mapped_column(String(36))
    element_id: Mapped[str | None] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(JSONText)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class HistoryChain(Base):
    """The head of the system chain; an instance holds its own."""

    __tablename__ = "history_chain"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class Broken(NamedTuple):
    """A place where a chain does not hold; `reason` is a Chinese sentence."""

    chain: str
    seq: int
    reason: str


_EVENTS = cast(Table, HistoryEvent.__table__)
_CHAINS = cast(Table, HistoryChain.__table__)
_INSTANCES = cast(Table, Instance.__table__)
# The data goes in as the text that was hashed.
_INSERT = insert(_EVENTS).values(
    {
        column.name: bindparam(column.name, type_=Text if column is _EVENTS.c.data else None)
        for column in _EVENTS.c
    }
)

_FIRST = {
    kind: dialect.insert(_CHAINS).values(id=SYSTEM, seq=0, hash=START_HASH).on_conflict_do_nothing()
    for kind, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
"""The head of the system chain, by the kind of database."""


class _Head(NamedTuple):
    """How the head of a chain is held and moved on."""

    lock: Select[int, str]
    move: Update


def _head(table: Table, seq: Column[int], hash: Column[str]) -> _Head:
    here = table.c.id == bindparam("chain")
    return _Head(
        select(seq, hash).where(here).with_for_update(key_share=True),
        update(table).where(here).values({seq: bindparam("last"), hash: bindparam("head")}),
    )


_SYSTEM_HEAD = _head(_CHAINS, _CHAINS.c.seq, _CHAINS.c.hash)
_INSTANCE_HEAD = _head(_INSTANCES, _INSTANCES.c.history_seq, _INSTANCES.c.history_hash)


class Log:
    """The events that one command appends to one chain, whose head it has locked."""

    def __init__(self, chain: str, seq: int, head: str, now: datetime, actor_id: str | None) -> None:
        self.chain = chain
        self.seq = seq
        self.hash = head
        self.now = now
        self.actor_id = actor_id
        self.rows: list[dict[str, Any]] = []

    def append(
        self, type: str, data: Mapping[str, Any], element_id: str | None = None, actor_id: str | None = None
    ) -> None:
        """Append an event; by the command's actor unless another is named."""
        self.seq += 1
        row: dict[str, Any] = {
            "chain": self.chain,
            "seq": self.seq,
            "at": self.now,
            "type": type,
            "actor_id": actor_id or self.actor_id,
            "element_id": element_id,
            "data": to_json(dict(data)),
            "previous_hash": self.hash,
        }
        self.hash = row["hash"] = _hash(row)
        self.rows.append(row)

    def write(self, connection: Connection) -> None:
        """Insert what was appended; the caller writes the new head beside it."""
        if self.rows:
            connection.execute(_INSERT, self.rows)
            self.rows = []


def open_logs(session: Session) -> dict[str, Log]:
    """The logs of the commands that run in this transaction, by chain."""
    return cast("dict[str, Log]", session.info.setdefault(_LOGS, {}))


def record(
    session: Session,
    chain: str,
    type: str,
    now: datetime,
    *,
    actor_id: str | None = None,
    element_id: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append an event to an instance's chain or to SYSTEM; its head is locked until the transaction ends."""
    running = open_logs(session).get(chain)
    if running is not None:
        running.append(type, data or {}, element_id, actor_id)
        return
    connection = session.connection()
    head = _INSTANCE_HEAD
    if chain == SYSTEM:
        connection.execute(_FIRST[connection.dialect.name])
        head = _SYSTEM_HEAD
    last_seq, last_hash = connection.execute(head.lock, {"chain": chain}).one()
    log = Log(chain, last_seq, last_hash, now, actor_id)
    log.append(type, data or {}, element_id)
    log.write(connection)
    connection.execute(head.move, {"chain": chain, "last": log.seq, "head": log.hash})


def of_chain(session: Session, chain: str) -> Sequence[HistoryEvent]:
    """The events of a chain, oldest first."""
    query = select(HistoryEvent).where(HistoryEvent.chain == chain).order_by(HistoryEvent.seq)
    return session.scalars(query).all()


def count(session: Session) -> int:
    """How many events there are, in all chains."""
    return session.scalar(select(func.count()).select_from(HistoryEvent)) or 0


def verify(session: Session) -> list[Broken]:
    """Every place where a row was changed, removed (at the tail too) or inserted."""
    heads = _heads(session)
    instances = heads.keys() - {SYSTEM}
    started: set[str] = set()
    broken: list[Broken] = []
    columns = [
        type_coerce(column, Text).label("data") if column.name == "data" else column for column in _EVENTS.c
    ]
    query = select(*columns).order_by(_EVENTS.c.chain, _EVENTS.c.seq).execution_options(yield_per=1_000)
    for chain, rows in groupby(session.execute(query), key=lambda row: cast(str, row.chain)):
        broken.extend(_breaks(chain, rows, heads.pop(chain, None), started))
    broken.extend(Broken(chain, seq, "事件全部缺失。") for chain, (seq, _) in heads.items() if seq)
    broken.extend(Broken(instance, 0, "流程实例连同其记录被删除。") for instance in started - instances)
    broken.extend(Broken(instance, 0, "流程实例没有启动记录。") for instance in instances - started)
    return sorted(broken)


def _heads(session: Session) -> dict[str, tuple[int, str]]:
    """Where each chain says that it ends."""
    of_instances = select(_INSTANCES.c.id, _INSTANCES.c.history_seq, _INSTANCES.c.history_hash)
    rows = [*session.execute(of_instances), *session.execute(select(_CHAINS))]
    return {chain: (seq, head) for chain, seq, head in rows}


def _breaks(
    chain: str, rows: Iterable[Row[Any]], head: tuple[int, str] | None, started: set[str]
) -> Iterator[Broken]:
    """Where a chain does not hold. `started` gets the instances that the system chain says were started."""
    seq, previous = 0, START_HASH
    for row in rows:
        if row.seq != seq + 1:
            yield Broken(chain, seq + 1, f"缺少第{seq + 1}条至第{row.seq - 1}条记录。")
        elif row.previous_hash != previous:
            yield Broken(chain, row.seq, "与上一条记录衔接不上。")
        if row.hash != _hash(row._asdict()):
            yield Broken(chain, row.seq, "内容被改动。")
        elif chain == SYSTEM and row.type == INSTANCE_STARTED:
            started.add(json.loads(row.data)["instance_id"])
        seq, previous = row.seq, row.hash
    if head is None:
        yield Broken(chain, 1, "记录不属于任何流程实例。")
    elif head != (seq, previous):
        yield Broken(chain, seq + 1, f"末尾与登记的不符：应有{head[0]}条，实有{seq}条。")


def _hash(row: Mapping[str, Any]) -> str:
    """Over all that the event says and the hash before it. No part contains a line break."""
    at = row["at"].astimezone(UTC).isoformat()
    parts = (row["chain"], row["seq"], at, row["type"], row["actor_id"], row["element_id"], row["data"])
    text = "\n".join("" if part is None else str(part) for part in (*parts, row["previous_hash"]))
    return hashlib.sha256(text.encode()).hexdigest()
