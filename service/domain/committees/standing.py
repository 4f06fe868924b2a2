"""A committee that sits all year: it may be seated anew at any time, and what it has done stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete

from service.domain import rounds
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
    session = context.session
    if problems := [
        *composition(seats, parameters),
        *_unfit(context, round_, seats, "/members", "committee"),
    ]:
        raise CommitteeRefused(problems)
    gone = seals.gone(*members(session, round_.id))
    session.execute(delete(CommitteeMember).where(CommitteeMember.round_id == round_.id))
    seated = _rows(context, round_, seats, after=0)
    context.record(
        "committee_formed",
        round_id=round_.id,
        members=[each.person_id for each in seats],
        recusals=0,
        sealed=seals.of(*seated, gone=gone),
    )


def enlarge(context: Context, round_: Round, seats: Sequence[Seat]) -> None:
    """Seat more members beside those who sit, as the form `panel` names them under `added`; CommitteeRefused.

    Once the year's intake has ended, nobody can seat the committee anew; what came in is still evaluated.
    """
    round_ = rounds.locked(context.session, round_.id)
    sitting = members(context.session, round_.id)
    problems = _unfit(context, round_, seats, "/added", "panel")
    known = {each.person_id for each in sitting}
    problems += [
        Problem(
            f"/added/{index}/person", "此人已是专家咨询委成员，不必增补；请另选一人，或删去这一行。", "panel"
        )
        for index, each in enumerate(seats)
        if each.person_id in known
    ]
    if problems:
        raise CommitteeRefused(problems)
    seated = _rows(context, round_, seats, after=max((each.position for each in sitting), default=0))
    context.record(
        "committee_enlarged",
        round_id=round_.id,
        members=[each.person_id for each in seats],
        sealed=seals.of(*seated),
    )


def _unfit(context: Context, round_: Round, seats: Sequence[Seat], table: str, form: str) -> list[Problem]:
    eligible = capacities(context.session, round_.division_code, context.now)
    return [
        Problem(f"{table}/{index}/person", text, form)
        for index, each in enumerate(seats)
        if (text := unfit(each.person_id, each.role, eligible))
    ]


def _rows(context: Context, round_: Round, seats: Sequence[Seat], *, after: int) -> list[CommitteeMember]:
    """The new rows, flushed; in the list after that position."""
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
        for position, each in enumerate(seats, start=after + 1)
    ]
    context.session.add_all(seated)
    context.session.flush()
    return seated
