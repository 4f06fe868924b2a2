"""Recordings: every row that Laurel writes along a path, so that the bare endpoint can write the same.

Ids that belong to the recorded case are replaced by ids of a new one whenever it is played again.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, event

from tests.bench.paths import Path
from tests.bench.world import Bench

ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|(?<=-)[0-9A-F]{10}\b")
"""A row's id, or the part of an objection's receipt that is drawn."""
WRITES = ("INSERT", "UPDATE", "DELETE")


class Write(NamedTuple):
    """A statement for SQLite, and the values of each row."""

    statement: str
    rows: list[list[Any]]


@dataclass(frozen=True)
class Recording:
    """The writes of one case: those of its opening, then those of each completion."""

    opening: list[Write]
    steps: list[list[Write]]
    ids: frozenset[str]
    """Those that belong to the case."""

    def open(self, connection: Connection, case: str) -> None:
        """Write the rows of the opening again, as those of another case."""
        for statement, rows in self.opening:
            for values in rows:
                connection.exec_driver_sql(statement, tuple(self.renamed(value, case) for value in values))

    def renamed(self, value: Any, case: str) -> Any:
        """A value with the ids of another case in the place of its own."""
        if not isinstance(value, str):
            return value
        return ID.sub(lambda found: _other(found[0], case) if found[0] in self.ids else found[0], value)

    def save(self, file: File) -> None:
        content = {"opening": self.opening, "steps": self.steps, "ids": sorted(self.ids)}
        file.write_text(json.dumps(content, default=_encoded))

    @classmethod
    def load(cls, file: File) -> Self:
        content = json.loads(file.read_text(), object_hook=_decoded)
        opening, *steps = (
            [Write(*each) for each in writes] for writes in (content["opening"], *content["steps"])
        )
        return cls(opening, steps, frozenset(content["ids"]))


def record(bench: Bench, path: Path) -> Recording:
    """Walk the path until everybody has been appointed; ids that come up in two walks belong to no case."""
    _, (opening, steps), (other_opening, other_steps) = (_walk(bench, path) for _ in range(3))
    fixed = _ids([other_opening, *other_steps])
    # The system's chain cannot be written twice; no completion of these paths writes it.
    opening = [write for write in opening if "history_chain" not in write.statement and not _is_system(write)]
    return Recording(opening, steps, frozenset(_ids([opening, *steps]) - fixed))


def _walk(bench: Bench, path: Path) -> tuple[list[Write], list[list[Write]]]:
    with _listening(bench) as opening:
        case = bench.open_case(path)
    steps = []
    for step in path.steps:
        work = bench.next_work(case, step)
        with _listening(bench) as writes:
            bench.complete(work)
        steps.append(writes)
    return opening, steps


@contextmanager
def _listening(bench: Bench) -> Iterator[list[Write]]:
    writes: list[Write] = []

    def note(_c: object, _r: object, statement: str, values: Any, _x: object, many: bool) -> None:
        if statement.startswith(WRITES):
            writes.append(Write(statement, [list(each) for each in (values if many else [values])]))

    event.listen(bench.database.engine, "before_cursor_execute", note)
    yield writes
    event.remove(bench.database.engine, "before_cursor_execute", note)


def _is_system(write: Write) -> bool:
    return any("system" in values for values in write.rows)


def _ids(groups: Sequence[Sequence[Write]]) -> set[str]:
    values = (value for writes in groups for write in writes for row in write.rows for value in row)
    return {found for value in values if isinstance(value, str) for found in ID.findall(value)}


def _other(old: str, case: str) -> str:
    drawn = hashlib.md5(f"{case}{old}".encode(), usedforsecurity=False).hexdigest()
    return drawn if len(old) == len(drawn) else drawn[: len(old)].upper()


def _encoded(value: bytes) -> dict[str, str]:
    return {"bytes": base64.b64encode(value).decode()}


def _decoded(content: dict[str, Any]) -> Any:
    return base64.b64decode(content["bytes"]) if set(content) == {"bytes"} else content
