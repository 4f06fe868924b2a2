"""Rewards: the money of an award, paid once; who pays it is the document's."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from service.domain import access, applications, awards, divisions, editions, incentives, redemptions
from service.domain.applications import Application
from service.domain.awards import AwardMissing
from service.domain.forms.kinds.choices import Choice
from service.domain.redemptions import Redemption
from service.domain.rules import rule
from service.engine.services import Context


@rule("列明的地方自行统筹兑现", "own_funds")
def pays_itself(session: Session, application: Application, parameters: Mapping[str, Any]) -> bool:
    """Whether the county lies where the city pays by itself (宁波)."""
    own = parameters["own_funds"]["division"]
    return own in (each.code for each in divisions.chain(session, application.division_code))


@rule("奖励资金一次性兑现，登记资金渠道", "reward")
def pay(context: Context, application: Application, person_id: str, content: Mapping[str, Any]) -> Redemption:
    """兑现, as form `incentive` says it: recorded among what was used of the award, once and for good.

    What the ledger holds already, of that day and by that document, is the same payment. Raises what
    `redemptions.redeem` raises.
    """
    session = context.session
    award = awards.of_application(session, application.id)
    if award is None:
        raise AwardMissing
    incentive = next(each.number for each in incentives.of(session, award) if each.amount)
    used_on, number = date.fromisoformat(content["date"]), content["number"]
    for each in redemptions.of_award(session, award.id):
        if (each.incentive, each.used_on, each.document_number) == (incentive, used_on, number):
            return each
    channel = editions.form(editions.get(session, award.edition_id), "incentive").fields["channel"]
    assert isinstance(channel, Choice)
    return redemptions.redeem(
        session,
        access.actor(session, person_id, context.now),
        award.id,
        incentive=incentive,
        used_by=applications.name_of(session, application),
        purpose=f"{dict(channel.options)[content['channel']]}，{content['amount']}万元",
        used_on=used_on,
        document_number=number,
        now=context.now,
    )
