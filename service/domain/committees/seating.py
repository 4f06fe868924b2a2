"""Seating: the list that the ministry hands in, what it must satisfy, and its rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete

from service.domain.applications import Applicant
from service.domain.committees import recusing
from service.domain.committees.recusing import Pair, Recusal, recusals
from service.domain.committees.seats import WHO, CommitteeMember, Role, capacities, members, scorers
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.forms.fields import article_title
from service.domain.rounds import Round
from service.domain.rules import rule
from service.engine import seals
from service.engine.services import Context


class Seat(NamedTuple):
    """One line of the list that the ministry hands in."""

    person_id: str
    role: str
    chair: bool
    division_code: str | None = None
    recused: Sequence[str] = ()
    """Ids of the applications from which the member withdraws."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Seat":
        """A line as a form has it; `chair`, `division` and `recused` where the form asks for them."""
        return cls(
            person_id=row["person"],
            role=row["role"],
            chair=bool(row.get("chair")),
            division_code=row.get("division") or None,
            recused=row.get("recused") or (),
        )

    @property
    def alternate(self) -> bool:
        return self.role == Role.ALTERNATE


class CommitteeRefused(Invalid):
    """评审委员会的组成有 {count} 处不符合要求，名单没有保存。"""


class CommitteeFrozen(Conflict):
    """评分已经开始，评审委员会名单不能再更改。"""


def form(
    context: Context,
    round_: Round,
    seats: Sequence[Seat],
    applicants: Sequence[Applicant],
    parameters: Mapping[str, Any],
) -> None:
    """Seat the committee; every fault at once in CommitteeRefused.

    `parameters` are the edition's `committee`: minimum, odd, roles, minimum_sheets, article. A member of the
    applicant's part of the organiser's area is recused from it without having to say so.
    The list may be handed in again until scores are opened.
    """
    if round_.scoring_pass:
        raise CommitteeFrozen
    session = context.session
    homes = {seat.person_id: seat.division_code for seat in seats}
    found = recusing.automatic(session, round_.division_code, homes, applicants)
    declared = {(application_id, seat.person_id) for seat in seats for application_id in seat.recused}
    problems = [
        *_faults(seats, capacities(session, round_.division_code, context.now), parameters),
        *thin(seats, applicants, declared | set(found), parameters),
    ]
    if problems:
        raise CommitteeRefused(problems)
    gone = seals.gone(*members(session, round_.id), *recusals(session, round_.id))
    session.execute(delete(Recusal).where(Recusal.round_id == round_.id))
    session.execute(delete(CommitteeMember).where(CommitteeMember.round_id == round_.id))
    seated = [
        CommitteeMember(
            round_id=round_.id,
            person_id=seat.person_id,
            position=position,
            role=Role(seat.role),
            chair=seat.chair,
            division_code=seat.division_code,
            seated_by=context.actor_id or "",
            seated_at=context.now,
        )
        for position, seat in enumerate(seats, start=1)
    ]
    session.add_all(seated)
    session.flush()
    recused = recusing.add(session, round_.id, declared, found, context.now)
    context.record(
        "committee_formed",
        round_id=round_.id,
        members=[seat.person_id for seat in seats],
        recusals=len(recused),
        sealed=seals.of(*seated, *recused, gone=gone),
    )


@rule(
    "评审委员会的组成符合办法的规定：人数、单双数，以及应由哪几方面的人组成",
    "committee.minimum",
    "committee.odd",
    "committee.roles",
)
def composition(seats: Sequence[Seat], parameters: Mapping[str, Any]) -> Iterable[Problem]:
    """What is wrong with the committee as a whole: too small, even, without one chair, without a role.

    Every one of `roles` has to be there; none has to where the document is silent on it.
    """
    minimum, article = int(parameters["minimum"]), article_title(parameters["article"])
    seated = [seat for seat in seats if not seat.alternate]
    if len(seated) < minimum:
        text = f"评审委员会不得少于 {minimum} 人（{article}），现有 {len(seated)} 人；请增补委员。"
        yield Problem("/members", text)
    if parameters["odd"] and len(seated) % 2 == 0:
        text = f"评审委员会人数应为单数（{article}），现有 {len(seated)} 人；请增加或减少一名委员。"
        yield Problem("/members", text)
    if (chairs := sum(seat.chair for seat in seated)) != 1:
        yield Problem("/members", f"主任委员应恰好一名，现在是 {chairs} 名；请在名单中只指定一人。")
    demanded = [Role(each) for each in parameters.get("roles", ())]
    everybody = "和".join(role.label for role in demanded)
    for role in demanded:
        if not any(seat.role == role for seat in seated):
            text = f"评审委员会应由{everybody}组成（{article}），现在没有{role.label}；请增补。"
            yield Problem("/members", text)


@rule("去掉回避的评分之后，每个申报的评分份数不少于规定", "committee.minimum_sheets", given="quota")
def thin(
    seats: Sequence[Seat],
    applicants: Sequence[Applicant],
    recused: set[Pair],
    parameters: Mapping[str, Any],
) -> Iterable[Problem]:
    """The applications that recusals would leave with too few sheets."""
    minimum = int(parameters["minimum_sheets"])
    people = [(seat.person_id, seat.alternate) for seat in seats]
    for applicant in applicants:
        gone = {person for key, person in recused if key == applicant.application_id}
        left = len(scorers(people, gone, minimum))
        if left < minimum:
            text = (
                f"回避后只有 {left} 名委员评审{applicant.name}，少于要求的 {minimum} 名；"
                "请增补、更换委员，或列出候补委员。"
            )
            yield Problem("/members", text)


def unfit(person_id: str, role: str, eligible: Mapping[str, set[Role]]) -> str | None:
    """Why a person may not be seated as this; None where nothing is against it."""
    if person_id not in eligible:
        return "此人不在专家和部内人员名单中，或者任职已经结束，请另选。"
    if role not in eligible[person_id]:
        return f"此人不是{WHO[Role(role)]}，不能作为{Role(role).label}；请改正身份，或另选一人。"
    return None


def _faults(
    seats: Sequence[Seat], eligible: Mapping[str, set[Role]], parameters: Mapping[str, Any]
) -> Iterable[Problem]:
    yield from composition(seats, parameters)
    seen: set[str] = set()
    for index, seat in enumerate(seats):
        if seat.person_id in seen:
            yield Problem(f"/members/{index}/person", "委员名单中有人重复，请删去重复的一行。")
        seen.add(seat.person_id)
        if text := unfit(seat.person_id, seat.role, eligible):
            field = "role" if seat.person_id in eligible else "person"
            yield Problem(f"/members/{index}/{field}", text)
