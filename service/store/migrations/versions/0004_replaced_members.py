"""Committee members who are replaced; seals on committees, recusals and recommendations.

The rows that stand already get a salt and a seal of their own, in one event of the system's chain: from here
on `laurel verify` vouches for them too. What is written here stays as it is when the service goes on.
"""

import hashlib
import json
import secrets
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEYS = {
    "committee_member": ("round_id", "person_id"),
    "recusal": ("application_id", "person_id"),
    "recommendation": ("id",),
    "recommendation_choice": ("recommendation_id", "application_id"),
}
SEALED = {
    "committee_member": (
        "position",
        "role",
        "chair",
        "division_code",
        "seated_by",
        "seated_at",
        "first_pass",
        "last_pass",
        "ended_at",
        "ended_by",
        "ended_reason",
        "replaced_by",
        "decision_number",
        "decided_on",
    ),
    "recusal": ("round_id", "automatic", "reason", "recorded_at"),
    "recommendation": (
        "round_id",
        "division_code",
        "status",
        "letter_number",
        "government_decision",
        "submitted_at",
        "closed_at",
    ),
    "recommendation_choice": ("chosen", "reason", "chosen_by", "chosen_at"),
}


def upgrade() -> None:
    for column in (
        sa.Column("first_pass", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("last_pass", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.String(length=32), nullable=True),
        sa.Column("decision_number", sa.String(length=120), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
    ):
        op.add_column("committee_member", column)
    # The defaults are for the rows that stand. They stay: SQLite could drop them only by building the table
    # anew, which its foreign keys forbid; the service gives every new row its own values.
    for table in KEYS:
        op.add_column(table, sa.Column("salt", sa.String(length=32), nullable=False, server_default=""))
    seals = {table: sealed for table in KEYS if (sealed := _seal(table))}
    if seals:
        _record("rows_sealed", {"sealed": seals})


def _seal(table: str) -> dict[str, str]:
    """Give every row a salt; their seals by primary key."""
    connection, seals = op.get_bind(), {}
    rows = sa.Table(table, sa.MetaData(), autoload_with=connection)
    for row in connection.execute(sa.select(rows)).mappings().all():
        salt = secrets.token_hex(16)
        mine = sa.and_(*(rows.c[name] == row[name] for name in KEYS[table]))
        connection.execute(sa.update(rows).where(mine).values(salt=salt))
        key = "/".join(str(row[name]) for name in KEYS[table])
        values = [salt, key, *(_plain(row[name]) for name in SEALED[table])]
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        seals[key] = hashlib.sha256(text.encode()).hexdigest()
    return seals


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _record(type_: str, data: dict[str, Any]) -> None:
    """Append an event to the system's chain, which has begun when there is a row to seal."""
    connection = op.get_bind()
    chains = sa.table("history_chain", sa.column("id"), sa.column("seq"), sa.column("hash"))
    head = connection.execute(sa.select(chains.c.seq, chains.c.hash).where(chains.c.id == "system")).one()
    columns = ("chain", "seq", "type", "actor_id", "element_id", "data", "previous_hash", "hash")
    events = sa.table(
        "history_event",
        sa.column("at", sa.DateTime(timezone=True)),
        *(sa.column(name) for name in columns),
    )
    # The procedure's clock is not the machine's: the seals count from the last thing that happened by it.
    last = connection.execute(sa.select(sa.func.max(events.c.at).label("at"))).scalar_one()
    at = last.replace(tzinfo=UTC) if last.tzinfo is None else last.astimezone(UTC)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    parts = ("system", head.seq + 1, at.isoformat(), type_, "", "", text, head.hash)
    digest = hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()
    connection.execute(
        sa.insert(events).values(
            chain="system",
            seq=head.seq + 1,
            at=at.replace(tzinfo=None) if connection.dialect.name == "sqlite" else at,
            type=type_,
            data=text,
            previous_hash=head.hash,
            hash=digest,
        )
    )
    mine = sa.update(chains).where(chains.c.id == "system")
    connection.execute(mine.values(seq=head.seq + 1, hash=digest))
