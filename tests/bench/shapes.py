"""What one completion writes in Laurel, so that the bare endpoint can write as much."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.engine.history import HistoryEvent
from service.engine.instances import Instance
from tests.bench.path import PATH


@dataclass(frozen=True)
class Shape:
    """Averages over a finished case."""

    events: int
    event_text: str
    """As long as the data of an event."""
    state_bytes: int

    @classmethod
    def of(cls, session: Session, business_key: str) -> Self:
        instance = session.scalars(select(Instance).where(Instance.business_key == business_key)).one()
        rows = session.scalars(select(HistoryEvent).where(HistoryEvent.chain == instance.id)).all()
        size = sum(len(json.dumps(row.data, ensure_ascii=False)) for row in rows) // len(rows)
        state = session.scalar(select(func.length(Instance.state)).where(Instance.id == instance.id)) or 0
        return cls(round(len(rows) / len(PATH)), "x" * size, state)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text()))
