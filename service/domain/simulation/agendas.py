"""Agendas: what is to happen when, on the virtual clock."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count


class Agenda:
    """What falls on the same moment happens in the order of the labels, which no id has a part in."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, str, int, Callable[[], None]]] = []
        self._numbers = count()

    def add(self, moment: datetime, label: str, act: Callable[[], None]) -> None:
        heapq.heappush(self._entries, (moment, label, next(self._numbers), act))

    @property
    def next_at(self) -> datetime | None:
        """When the next entry is due; None where nothing is left."""
        return self._entries[0][0] if self._entries else None

    def pop(self) -> Callable[[], None]:
        return heapq.heappop(self._entries)[-1]
