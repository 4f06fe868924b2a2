"""Repeats: who is not listed because others, to whom it belongs, are listed elsewhere already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.selection import texts
from service.domain.selection.rules import Candidate, Exclusion


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nobody is listed whose group has a value that another list holds: a county of a city on its list."""

    group: str
    holders: Mapping[str, str]
    """Value → in favour of whom, as reasons say it: {"370100": "济南市已列入2024年度的市级名单"}."""
    article: str
    principle: bool = False
    """Whether it holds "原则上", so that a recorded decision may admit one all the same (reading 14)."""


def repeated(candidates: Sequence[Candidate], repeats: Sequence[Repeat]) -> list[Exclusion]:
    """Those whom a repeat keeps off the list, each with the reason; in the order of the candidates."""
    found = []
    for each in candidates:
        for repeat in repeats:
            holder = repeat.holders.get(each.groups.get(repeat.group, ""))
            if holder is not None:
                text = texts.REPEATED_IN_PRINCIPLE if repeat.principle else texts.REPEATED
                reason = text.format(holder=holder)
                found.append(Exclusion(each.id, repeat.article, reason, hard=not repeat.principle))
    return found
