"""Recommendations: what one recommending unit (推荐单位) compares, recommends and submits in one round."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import allowances, divisions, editions, organisers
from service.domain.allowances import Allowance, Excess
from service.domain.divisions import Division
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.rounds import Round
from service.domain.rules import rule
from service.engine import seals
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, find, hold, new_id


class RecommendationStatus(StrEnum):
    """Where a recommendation stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    NONE = "none"
    REFUSED = "refused"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    RecommendationStatus.OPEN: "比选推荐中",
    RecommendationStatus.SUBMITTED: "已报送",
    RecommendationStatus.NONE: "无推荐",
    RecommendationStatus.REFUSED: "政府未同意",
    RecommendationStatus.LAPSED: "逾期未报送",
}


class Recommendation(Sealed, Base):
    """One row a round and recommending unit, created when the collection starts."""

    __tablename__ = "recommendation"
    __table_args__ = (Index(None, "round_id", "division_code", unique=True),)

    TITLE = "推荐"
    SEALED = (
        "round_id",
        "division_code",
        "status",
        "letter_number",
        "government_decision",
        "submitted_at",
        "closed_at",
    )
    SEALED_IF_SET = ("excess_reason", "excess_approver", "excess_number", "excess_approved_on")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    division_code: Mapped[str] = mapped_column(String(6), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(20), default=RecommendationStatus.OPEN)
    letter_number: Mapped[str | None] = mapped_column(String(120))
    """文号 of the 推荐函."""
    government_decision: Mapped[str | None] = mapped_column(String(20))
    """The government's last word: agree, return or refuse."""
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    excess_reason: Mapped[str | None] = mapped_column(Text)
    """Why more are recommended than hold in principle; None where that many are not."""
    excess_approver: Mapped[str | None] = mapped_column(String(80))
    excess_number: Mapped[str | None] = mapped_column(String(80))
    excess_approved_on: Mapped[date | None]


class Choice(Sealed, Base):
    """Whether the recommending unit chose an application, and why; replaced when it compares afresh."""

    __tablename__ = "recommendation_choice"

    TITLE = "比选结论"
    SEALED = ("chosen", "reason", "chosen_by", "chosen_at")

    recommendation_id: Mapped[str] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    chosen: Mapped[bool]
    reason: Mapped[str]
    chosen_by: Mapped[str] = mapped_column(String(36))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Verdict(NamedTuple):
    """What the recommending unit says of one application."""

    recommended: bool
    reason: str


class RecommendationMissing(NotFound):
    """{division}在这一轮次中没有推荐单位，不能申报。请管理员核对行政区划表。"""


class ApplicationsChanged(Conflict):
    """可以比选的申报已有变化（{names}），请刷新页面，逐个给出推荐意见后再提交。"""


class NothingRecommended(Invalid):
    """还没有推荐任何申报，不能报送。请先完成比选。"""


def get(session: Session, recommendation_id: str) -> Recommendation:
    """The recommendation; NotFound."""
    found = find(session, Recommendation, recommendation_id)
    if found is None:
        raise NotFound
    return found


def locked(session: Session, recommendation_id: str) -> Recommendation:
    """The recommendation with its row held until the transaction ends.

    Both who makes an application ready and who submits or closes the recommendation hold it, so that an
    application either takes part or comes to wait after the message was thrown.
    """
    found = hold(session, Recommendation, recommendation_id)
    if found is None:
        raise NotFound
    return found


def of_division(session: Session, round_id: str, division_code: str) -> Recommendation:
    """The recommendation of a recommending unit in a round; RecommendationMissing."""
    found = session.scalar(
        select(Recommendation).where(
            Recommendation.round_id == round_id, Recommendation.division_code == division_code
        )
    )
    if found is None:
        raise RecommendationMissing(division=divisions.get(session, division_code).name)
    return found


def of_round(session: Session, round_id: str) -> Sequence[Recommendation]:
    """All of a round, in division-code order."""
    query = select(Recommendation).where(Recommendation.round_id == round_id)
    return session.scalars(query.order_by(Recommendation.division_code)).all()


def open_of_round(session: Session, round_id: str) -> Sequence[Recommendation]:
    """Those of a round that are still at work, in division-code order."""
    query = select(Recommendation).where(
        Recommendation.round_id == round_id, Recommendation.status == RecommendationStatus.OPEN
    )
    return session.scalars(query.order_by(Recommendation.division_code)).all()


def start_all(context: Context, round_: Round) -> list[Recommendation]:
    """One recommendation for every recommending unit, each with its own process.

    Of the ministry's programmes these are the divisions of province level (32 with 兵团); an edition may have
    none.
    """
    session = context.session
    edition = editions.get(session, round_.edition_id)
    units = _units(session, edition.parameters)
    if not units:
        context.record("collection_started", round_id=round_.id, recommendations=0)
        return []
    definition = edition.definitions["recommendation"]
    assert round_.collection_ends_at is not None
    started = [
        Recommendation(
            id=new_id(), round_id=round_.id, division_code=each.code, status=RecommendationStatus.OPEN
        )
        for each in units
    ]
    session.add_all(started)
    session.flush()
    jointly = _jointly(units, round_, edition.parameters["recommendation"])
    for recommendation in started:
        instance = context.engine.start(
            session,
            definition,
            business_key=f"recommendation:{recommendation.id}",
            variables={
                "recommendation_id": recommendation.id,
                "round_id": round_.id,
                "track": round_.track,
                "collection_ends": round_.collection_ends_at.isoformat(),
                "joint": recommendation.division_code in jointly,
            },
            actor_id=context.actor_id,
        )
        recommendation.instance_id = instance.id
    session.flush()
    context.record(
        "collection_started",
        round_id=round_.id,
        recommendations=len(started),
        sealed=seals.of(*started),
    )
    return started


