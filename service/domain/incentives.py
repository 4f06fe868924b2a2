"""Incentives: what an award entitles its winner to, as the edition's `incentives:` say it, and until when.

They are read from the edition that the award was granted under, which never changes: points in other
selections (+3, +1), preference among equals, or an amount of money.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain import divisions, editions
from service.domain.awards import Award
from service.domain.divisions import Division
from service.domain.editions import Edition


class Kind(StrEnum):
    """What an incentive gives, as the ledger is narrowed to it."""

    POINTS = "points"
    PREFERENCE = "preference"
    AMOUNT = "amount"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"points": "加分", "preference": "优先", "amount": "资金", "other": "其他支持"}[self]


@dataclass(frozen=True, slots=True)
class Incentive:
    """One incentive of one award; `number` is its place in the edition's list, from 1."""

    number: int
    article: str
    title: str
    kind: Kind
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
    def kind_label(self) -> str:
        return self.kind.label

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


def grants(session: Session, kind: Kind | str) -> ColumnElement[bool]:
    """For statements: that an award's edition gives its track an incentive of this kind."""
    found = {
        (edition.id, track["key"])
        for edition in _granting(session)
        for entry in _entries(edition)
        for track in edition.document["tracks"]
        if _kind(entry) == kind and track["key"] in entry.get("tracks", (track["key"],))
    }
    return tuple_(Award.edition_id, Award.track).in_(sorted(found))


def is_of(session: Session, number: InstrumentedAttribute[int], kind: Kind | str) -> ColumnElement[bool]:
    """For statements: that the incentive of this number, of an award's edition, is of this kind."""
    found = [
        (edition.id, each)
        for edition in _granting(session)
        for each, entry in enumerate(_entries(edition), start=1)
        if _kind(entry) == kind
    ]
    return tuple_(Award.edition_id, number).in_(sorted(found))


def _granting(session: Session) -> Collection[Edition]:
    """The editions that awards were granted under."""
    ids = session.scalars(select(Award.edition_id).distinct()).all()
    return editions.get_all(session, ids).values()


def _entries(edition: Edition) -> Sequence[dict[str, Any]]:
    return edition.document.get("incentives") or ()


def _kind(entry: Mapping[str, Any]) -> Kind:
    """A mark of money or points tells more than the preference that comes with it."""
    for kind in (Kind.POINTS, Kind.AMOUNT, Kind.PREFERENCE):
        if entry.get(kind) is not None:
            return kind
    return Kind.OTHER


def _of(award: Award, chain: Sequence[Division], edition: Edition) -> list[Incentive]:
    codes = [division.code for division in chain]
    return [
        Incentive(
            number=number,
            article=entry["article"],
            title=entry["title"],
            kind=_kind(entry),
            points=_text(entry.get("points")),
            maximum=_text(entry.get("maximum")),
            preference=_text(entry.get("preference")),
            amount=_text(entry.get("amount")),
            once=bool(entry.get("once", False)),
            note=_note(entry.get("exceptions") or (), codes),
            starts_on=award.starts_on,
            ends_on=award.ends_on,
        )
        for number, entry in enumerate(_entries(edition), start=1)
        if award.track in entry.get("tracks", (award.track,))
        and chain[0].level in entry.get("levels", (chain[0].level,))
    ]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _note(exceptions: Collection[dict[str, Any]], codes: Collection[str]) -> str | None:
    return next((each["text"] for each in exceptions if each["division"] in codes), None)
