"""Records: all rows that a simulation put on record, without an id that differs from run to run."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import verifying
from service.domain.applications import Application
from service.domain.notices import Notice
from service.domain.people import Person
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round
from service.domain.simulation import timelines
from service.domain.simulation.runs import Run
from service.engine import seals
from service.engine.seals import Sealed

_ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])")
_UNNAMED = "·"


def digests(session: Session, run: Run) -> dict[str, str]:
    """Table → SHA-256 of what its seals cover: lists, ranks, reasons, scores, targets, forms, opinions.

    Rows are in the order of their content. An id stands there as what it is called, one that nothing is
    called by as a mark. Tables without a row are left out.
    """
    plain = _plainly(_names(session, run), timelines.receipts(session, run))
    found = {}
    for model in verifying.SEALED:
        if rows := sorted(_row(each, plain) for each in session.scalars(select(model))):
            found[model.__tablename__] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def _row(row: Sealed, plain: Callable[[Any], Any]) -> str:
    return json.dumps(plain(seals.content(row)), ensure_ascii=False)


def _names(session: Session, run: Run) -> dict[str, str]:
    """Id → what is the same for the same seed."""
    rounds = {each.id: f"{each.year}/{each.track}" for each in session.scalars(select(Round))}
    names = {**rounds, **run.objections}
    names |= {each.id: each.login for each in session.scalars(select(Person))}
    for applied in session.scalars(select(Application)):
        names[applied.id] = f"{rounds[applied.round_id]}/application/{applied.division_code}"
    for unit in session.scalars(select(Recommendation)):
        names[unit.id] = f"{rounds[unit.round_id]}/recommendation/{unit.division_code}"
    for notice in session.scalars(select(Notice)):
        names[notice.id] = f"{rounds[notice.round_id]}/notice/{notice.sequence}"
    return names


def _plainly(names: Mapping[str, str], receipts: Mapping[str, str]) -> Callable[[Any], Any]:
    """A value with its ids replaced, those of keys too, so that a mapping becomes sorted pairs."""

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            return timelines.stable(_ID.sub(lambda id: names.get(id[0], _UNNAMED), value), receipts)
        if isinstance(value, Mapping):
            return sorted(([plain(key), plain(each)] for key, each in value.items()), key=json.dumps)
        if isinstance(value, list | tuple):
            return [plain(each) for each in value]
        return value

    return plain
