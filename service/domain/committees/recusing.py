"""Recusals (回避): which application a member does not score, as found, as declared, or while scoring."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import divisions, organisers
from service.domain.applications import Applicant
from service.domain.committees.seats import of_pass, scorers
from service.domain.errors import Conflict
from service.domain.offices import Office
from service.domain.people import Membership
from service.domain.rounds import Round
from service.engine import seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime

DECLARED = "委员申请回避"


class Recusal(Sealed, Base):
    """A member who does not score one application (回避), declared or found from the member's offices."""

    __tablename__ = "recusal"

    TITLE = "回避"
    SEALED = ("round_id", "automatic", "reason", "recorded_at")

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    automatic: Mapped[bool]
    reason: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TooFewSheets(Conflict):
    """您回避后，{application}只剩 {sheets} 份评分，少于要求的 {minimum} 份。请联系主办部门处理。"""


Pair = tuple[str, str]
"""(application id, person id)"""


def recusals(session: Session, round_id: str) -> Sequence[Recusal]:
    """Who does not score which application, and why; those of who has left stay."""
    query = select(Recusal).where(Recusal.round_id == round_id)
    return session.scalars(query.order_by(Recusal.application_id, Recusal.person_id)).all()


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
    scoring = of_pass(session, round_.id, round_.scoring_pass)
    # An alternate is given work only when scores are opened, so none can come in now.
    left = len(scorers([(each.person_id, each.alternate) for each in scoring], gone, minimum)) - 1
    if left < minimum:
        raise TooFewSheets(application=applicant.name, sheets=left, minimum=minimum)
    recusal = Recusal(
        round_id=round_.id,
        application_id=applicant.application_id,
        person_id=person_id,
        automatic=False,
        reason="委员在评分时申请回避",
        recorded_at=context.now,
    )
    session.add(recusal)
    session.flush()
    context.record(
        "member_recused",
        round_id=round_.id,
        application_id=applicant.application_id,
        sealed=seals.of(recusal),
    )


def automatic(
    session: Session, organiser: str, homes: Mapping[str, str | None], applicants: Collection[Applicant]
) -> dict[Pair, str]:
    """Pair → reason, for people who live or hold office in the applicant's part of the organiser's area.

    That is its province where the ministry organises, its city where a province does. `homes` are the people
    with the division that each has named as home or place of work.
    """
    codes = {person_id: {home} if home else set() for person_id, home in homes.items()}
    offices = (
        select(Membership.person_id, Office.division_code)
        .join(Office, Office.id == Membership.office_id)
        .where(Membership.person_id.in_(homes), Office.division_code != organiser)
    )
    for person_id, code in session.execute(offices):
        codes[person_id].add(code)
    level = organisers.below(divisions.get(session, organiser).level)
    chains = divisions.chains(session, set().union(*codes.values()))
    parts = {
        code: division.code for code, chain in chains.items() for division in chain if division.level == level
    }
    return {
        (applicant.application_id, person_id): _REASONS[level]
        for person_id, own in codes.items()
        for applicant in applicants
        if applicant.part(level) in {parts.get(code) for code in own}
    }


_REASONS = {
    "province": "委员来自申报地所在省（区、市），依规回避",
    "city": "委员来自申报地所在市，依规回避",
}


def add(
    session: Session, round_id: str, declared: Iterable[Pair], found: Mapping[Pair, str], now: datetime
) -> list[Recusal]:
    """Write down the pairs that were declared or found; to be sealed by the caller."""
    rows = [
        Recusal(
            round_id=round_id,
            application_id=application_id,
            person_id=person_id,
            automatic=(application_id, person_id) in found,
            reason=found.get((application_id, person_id), DECLARED),
            recorded_at=now,
        )
        for application_id, person_id in sorted({*declared, *found})
    ]
    session.add_all(rows)
    session.flush()
    return rows
