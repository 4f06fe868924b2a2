"""The beginning of an application: who may apply, and until when."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain import (
    access,
    calendars,
    divisions,
    editions,
    offices,
    organisers,
    recommendations,
    rounds,
    sanctions,
    tracks,
)
from service.domain.access import Actor
from service.domain.applications.models import LEVEL_LABELS, Application, Status
from service.domain.divisions import Division
from service.domain.errors import Conflict, Invalid
from service.domain.forms.fields import article_title
from service.domain.recommendations import Recommendation, RecommendationStatus
from service.domain.rounds import RECEIVING, Round, Stage
from service.domain.rules import rule
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.engine.services import Context
from service.store.database import new_id

STATISTICS = "statistics"
"""The part of the form in which a statistics bureau confirms figures; asked for only where there is one."""


class ApplicationExists(Conflict):
    """{division}已经在“{round}”中申报（{status}），同一轮次只能申报一次。请打开已有的申报继续办理。"""


class NotCollecting(Conflict):
    """“{round}”现在处于“{stage}”阶段，不接受新的申报。"""


class CollectionEnded(Conflict):
    """“{round}”的材料报送已于{deadline} 24:00 截止，不能再新建申报。"""


class RecommendationClosed(Conflict):
    """{unit}的推荐工作已经办结（{status}），不再接受新的申报。"""


class OutsideArea(Invalid):
    """{division}不在{area}，不能在“{round}”中申报。请核对申报的行政区。"""

    place = "/division_code"


class CalledUpon(Conflict):
    """“{round}”由主办部门为每个申报单位统一启动，不需要另行新建。请在“待办”中办理。"""


class LevelRefused(Invalid):
    """{division}不属于可以申报的行政区（{article}）：{levels}。"""

    place = "/division_code"


def kind_of(division: Division) -> str:
    """`province`, `city`, `district` (直辖市辖区县) or `county`."""
    return "district" if division.tag == "municipality-district" else division.level


def levels(parameters: Mapping[str, Any], track: str) -> list[str]:
    """Which kinds of divisions apply for a track: `applicants.levels`, one list or one a track."""
    told: list[str] | Mapping[str, list[str]] = parameters["applicants"]["levels"]
    return told[track] if isinstance(told, Mapping) else told


def may_apply(division: Division, levels: Collection[str]) -> bool:
    """Whether the levels admit it, by its kind or by its tag (`xpcc`: the cities of 兵团)."""
    return kind_of(division) in levels or division.tag in levels


def calls_upon(parameters: Mapping[str, Any]) -> bool:
    """Whether the organiser begins the application of every listed division, so that none sets one up."""
    return "divisions" in parameters["applicants"]


@rule("只有列明的行政区可以申报，被取消资格的不得申报", "applicants")
def create(
    session: Session, engine: ProcessEngine, actor: Actor, *, round_id: str, division_code: str
) -> Application:
    """Begin the application of a division; its industry office fills it in.

    The way up is the chain of the division's parents: a county goes via its city, one that stands directly
    under its province does not. Raises Forbidden, NotCollecting, CollectionEnded, LevelRefused, Barred
    (naming the decision), RecommendationClosed, ApplicationExists.
    """
    access.require_office(actor, offices.INDUSTRY, division_code)
    round_ = rounds.get(session, round_id)
    if round_.stage not in RECEIVING:
        raise NotCollecting(round=round_.title, stage=Stage(round_.stage).label)
    now = engine.clock.now()
    assert round_.collection_ends_on is not None
    assert round_.collection_ends_at is not None
    if now >= round_.collection_ends_at:
        raise CollectionEnded(round=round_.title, deadline=calendars.chinese(round_.collection_ends_on))
    chain = {division.level: division for division in reversed(divisions.chain(session, division_code))}
    division = divisions.get(session, division_code)
    edition = editions.get(session, round_.edition_id)
    organiser = organisers.of(edition.parameters)
    if organiser.division not in (each.code for each in chain.values()):
        area = divisions.get(session, organiser.division).name
        raise OutsideArea(division=division.name, area=area, round=round_.title)
    if calls_upon(edition.parameters):
        raise CalledUpon(round=round_.title)
    admitted = levels(edition.parameters, round_.track)
    if not may_apply(division, admitted):
        raise LevelRefused(
            division=division.name,
            article=article_title(edition.parameters["applicants"]["article"]),
            levels="、".join(LEVEL_LABELS[level] for level in admitted),
        )
    sanctions.refuse_barred(session, division_code, round_.programme, round_.year)
    unit = organisers.unit(chain, organiser)
    recommendation_id = None
    if organiser.recommending is not None:
        recommendation_id = _recommendation(session, round_, unit or division).id
    return _begin(
        session,
        engine,
        round_,
        division,
        chain=chain,
        unit=unit,
        recommendation_id=recommendation_id,
        created_by=actor.person_id,
    )


def begin(
    context: Context,
    round_: Round,
    division: Division,
    recommendation: Recommendation,
    variables: Mapping[str, Any],
) -> Application:
    """Begin the application of a division that the organiser calls upon; nobody has to set it up there.

    `variables` are further ones for its process.
    """
    chain = {each.level: each for each in reversed(divisions.chain(context.session, division.code))}
    return _begin(
        context.session,
        context.engine,
        round_,
        division,
        chain=chain,
        unit=divisions.get(context.session, recommendation.division_code),
        recommendation_id=recommendation.id,
        created_by=context.actor_id or "",
        variables=variables,
    )


def _begin(
    session: Session,
    engine: ProcessEngine,
    round_: Round,
    division: Division,
    *,
    chain: Mapping[str, Division],
    unit: Division | None,
    recommendation_id: str | None,
    created_by: str,
    variables: Mapping[str, Any] | None = None,
) -> Application:
    now = engine.clock.now()
    edition = editions.get(session, round_.edition_id)
    city = chain.get("city") if division.level != "city" else None
    assert round_.collection_ends_at is not None
    application = Application(
        id=new_id(),
        round_id=round_.id,
        track=round_.track,
        recommendation_id=recommendation_id,
        division_code=division.code,
        city_code=city.code if city else None,
        province_code=chain["province"].code,
        status=Status.UNDER_WAY,
        created_by=created_by,
        created_at=now,
    )
    _insert(session, application, division, round_)
    instance = engine.start(
        session,
        edition.definitions["application"],
        business_key=f"application:{application.id}",
        variables={
            "application_id": application.id,
            "round_id": round_.id,
            "track": round_.track,
            "recommendation_id": application.recommendation_id,
            # A city that is itself the recommending unit reviews once, not twice.
            "has_city": city is not None and city != unit,
            "verified_by_statistics": tracks.form_key(edition.parameters, round_.track, STATISTICS)
            is not None,
            "collection_ends": round_.collection_ends_at.isoformat(),
            **(variables or {}),
        },
        actor_id=created_by,
    )
    application.instance_id = instance.id
    session.flush()
    data = {"application_id": application.id, "sealed": seals.of(application)}
    history.record(session, instance.id, "application_created", now, actor_id=created_by, data=data)
    return application


def _recommendation(session: Session, round_: Round, unit: Division) -> Recommendation:
    """That of the unit, which must still be at work; RecommendationMissing, RecommendationClosed."""
    found = recommendations.of_division(session, round_.id, unit.code)
    if found.status != RecommendationStatus.OPEN:
        raise RecommendationClosed(unit=unit.name, status=RecommendationStatus(found.status).label)
    return found


def _insert(session: Session, application: Application, division: Division, round_: Round) -> None:
    standing = select(Application).where(
        Application.round_id == round_.id,
        Application.division_code == division.code,
        Application.status != Status.WITHDRAWN,
    )
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError:
        other = session.scalars(standing).one()
        raise ApplicationExists(
            division=division.name, round=round_.title, status=Status(other.status).label
        ) from None