@rule("列明的名单会同其他单位推荐", "recommendation.joint")
def _jointly(units: Sequence[Division], round_: Round, parameters: Mapping[str, Any]) -> set[str]:
    """Codes of the units that recommend together with another office in the round's track.

    `joint` of the edition names the tracks, and the tags of the divisions that have no such office.
    """
    joint = parameters.get("joint")
    if joint is None or round_.track not in joint["tracks"]:
        return set()
    return {each.code for each in units if each.tag not in joint["except"]}


def _units(session: Session, parameters: Mapping[str, Any]) -> list[Division]:
    """The divisions that recommend, in the order of the codes."""
    organiser = organisers.of(parameters)
    if organiser.recommending is None:
        return []
    return divisions.at_level(session, organiser.recommending, below=organiser.division)


def choose(
    context: Context,
    recommendation_id: str,
    ready: Mapping[str, str],
    verdicts: Mapping[str, Verdict],
    allowance: Allowance,
    excess: Excess | None = None,
) -> list[Choice]:
    """Record the comparison afresh: a verdict and a reason for every ready application ({id: name}).

    More than the unit's allowance only with a recorded approval, where the edition says “原则上”.
    """
    if missing := sorted(set(ready) ^ set(verdicts)):
        names = "、".join(ready.get(each, "已不再参加比选的申报") for each in missing)
        raise ApplicationsChanged(names=names)
    chosen = sum(verdict.recommended for verdict in verdicts.values())
    allowances.require(allowance, chosen, excess)
    session = context.session
    recommendation = locked(session, recommendation_id)
    _approve(context, recommendation, excess)
    gone = seals.gone(*choices(session, recommendation.id).values())
    session.execute(delete(Choice).where(Choice.recommendation_id == recommendation.id))
    rows = [
        Choice(
            recommendation_id=recommendation.id,
            application_id=application_id,
            chosen=verdict.recommended,
            reason=verdict.reason,
            chosen_by=context.actor_id or "",
            chosen_at=context.now,
        )
        for application_id, verdict in verdicts.items()
    ]
    session.add_all(rows)
    session.flush()
    context.record(
        "applications_compared",
        recommendation_id=recommendation.id,
        chosen=[row.application_id for row in rows if row.chosen],
        passed_over=[row.application_id for row in rows if not row.chosen],
        sealed=seals.of(*rows, gone=gone),
    )
    return rows


def _approve(context: Context, recommendation: Recommendation, excess: Excess | None) -> None:
    """Record what allows the unit to recommend more, or that nothing does any longer."""
    before = recommendation.excess_reason
    recommendation.excess_reason = excess.reason if excess else None
    recommendation.excess_approver = excess.approver if excess else None
    recommendation.excess_number = excess.document_number if excess else None
    recommendation.excess_approved_on = excess.approved_on if excess else None
    if excess or before:
        context.session.flush()
        context.record(
            "allowance_exceeded" if excess else "allowance_kept",
            recommendation_id=recommendation.id,
            sealed=seals.of(recommendation),
        )


def write_letter(context: Context, recommendation: Recommendation, number: str) -> None:
    """推荐函: its 文号."""
    recommendation.letter_number = number
    context.record(
        "recommendation_letter_written",
        recommendation_id=recommendation.id,
        sealed=seals.of(recommendation),
    )


def government_decided(context: Context, recommendation: Recommendation, decision: str | None) -> None:
    """The government's word: agree, return or refuse."""
    recommendation.government_decision = decision
    context.record(
        "government_decided",
        recommendation_id=recommendation.id,
        decision=decision,
        sealed=seals.of(recommendation),
    )


def choices(session: Session, recommendation_id: str) -> dict[str, Choice]:
    """The last comparison by application id."""
    query = select(Choice).where(Choice.recommendation_id == recommendation_id)
    return {choice.application_id: choice for choice in session.scalars(query)}


def government_opinion(session: Session, application_id: str) -> str | None:
    """What the government said of an application that was put to it: agree, disagree, or nothing so far."""
    decision = session.scalar(
        select(Recommendation.government_decision)
        .join(Choice, Choice.recommendation_id == Recommendation.id)
        .where(Choice.application_id == application_id, Choice.chosen)
    )
    return {"agree": "agree", "refuse": "disagree"}.get(decision or "")


def submit(context: Context, recommendation_id: str) -> Recommendation:
    """The recommended applications go to the ministry; NothingRecommended."""
    recommendation = locked(context.session, recommendation_id)
    chosen = [each for each in choices(context.session, recommendation.id).values() if each.chosen]
    if not chosen:
        raise NothingRecommended
    recommendation.status = RecommendationStatus.SUBMITTED
    recommendation.submitted_at = context.now
    recommendation.closed_at = context.now
    context.record(
        "recommendation_submitted",
        recommendation_id=recommendation.id,
        applications=[each.application_id for each in chosen],
        sealed=seals.of(recommendation),
    )
    return recommendation


def close(context: Context, recommendation_id: str, status: RecommendationStatus) -> Recommendation:
    """End without recommending anything."""
    recommendation = locked(context.session, recommendation_id)
    recommendation.status = status
    recommendation.closed_at = context.now
    context.record(
        "recommendation_closed",
        recommendation_id=recommendation.id,
        status=status,
        sealed=seals.of(recommendation),
    )
    return recommendation
