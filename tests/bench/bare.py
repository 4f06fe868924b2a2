"""Yardstick: a bare Flask and SQLAlchemy endpoint that writes the same rows, with no engine and no checks."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Mapper, Session

from service.store.database import Base, Database
from tests.bench.recordings import Recording, Write

INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")
UPDATE = re.compile(r"UPDATE (\w+) SET (.*) WHERE \w+\.id = \?( AND .*)?$", re.DOTALL)
DELETE = re.compile(r"DELETE FROM (\w+) WHERE (.*?)(?: RETURNING .*)?$", re.DOTALL)
CRITERION = re.compile(r"\.(\w+) (= \?|IN \([?, ]*\))")
Values = dict[str, Any]
Act = Callable[[Session, str], None]
"""Writes one row for a case, as an endpoint of its own would: by the session and its models."""


def create_app(url: str, recordings: Mapping[str, Recording]) -> Flask:
    """The whole application: one endpoint, one transaction a request."""
    app = Flask(__name__)
    database = Database(url)
    acts = {
        process: [[act for write in writes for act in _acts(recording, write)] for writes in recording.steps]
        for process, recording in recordings.items()
    }

    @app.post("/<process>/<case>/<int:step>/complete")
    def complete(process: str, case: str, step: int) -> ResponseReturnValue:
        decision = request.get_json()["decision"]
        with database.write() as session:
            for act in acts[process][step]:
                act(session, case)
        return {"case": case, "decision": decision}

    return app


def _acts(recording: Recording, write: Write) -> list[Act]:
    return [_act(recording, write.statement, row) for row in write.rows]


def _act(recording: Recording, statement: str, row: list[Any]) -> Act:
    """What the recorded statement did, done with the model of its table."""
    if match := INSERT.match(statement):
        mapper = _mapper(match[1])
        values = _python(mapper, match[2].split(", "), row)
        return lambda session, case: session.add(mapper.class_(**_renamed(recording, values, case)))
    if match := UPDATE.match(statement):
        mapper = _mapper(match[1])
        names = [part.split("=")[0] for part in match[2].split(", ")]
        changed, this = _python(mapper, names, row[: len(names)]), row[len(names)]
        return lambda session, case: _change(
            session.get_one(mapper.class_, recording.renamed(this, case)),
            _renamed(recording, changed, case),
        )
    match = DELETE.match(statement)
    assert match is not None, statement
    mapper = _mapper(match[1])
    names = [name for name, marks in CRITERION.findall(match[2]) for _ in range(marks.count("?"))]
    criteria = list(zip(names, row, strict=True))

    def remove(session: Session, case: str) -> None:
        values: dict[str, list[Any]] = {}
        for name, value in criteria:
            values.setdefault(name, []).append(recording.renamed(value, case))
        session.execute(
            delete(mapper.class_).where(*(getattr(mapper.class_, name).in_(values[name]) for name in values))
        )

    return remove


def _change(found: object, values: Values) -> None:
    for name, value in values.items():
        setattr(found, name, value)


def _renamed(recording: Recording, values: Values, case: str) -> Values:
    return {name: recording.renamed(value, case) for name, value in values.items()}


def _mapper(table: str) -> Mapper[Any]:
    return next(
        mapper for mapper in Base.registry.mappers if mapper.local_table is Base.metadata.tables[table]
    )


def _python(mapper: Mapper[Any], columns: list[str], row: list[Any]) -> Values:
    """The values as the models hold them, by attribute."""
    dialect = sqlite.dialect()
    values = {}
    for name, value in zip(columns, row, strict=True):
        column = mapper.local_table.columns[name]
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        values[mapper.get_property_by_column(column).key] = convert(value) if convert else value
    return values
