"""Sanctions as those who may see them read them: with the article that each is imposed by."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from service.domain import divisions, editions, organisers, pages, sanctions, subjects
from service.domain.access import Actor, require_office
from service.domain.editions import Edition
from service.domain.memberships import AUDITOR
from service.domain.offices import INDUSTRY
from service.domain.pages import SIZE, Page
from service.domain.sanctions import Sanction, SanctionMissing, SanctionStatus, Scope


class SanctionLine(NamedTuple):
    """A sanction as it stands today."""

    sanction: Sanction
    division_name: str
    """With the province before it: 浙江省杭州市."""
    status: SanctionStatus
    edition: Edition | None
    """Of the case that it came from; None where there is none."""

    @property
    def edition_id(self) -> str | None:
        return self.edition.id if self.edition else None

    @property
    def article(self) -> str | None:
        """By which it was imposed, in that edition."""
        return self.edition.parameters.get("sanction", {}).get("article") if self.edition else None

    @property
    def status_label(self) -> str:
        return self.status.label

    @property
    def lost(self) -> str:
        """评选资格, 申报资格: what it takes from whom."""
        return Scope(self.sanction.scope).lost

    @property
    def span(self) -> str:
        return sanctions.span(self.sanction.first_year, self.sanction.last_year)


def visible_sanctions(
    session: Session, actor: Actor, *, now: datetime, number: int = 1, size: int = SIZE
) -> Page[SanctionLine]:
    """The sanctions, lifted ones too, the latest first; an organiser reads those of its programmes."""
    return sanctions_where(session, _readable(session, actor), now=now, number=number, size=size)


def of_sanction(session: Session, actor: Actor, sanction_id: str, *, now: datetime) -> SanctionLine:
    """One sanction; SanctionMissing."""
    criteria = (Sanction.id == sanction_id, _readable(session, actor))
    found = sanctions_where(session, *criteria, now=now)
    if not found.rows:
        raise SanctionMissing
    return found.rows[0]


def sanctions_where(
    session: Session, *criteria: ColumnElement[bool], now: datetime, number: int = 1, size: int = SIZE
) -> Page[SanctionLine]:
    """A page of those that meet the criteria, the latest first."""
    order = (Sanction.imposed_at.desc(), Sanction.scope, Sanction.id)
    query = select(Sanction).where(*criteria).order_by(*order)
    found = pages.page(session, query, number=number, size=size)
    rows = [row[0] for row in found.rows]
    names = divisions.full_names(session, {each.division_code for each in rows})
    cases = subjects.get_all(session, [each.subject for each in rows])
    known = editions.get_all(session, {case.edition_id for case in cases.values()})
    return found.holding(
        [
            SanctionLine(
                each,
                names[each.division_code],
                sanctions.status_of(each, now),
                known[cases[each.subject].edition_id] if each.subject in cases else None,
            )
            for each in rows
        ]
    )


def _readable(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Forbidden for whoever is neither an auditor nor of an office that organises anything."""
    if AUDITOR in actor.roles:
        return true()
    if not (own := organisers.programmes(session, actor)):
        require_office(actor, INDUSTRY, divisions.NATION)
    return Sanction.programme.in_(own)
