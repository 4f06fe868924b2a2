"""Incentives: what an award entitles its winner to, as the edition's `incentives:` say it, and until when.

They are read from the edition that the award was granted under, which never changes: points in other
selections (+3, +1), preference among equals, or an amount of money.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from service.domain import divisions, editions
from service.domain.awards import Award
from service.domain.divisions import Division
from service.domain.editions import Edition


@dataclass(frozen=True, slots=True)
class Incentive:
    """One incentive of one award; `number` is its place in the edition's list, from 1."""

    number: int
    article: str
    title: str
    points: str | None
    maximum: str | None
    """Points are added out of so many."""
    preference: str | None
    amount: str | None
    """500万元."""
    once: bool
    """Whether it can be used a single time (一次性兑现)."""
    note: str | None
    """What the document says otherwise for where this winner lies."""
    starts_on: date
    ends_on: date

    @property
    def benefit(self) -> str:
        """加3分（满分100分）, 同等条件下优先支持, 500万元."""
        said = [self.amount, self.preference]
        if self.points is not None:
            said.insert(0, f"加{self.points}分" + (f"（满分{self.maximum}分）" if self.maximum else ""))
        return "，".join(each for each in said if each)


def of(session: Session, award: Award) -> list[Incentive]:
    """The incentives of an award: those of its track, for a division of its level, in the edition's order.

    An entry of the edition may name `tracks` and `levels` for which alone it is meant, and `exceptions`:
    `{division, text}`, what holds instead for the division and all below it.
    """
    return of_all(session, [award])[award.id]


def of_all(session: Session, awards: Collection[Award]) -> dict[str, list[Incentive]]:
    """The incentives of many awards, by the award's id."""
    chains = divisions.chains(session, {each.division_code for each in awards})
    known = editions.get_all(session, {each.edition_id for each in awards})
    return {each.id: _of(each, chains[each.division_code], known[each.edition_id]) for each in awards}


def _of(award: Award, chain: Sequence[Division], edition: Edition) -> list[Incentive]:
    codes = [division.code for division in chain]
    entries = edition.document.get("incentives") or ()
    return [
        Incentive(
            number=number,
            article=entry["article"],
            title=entry["title"],
            points=_text(entry.get("points")),
            maximum=_text(entry.get("maximum")),
            preference=_text(entry.get("preference")),
            amount=_text(entry.get("amount")),
            once=bool(entry.get("once", False)),
            note=_note(entry.get("exceptions") or (), codes),
            starts_on=award.starts_on,
            ends_on=award.ends_on,
        )
        for number, entry in enumerate(entries, start=1)
        if award.track in entry.get("tracks", (award.track,))
        and chain[0].level in entry.get("levels", (chain[0].level,))
    ]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _note(exceptions: Collection[dict[str, Any]], codes: Collection[str]) -> str | None:
    return next((each["text"] for each in exceptions if each["division"] in codes), None)
