"""The directory of people: pages of names with the memberships that stand now, and a search."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.domain import pages, people
from service.domain.offices import Office
from service.domain.pages import SIZE, Page
from service.domain.people import ROLES, Described, Membership, Person


class Entry(NamedTuple):
    """One person."""

    id: str
    login: str
    name: str
    active: bool
    created_at: datetime
    memberships: list[Described]


def page(
    session: Session, now: datetime, *, search: str = "", number: int = 1, size: int = SIZE
) -> Page[Entry]:
    """People in the order of their logins, in three statements; `search` is part of a name or a login."""
    wanted = select(Person).order_by(Person.login)
    if search:
        named = Person.name.contains(search, autoescape=True)
        wanted = wanted.where(named | Person.login.contains(search.lower(), autoescape=True))
    found = pages.page(session, wanted, number=number, size=size)
    held = _held(session, [row.id for (row,) in found.rows], now)
    return found.holding([_entry(row, held.get(row.id, [])) for (row,) in found.rows])


def entry(session: Session, person_id: str, now: datetime) -> Entry:
    """One person; PersonMissing."""
    return _entry(people.get(session, person_id), people.described(session, person_id, now))


def _entry(row: Person, memberships: list[Described]) -> Entry:
    return Entry(row.id, row.login, row.name, row.active, row.created_at, memberships)


def _held(session: Session, person_ids: list[str], now: datetime) -> dict[str, list[Described]]:
    found = session.execute(
        select(Membership, Office.name)
        .outerjoin(Office, Office.id == Membership.office_id)
        .where(
            Membership.person_id.in_(person_ids),
            Membership.since <= now,
            or_(Membership.until.is_(None), Membership.until > now),
        )
        .order_by(Membership.since, Membership.id)
    )
    held: dict[str, list[Described]] = {}
    for membership, office in found:
        described = Described(
            membership.id, ROLES[membership.role], office or "", membership.since, membership.until
        )
        held.setdefault(membership.person_id, []).append(described)
    return held
