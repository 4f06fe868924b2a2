"""Seats: who sits in a committee, who has left it, and who scores in which pass."""

from collections.abc import Sequence, Set
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import divisions, organisers
from service.domain.errors import Forbidden
from service.domain.offices import INDUSTRY, Office
from service.domain.people import EXPERT, OFFICIAL, Membership, Person
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime


class Role(StrEnum):
    """第八条: experts, and representatives of the ministry's departments; and who may stand in."""

    EXPERT = "expert"
    BUREAU = "bureau"
    ALTERNATE = "alternate"
    """Not seated; scores only what recusals would leave below the least number of sheets (reading 16)."""

    @property
    def label(self) -> str:
        return {"expert": "专家", "bureau": "主办部门代表", "alternate": "候补委员"}[self]


WHO = {Role.EXPERT: "评审专家", Role.BUREAU: "主办部门人员"}


class CommitteeMember(Sealed, Base):
    """One person's time in a seat of a round's committee.

    The list is frozen when scores are opened. Who leaves after that keeps the row, with the decision that
    ended it; who comes in gets a row of the same place and role.
    """

    __tablename__ = "committee_member"

    TITLE = "评审委员"
    SEALED = (
        "position",
        "role",
        "chair",
        "division_code",
        "seated_by",
        "seated_at",
        "first_pass",
        "last_pass",
        "ended_at",
        "ended_by",
        "ended_reason",
        "replaced_by",
        "decision_number",
        "decided_on",
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int]
    """The place in the list; who comes in takes that of the one who left."""
    role: Mapped[str] = mapped_column(String(20))
    chair: Mapped[bool] = mapped_column(default=False)
    """Of somebody who has left: whether it was in the chair."""
    division_code: Mapped[str | None] = mapped_column(String(6))
    """籍贯或工作所在地: no member scores an applicant of it, above it or below it."""
    seated_by: Mapped[str] = mapped_column(String(36))
    seated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_pass: Mapped[int] = mapped_column(default=1)
    """The first scoring pass in which this person scores for the seat."""
    last_pass: Mapped[int | None]
    """The last one; a sheet that was submitted before its member left stands. None: still seated."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(36))
    ended_reason: Mapped[str | None] = mapped_column(Text)
    """Why the member left. It may be an illness, so it is not for everybody who reads the list."""
    replaced_by: Mapped[str | None] = mapped_column(String(32))
    decision_number: Mapped[str | None] = mapped_column(String(120))
    """文号 of the decision to replace the member."""
    decided_on: Mapped[date | None]

    @property
    def alternate(self) -> bool:
        return self.role == Role.ALTERNATE

    def scores_in(self, scoring_pass: int) -> bool:
        """Whether the seat's sheet of a pass is this person's."""
        return self.first_pass <= scoring_pass and (self.last_pass is None or scoring_pass <= self.last_pass)


class NotMember(Forbidden):
    """您不是本轮次评审委员会的委员，不能评分。"""


def members(session: Session, round_id: str) -> Sequence[CommitteeMember]:
    """The members and alternates of now, in the order of the list."""
    return [each for each in everybody(session, round_id) if each.ended_at is None]


_EVERYBODY = (
    select(CommitteeMember)
    .where(CommitteeMember.round_id == bindparam("round_id"))
    .order_by(
        CommitteeMember.position,
        CommitteeMember.ended_at.is_(None),
        CommitteeMember.ended_at,
        CommitteeMember.seated_at,
        CommitteeMember.person_id,
    )
)


def everybody(session: Session, round_id: str) -> Sequence[CommitteeMember]:
    """Those of now and those who have left, seat by seat in the order of the list, the first one first."""
    return session.scalars(_EVERYBODY, {"round_id": round_id}).all()


def of_pass(session: Session, round_id: str, scoring_pass: int) -> Sequence[CommitteeMember]:
    """Who scores for each seat in a pass, in the order of the list; before scores are open, in the first."""
    return [each for each in everybody(session, round_id) if each.scores_in(max(scoring_pass, 1))]


def scorers(people: Sequence[tuple[str, bool]], recused: Set[str], minimum: int) -> list[str]:
    """Who scores an application, of (person id, alternate) in the order of the list.

    Everybody seated but those who are recused; where fewer than `minimum` are left, alternates in order.
    """
    seated = [person for person, alternate in people if not alternate and person not in recused]
    alternates = [person for person, alternate in people if alternate and person not in recused]
    return seated + alternates[: max(0, minimum - len(seated))]


def eligible_people(session: Session, organiser: str, at: datetime) -> list[tuple[str, str]]:
    """(id, name) of who may be seated: experts, and officials of the organiser and its departments.

    Only those who are active, and whose membership had not ended `at` that time.
    """
    people = {person_id: name for person_id, name, _ in session.execute(_standing(organiser, at))}
    return list(people.items())


def homes(session: Session, organiser: str) -> list[tuple[str, str]]:
    """(code, name) of the divisions from which somebody may come: those that recusals tell apart."""
    level = organisers.below(divisions.get(session, organiser).level)
    return [(each.code, each.name) for each in divisions.at_level(session, level, below=organiser)]


def capacities(session: Session, organiser: str, at: datetime) -> dict[str, set[Role]]:
    """As what everybody who may be seated may be: only an expert as expert, an alternate is either."""
    found: dict[str, set[Role]] = {}
    for person_id, _, role in session.execute(_standing(organiser, at)):
        found.setdefault(person_id, {Role.ALTERNATE}).add(Role.EXPERT if role == EXPERT else Role.BUREAU)
    return found


def _standing(organiser: str, at: datetime) -> Select[str, str, str]:
    """(id, name, role of the membership) of those who may be seated, by name."""
    of_organiser = (Office.kind == INDUSTRY) & (Office.division_code == organiser)
    return (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Office, Office.id == Membership.office_id)
        .where(
            Person.active.is_(True),
            Membership.until.is_(None) | (Membership.until > at),
            (Membership.role == EXPERT) | ((Membership.role == OFFICIAL) & of_organiser),
        )
        .order_by(Person.name, Person.id)
    )
