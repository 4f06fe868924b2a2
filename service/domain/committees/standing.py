"""A committee that sits all year: it may be seated anew at any time, and what it has done stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete

from service.domain.committees.seating import CommitteeRefused, Seat, composition, unfit
from service.domain.committees.seats import CommitteeMember, Role, capacities, members
from service.domain.errors import Problem
from service.domain.rounds import Round
from service.engine import seals
from service.engine.services import Context


def seat(context: Context, round_: Round, seats: Sequence[Seat], parameters: Mapping[str, Any]) -> None:
    """Seat the committee, or seat it anew; CommitteeRefused with every fault at once.

    Recusals and sheets of before stay: they belong to the applications that were evaluated.
    """
    session, eligible = context.session, capacities(context.session, round_.division_code, context.now)
    problems = [*composition(seats, parameters)]
    for index, each in enumerate(seats):
        if text := unfit(each.person_id, each.role, eligible):
            problems.append(Problem(f"/members/{index}/person", text, "committee"))
    if problems:
        raise CommitteeRefused(problems)
    gone = seals.gone(*members(session, round_.id))
    session.execute(delete(CommitteeMember).where(CommitteeMember.round_id == round_.id))
    seated = [
        CommitteeMember(
            round_id=round_.id,
            person_id=each.person_id,
            position=position,
            role=Role(each.role),
            chair=each.chair,
            division_code=each.division_code,
            seated_by=context.actor_id or "",
            seated_at=context.now,
        )
        for position, each in enumerate(seats, start=1)
    ]
    session.add_all(seated)
    session.flush()
    context.record(
        "committee_formed",
        round_id=round_.id,
        members=[each.person_id for each in seats],
        recusals=0,
        sealed=seals.of(*seated, gone=gone),
    )
