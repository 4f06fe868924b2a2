"""Committees as the readers of a round's working papers see them: who sits, and who has left."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import committees, organisers, people
from service.domain.access import Actor
from service.domain.memberships import AUDITOR
from service.domain.rounds import Round


class Seat(NamedTuple):
    """One person's time in a seat of the committee."""

    name: str
    role: str
    chair: bool
    """Of somebody who has left: whether it was in the chair."""
    alternate: bool
    ended_at: datetime | None
    """When the member left; None for who sits now, as all that follows."""
    replaced_by: str | None
    decision_number: str | None
    decided_on: date | None
    reason: str | None
    """Why the member left: for the organiser, which decided it, and auditors. It may be an illness."""


def seats(session: Session, actor: Actor, round_: Round) -> list[Seat]:
    """The list in its order; who has left stands before who came in."""
    ever = committees.everybody(session, round_.id)
    names = people.names(session, [person for each in ever for person in (each.person_id, each.replaced_by)])
    told_why = AUDITOR in actor.roles or organisers.organises(actor, round_.division_code)
    return [
        Seat(
            name=names[each.person_id],
            role=committees.Role(each.role).label,
            chair=each.chair,
            alternate=each.alternate,
            ended_at=each.ended_at,
            replaced_by=names.get(each.replaced_by or ""),
            decision_number=each.decision_number,
            decided_on=each.decided_on,
            reason=each.ended_reason if told_why else None,
        )
        for each in ever
    ]
