"""Review committees (评审委员会): who is seated, who withdraws from which application, who scores what."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Select, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import divisions
from service.domain.applications import Applicant
from service.domain.divisions import NATION
from service.domain.errors import Conflict, Forbidden, Invalid, Problem
from service.domain.offices import INDUSTRY, Office
from service.domain.people import EXPERT, OFFICIAL, Membership, Person
from service.domain.rounds import Round
from service.engine.services import Context
from service.store.database import Base, UTCDateTime


class Role(StrEnum):
    """第八条: experts, and representatives of the ministry's departments; and who may stand in."""

    EXPERT = "expert"
    BUREAU = "bureau"
    ALTERNATE = "alternate"
    """Not seated; scores only what recusals would leave below the least number of sheets (reading 16)."""

    @property
    def label(self) -> str:
        return {"expert": "专家", "bureau": "司局代表", "alternate": "候补委员"}[self]


_WHO = {Role.EXPERT: "评审专家", Role.BUREAU: "部内司局人员"}


class CommitteeMember(Base):
    """One seat of a round's committee; the list is frozen when scores are opened."""

    __tablename__ = "committee_member"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    chair: Mapped[bool] = mapped_column(default=False)
    division_code: Mapped[str | None] = mapped_column(String(6))
    """籍贯或工作所在地: no member scores an applicant of it, above it or below it."""
    seated_by: Mapped[str] = mapped_column(String(36))
    seated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def alternate(self) -> bool:
        return self.role == Role.ALTERNATE


class Recusal(Base):
    """A member who does not score one application (回避), declared or found from the member's offices."""

    __tablename__ = "recusal"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    automatic: Mapped[bool]
    reason: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Seat(NamedTuple):
    """One line of the list that the ministry hands in."""

    person_id: str
    role: str
    chair: bool
    division_code: str | None = None
    recused: Sequence[str] = ()
    """Ids of the applications from which the member withdraws."""

    @property
    def alternate(self) -> bool:
        return self.role == Role.ALTERNATE


class CommitteeRefused(Invalid):
    """评审委员会的组成有 {count} 处不符合要求，名单没有保存。"""


class CommitteeFrozen(Conflict):
    """评分已经开始，评审委员会名单不能再更改。"""


class NotMember(Forbidden):
    """您不是本轮次评审委员会的委员，不能评分。"""


class TooFewSheets(Conflict):
    """您回避后，{application}只剩 {sheets} 份评分，少于要求的 {minimum} 份。请联系工业和信息化部处理。"""


def members(session: Session, round_id: str) -> Sequence[CommitteeMember]:
    """The members and alternates, in the order of the list."""
    query = select(CommitteeMember).where(CommitteeMember.round_id == round_id)
    return session.scalars(query.order_by(CommitteeMember.position)).all()


def scorers(people: Sequence[tuple[str, bool]], recused: Set[str], minimum: int) -> list[str]:
    """Who scores an application, of (person id, alternate) in the order of the list.

    Everybody seated but those who are recused; where fewer than `minimum` are left, alternates in order.
    """
    seated = [person for person, alternate in people if not alternate and person not in recused]
    alternates = [person for person, alternate in people if alternate and person not in recused]
    return seated + alternates[: max(0, minimum - len(seated))]


def recusals(session: Session, round_id: str) -> Sequence[Recusal]:
    """Who does not score which application, and why."""
    query = select(Recusal).where(Recusal.round_id == round_id)
    return session.scalars(query.order_by(Recusal.application_id, Recusal.person_id)).all()


def eligible_people(session: Session, at: datetime) -> list[tuple[str, str]]:
    """(id, name) of who may be seated: experts, and officials of the ministry and its departments.

    Only those who are active, and whose membership had not ended `at` that time.
    """
    people = {person_id: name for person_id, name, _ in session.execute(_standing(at))}
    return list(people.items())


def _standing(at: datetime) -> Select[str, str, str]:
    """(id, name, role of the membership) of those who may be seated, by name."""
    of_ministry = (Office.kind == INDUSTRY) & (Office.division_code == NATION)
    return (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Office, Office.id == Membership.office_id)
        .where(
            Person.active.is_(True),
            Membership.until.is_(None) | (Membership.until > at),
            (Membership.role == EXPERT) | ((Membership.role == OFFICIAL) & of_ministry),
        )
        .order_by(Person.name, Person.id)
    )


def form(
    context: Context,
    round_: Round,
    seats: Sequence[Seat],
    applicants: Sequence[Applicant],
    parameters: Mapping[str, Any],
) -> None:
    """Seat the committee; every fault at once in CommitteeRefused.

    `parameters` are the edition's `committee`: minimum, odd, minimum_sheets, article. A member of the
    applicant's province is recused from it without having to say so. The list may be handed in again until
    scores are opened.
    """
    if round_.scoring_pass:
        raise CommitteeFrozen
    session = context.session
    automatic = _automatic(session, seats, applicants)
    declared = {(application_id, seat.person_id) for seat in seats for application_id in seat.recused}
    problems = [
        *_faults(seats, _capacities(session, context.now), parameters),
        *_thin(seats, applicants, declared | set(automatic), parameters),
    ]
    if problems:
        raise CommitteeRefused(problems)
    session.execute(delete(Recusal).where(Recusal.round_id == round_.id))
    session.execute(delete(CommitteeMember).where(CommitteeMember.round_id == round_.id))
    session.add_all(
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
    )
    session.add_all(
        Recusal(
            round_id=round_.id,
            application_id=application_id,
            person_id=person_id,
            automatic=(application_id, person_id) in automatic,
            reason=automatic.get((application_id, person_id), "委员申请回避"),
            recorded_at=context.now,
        )
        for application_id, person_id in sorted(declared | set(automatic))
    )
    session.flush()
    context.record(
        "committee_formed",
        round_id=round_.id,
        members=[seat.person_id for seat in seats],
        recusals=len(declared | set(automatic)),
    )


