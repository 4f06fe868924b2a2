"""Waivers: recorded human decisions that a rule of the list does not apply this time, or less strictly."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import selection
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.selection import Rule
from service.engine import seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, new_id


class Waiver(Sealed, Base):
    """One rule of one round; decided and recorded once, the latest of a rule counts."""

    __tablename__ = "waiver"

    TITLE = "规则的例外"
    SEALED = (
        "round_id",
        "rule",
        "article",
        "text",
        "limit",
        "reason",
        "decider",
        "number",
        "decided_on",
        "recorded_by",
        "recorded_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    rule: Mapped[str] = mapped_column(String(200))
    """Its key in the selection."""
    article: Mapped[str] = mapped_column(String(40))
    """As people cite it: 第11条."""
    text: Mapped[str] = mapped_column(Text)
    """What the rule says."""
    limit: Mapped[int | None]
    """The number that applies in the rule's place; None where the rule does not apply at all."""
    reason: Mapped[str] = mapped_column(Text)
    decider: Mapped[str] = mapped_column(String(120))
    """Which meeting, or who by signing."""
    number: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Exemption(NamedTuple):
    """What is to hold instead of one rule, and why."""

    rule: Rule
    limit: int | None
    reason: str


class Decision(NamedTuple):
    """Who decided, by which document, when."""

    decider: str
    number: str
    decided_on: date


@rule("没有符合全部规则的名单或者“原则上”的规则需作例外的，记录决定的规则、理由、决定人和文号", "selection")
def record(
    context: Context,
    round_: Round,
    exceptions: Sequence[Exemption],
    decision: Decision,
    person_id: str,
) -> list[Waiver]:
    """Keep a decision on one or several rules, sealed with the article of each."""
    rows = [
        Waiver(
            id=new_id(),
            round_id=round_.id,
            rule=each.rule.key,
            article=each.rule.article,
            text=each.rule.text,
            limit=each.limit,
            reason=each.reason,
            decider=decision.decider,
            number=decision.number,
            decided_on=decision.decided_on,
            recorded_by=person_id,
            recorded_at=context.now,
        )
        for each in exceptions
    ]
    context.session.add_all(rows)
    context.session.flush()
    ids = [each.id for each in rows]
    context.record("rules_waived", round_id=round_.id, waivers=ids, sealed=seals.of(*rows))
    return rows


def of_round(session: Session, round_id: str) -> Sequence[Waiver]:
    """Every recorded decision of a round, the oldest first."""
    order = (Waiver.recorded_at, Waiver.article, Waiver.rule)
    return session.scalars(select(Waiver).where(Waiver.round_id == round_id).order_by(*order)).all()


def in_force(session: Session, round_id: str, known: Collection[str]) -> list[selection.Waiver]:
    """The decisions on rules that the list has still, by key; the latest of each."""
    latest = {each.rule: each for each in of_round(session, round_id)}
    return [
        selection.Waiver(each.rule, each.reason, each.decider, each.number, each.limit)
        for key, each in sorted(latest.items())
        if key in known
    ]
