"""Choices: who may leave and who may come in at the moment."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications, committees, organisers, people, rounds, scores
from service.domain.access import Actor
from service.domain.applications import Applicant
from service.domain.committees import Role
from service.domain.errors import Conflict
from service.domain.replacements.faults import open_tasks, require_at_work
from service.domain.rounds import Round


class Sitting(NamedTuple):
    """A member who may leave."""

    person_id: str
    name: str
    role: Role
    chair: bool
    submitted: bool
    """Whether the sheet of this pass is in: it stands, and the alternate does not score in this pass."""


class Alternate(NamedTuple):
    """Somebody who may come in, and as what."""

    person_id: str
    name: str
    roles: frozenset[Role]


class Choices(NamedTuple):
    """What may be chosen now."""

    members: list[Sitting]
    alternates: list[Alternate]
    applicants: list[Applicant]
    homes: list[tuple[str, str]]
    """(code, name) of the divisions from which somebody may come."""


def choices(session: Session, actor: Actor, round_id: str, now: datetime) -> Choices:
    """Who may leave and who may come in; NotSeatedYet or CommitteeDone where nobody may."""
    round_ = rounds.get(session, round_id)
    organisers.require(actor, round_.division_code)
    ever = committees.everybody(session, round_id)
    require_at_work(round_, ever, open_tasks(session, round_id))
    sitting = [each for each in ever if each.ended_at is None]
    names = people.names(session, [each.person_id for each in sitting])
    in_time = {each.person_id for each in scores.sheets(session, round_id, round_.scoring_pass)}
    taken = {each.person_id for each in ever if each.ended_at is not None or not each.alternate}
    able = committees.capacities(session, round_.division_code, now)
    return Choices(
        members=[
            Sitting(
                each.person_id,
                names[each.person_id],
                Role(each.role),
                each.chair,
                each.person_id in in_time,
            )
            for each in sitting
        ],
        alternates=[
            Alternate(person_id, name, frozenset(able[person_id]))
            for person_id, name in committees.eligible_people(session, round_.division_code, now)
            if person_id not in taken
        ],
        applicants=applications.applicants(session, round_id),
        homes=committees.homes(session, round_.division_code),
    )


def may_replace(session: Session, actor: Actor, round_: Round) -> bool:
    """Whether the round's page offers it: to the organiser, while the committee is at work."""
    if not organisers.organises(actor, round_.division_code):
        return False
    try:
        require_at_work(round_, committees.everybody(session, round_.id), open_tasks(session, round_.id))
    except Conflict:
        return False
    return True
