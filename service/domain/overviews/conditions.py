"""The conditions of an application that somebody judged, each with its explanation."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import judgements, offices, people
from service.domain.applications import Application
from service.domain.overrides import Override


class OverrideLine(NamedTuple):
    """Who gave way on a condition that holds “原则上”, why, and who approved it."""

    reason: str
    approver: str
    document_number: str
    approved_on: date
    office: str
    person: str
    overridden_at: datetime


class JudgedCondition(NamedTuple):
    """One condition, as the recommending unit judged it."""

    condition: str
    article: str
    name: str
    text: str
    hard: bool
    """Whether nobody may override it; the others hold “原则上”."""
    met: bool
    basis: str
    judged_at: datetime
    override: OverrideLine | None


def judged(session: Session, application: Application) -> Sequence[JudgedCondition]:
    """In the order of the articles; empty before the recommending unit has judged them."""
    found = judgements.of(session, application)
    given = [each.override for each in found if each.override is not None]
    names = people.names(session, [each.overridden_by for each in given])
    units = offices.names(session, [(each.office, each.division) for each in given])
    return [
        JudgedCondition(
            condition=each.condition,
            article=each.article,
            name=each.name,
            text=each.text,
            hard=each.hard,
            met=each.met,
            basis=each.basis,
            judged_at=each.judged_at,
            override=_line(
                each.override,
                units.get((each.override.office, each.override.division), ""),
                names.get(each.override.overridden_by, ""),
            )
            if each.override is not None
            else None,
        )
        for each in found
    ]


def _line(override: Override, office: str, person: str) -> OverrideLine:
    return OverrideLine(
        reason=override.reason,
        approver=override.approver,
        document_number=override.document_number,
        approved_on=override.approved_on,
        office=office,
        person=person,
        overridden_at=override.overridden_at,
    )