def recuse(
    context: Context,
    round_: Round,
    person_id: str,
    applicant: Applicant,
    parameters: Mapping[str, Any],
) -> None:
    """A member withdraws from one application while scoring; TooFewSheets where too few others are left."""
    session, minimum = context.session, int(parameters["minimum_sheets"])
    gone = {
        each.person_id
        for each in recusals(session, round_.id)
        if each.application_id == applicant.application_id
    }
    people = [(member.person_id, member.alternate) for member in members(session, round_.id)]
    # An alternate is given work only when scores are opened, so none can come in now.
    left = len(scorers(people, gone, minimum)) - 1
    if left < minimum:
        raise TooFewSheets(application=applicant.name, sheets=left, minimum=minimum)
    session.add(
        Recusal(
            round_id=round_.id,
            application_id=applicant.application_id,
            person_id=person_id,
            automatic=False,
            reason="委员在评分时申请回避",
            recorded_at=context.now,
        )
    )
    session.flush()
    context.record("member_recused", round_id=round_.id, application_id=applicant.application_id)


def _capacities(session: Session, at: datetime) -> dict[str, set[Role]]:
    """As what everybody who may be seated may be: only an expert as expert, an alternate is either."""
    found: dict[str, set[Role]] = {}
    for person_id, _, role in session.execute(_standing(at)):
        found.setdefault(person_id, {Role.ALTERNATE}).add(Role.EXPERT if role == EXPERT else Role.BUREAU)
    return found


def _faults(
    seats: Sequence[Seat], eligible: Mapping[str, set[Role]], parameters: Mapping[str, Any]
) -> Iterable[Problem]:
    minimum, article = int(parameters["minimum"]), parameters["article"]
    seated = [seat for seat in seats if not seat.alternate]
    if len(seated) < minimum:
        text = f"评审委员会不得少于 {minimum} 人（第{article}条），现有 {len(seated)} 人；请增补委员。"
        yield Problem("/members", text)
    if parameters["odd"] and len(seated) % 2 == 0:
        text = f"评审委员会人数应为单数（第{article}条），现有 {len(seated)} 人；请增加或减少一名委员。"
        yield Problem("/members", text)
    if (chairs := sum(seat.chair for seat in seated)) != 1:
        yield Problem("/members", f"主任委员应恰好一名，现在是 {chairs} 名；请在名单中只指定一人。")
    for role in (Role.EXPERT, Role.BUREAU):
        if not any(seat.role == role for seat in seated):
            text = f"评审委员会应由专家和司局代表共同组成（第{article}条），现在没有{role.label}。"
            yield Problem("/members", text)
    seen: set[str] = set()
    for index, seat in enumerate(seats):
        if seat.person_id in seen:
            yield Problem(f"/members/{index}/person", "委员名单中有人重复，请删去重复的一行。")
        seen.add(seat.person_id)
        if seat.person_id not in eligible:
            text = "此人不在专家和部内人员名单中，或者任职已经结束，请另选。"
            yield Problem(f"/members/{index}/person", text)
        elif seat.role not in eligible[seat.person_id]:
            text = (
                f"此人不是{_WHO[Role(seat.role)]}，不能作为{Role(seat.role).label}；请改正身份，或另选一人。"
            )
            yield Problem(f"/members/{index}/role", text)


def _thin(
    seats: Sequence[Seat],
    applicants: Sequence[Applicant],
    recused: set[tuple[str, str]],
    parameters: Mapping[str, Any],
) -> Iterable[Problem]:
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


def _automatic(
    session: Session, seats: Sequence[Seat], applicants: Sequence[Applicant]
) -> dict[tuple[str, str], str]:
    """(application, person) → reason, for members who live or hold office in the applicant's province."""
    homes: dict[str, set[str]] = {seat.person_id: set() for seat in seats}
    for seat in seats:
        if seat.division_code:
            homes[seat.person_id].add(seat.division_code)
    offices = (
        select(Membership.person_id, Office.division_code)
        .join(Office, Office.id == Membership.office_id)
        .where(Membership.person_id.in_(homes), Office.division_code != NATION)
    )
    for person_id, code in session.execute(offices):
        homes[person_id].add(code)
    provinces: dict[str, str] = {}
    for code in set().union(*homes.values()):
        province = divisions.ancestor_at(session, code, "province")
        if province is not None:
            provinces[code] = province.code
    return {
        (applicant.application_id, person_id): "委员来自申报市（州）所在省（区、市），依规回避"
        for person_id, codes in homes.items()
        for applicant in applicants
        if applicant.province_code in {provinces.get(code) for code in codes}
    }
