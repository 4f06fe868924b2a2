"""Panels: which members of the round's committee evaluate one application, and who withdraws from it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import committees
from service.domain.applications import Applicant, Application
from service.domain.committees import CommitteeMember, Recusal, recusing
from service.domain.errors import Invalid
from service.domain.rounds import Round
from service.domain.rules import rule
from service.engine import seals
from service.engine.services import Context


class PanelTooSmall(Invalid):
    """回避后只有 {left} 名成员可以打分，少于要求的 {minimum} 名。请在“增补成员”中至少增补 {missing} 名。"""

    place, form = "/added", "panel"


def panel(session: Session, application: Application) -> list[CommitteeMember]:
    """The members of now who have not withdrawn from it, in the order of the list."""
    gone = set(session.scalars(select(Recusal.person_id).where(Recusal.application_id == application.id)))
    return [each for each in committees.members(session, application.round_id) if each.person_id not in gone]


@rule(
    "与申报城市同属一省的、申报回避的成员不打分，其余的不少于规定的份数",
    "committee.minimum_sheets",
    given="scoring.standard_maximum",
)
def convene(
    context: Context,
    round_: Round,
    application: Application,
    declared: Mapping[str, str],
    parameters: Mapping[str, Any],
) -> None:
    """Write down who withdraws: person id → reason, and who is of the applicant's province. PanelTooSmall."""
    session = context.session
    seated = committees.members(session, round_.id)
    applicant = Applicant(
        application.id, "", application.division_code, application.city_code, application.province_code
    )
    homes = {each.person_id: each.division_code for each in seated}
    found = recusing.automatic(session, round_.division_code, homes, [applicant])
    known = set(session.scalars(select(Recusal.person_id).where(Recusal.application_id == application.id)))
    reasons = dict(declared) | {person_id: reason for (_, person_id), reason in found.items()}
    rows = [
        Recusal(
            application_id=application.id,
            person_id=person_id,
            round_id=round_.id,
            automatic=(application.id, person_id) in found,
            reason=reason,
            recorded_at=context.now,
        )
        for person_id, reason in sorted(reasons.items())
        if person_id not in known
    ]
    session.add_all(rows)
    session.flush()
    left, minimum = len(panel(session, application)), int(parameters["committee"]["minimum_sheets"])
    if left < minimum:
        raise PanelTooSmall(left=left, minimum=minimum, missing=minimum - left)
    context.record(
        "evaluation_convened", application_id=application.id, recusals=len(rows), sealed=seals.of(*rows)
    )
