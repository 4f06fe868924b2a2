"""Applications: what one division submits to one round."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, String, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from service.domain import access, calendars, divisions, editions, offices, recommendations, rounds, sanctions
from service.domain.access import Actor
from service.domain.divisions import NATION, Division
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.forms.fields import article_title
from service.domain.recommendations import RecommendationStatus
from service.domain.rounds import Round, Stage
from service.domain.rules import rule
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, change, find, hold, new_id


class Status(StrEnum):
    """Where an application stands; who has it at the moment is told by its open user task."""

    UNDER_WAY = "under_way"
    READY = "ready"
    RECOMMENDED = "recommended"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    BARRED = "barred"
    LAPSED = "lapsed"
    REFUSED = "refused"
    NOT_RECOMMENDED = "not_recommended"
    NOT_ACCEPTED = "not_accepted"
    NOT_SELECTED = "not_selected"
    DISQUALIFIED = "disqualified"
    AWARDED = "awarded"
    AWARD_ENDED = "award_ended"
    AWARD_REVOKED = "award_revoked"

    @property
    def label(self) -> str:
        return _LABELS[self]


BEFORE_ACCEPTANCE = (Status.UNDER_WAY, Status.READY, Status.RECOMMENDED)
"""What still hinders the end of the intake."""

_LABELS = {
    Status.UNDER_WAY: "逐级申报中",
    Status.READY: "待推荐单位比选",
    Status.RECOMMENDED: "已推荐，待受理",
    Status.ACCEPTED: "已受理",
    Status.WITHDRAWN: "已撤回",
    Status.BARRED: "限制申报",
    Status.LAPSED: "逾期未报",
    Status.REFUSED: "未通过审核",
    Status.NOT_RECOMMENDED: "未获推荐",
    Status.NOT_ACCEPTED: "不予受理",
    Status.NOT_SELECTED: "未入选",
    Status.DISQUALIFIED: "取消资格",
    Status.AWARDED: "入选，激励期内",
    Status.AWARD_ENDED: "激励期已满",
    Status.AWARD_REVOKED: "激励已撤销",
}


LEVEL_LABELS = {
    "province": "省级行政区",
    "city": "地级行政区（含计划单列市）",
    "district": "直辖市辖区（县）",
    "county": "县级行政区",
    "xpcc": "新疆生产建设兵团的市",
}


class Application(Sealed, Base):
    """One division's application to one round; at most one that was not withdrawn."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "ix_application_round_id_division_code",
            "round_id",
            "division_code",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )

    TITLE = "申报"
    SEALED = (
        "round_id",
        "track",
        "recommendation_id",
        "division_code",
        "city_code",
        "province_code",
        "status",
        "reason",
        "submitted_at",
        "accepted_at",
        "closed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    track: Mapped[str] = mapped_column(String(40))
    recommendation_id: Mapped[str] = mapped_column(ForeignKey("recommendation.id"), index=True)
    division_code: Mapped[str] = mapped_column(String(6), index=True)
    city_code: Mapped[str | None] = mapped_column(String(6), index=True)
    """The prefecture-level division that reviews it on its way; None where there is none to review it."""
    province_code: Mapped[str] = mapped_column(String(6), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(20), default=Status.UNDER_WAY)
    reason: Mapped[str | None]
    """Why the status is what it is, as the applicant reads it."""
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Applicant(NamedTuple):
    """An accepted application as the review needs to know it."""

    application_id: str
    name: str
    """浙江省杭州市"""
    division_code: str
    province_code: str


class ApplicationMissing(NotFound):
    """没有找到这份申报，或者您无权查看。"""


class ApplicationExists(Conflict):
    """{division}已经在“{round}”中申报（{status}），同一轮次只能申报一次。请打开已有的申报继续办理。"""


class NotCollecting(Conflict):
    """“{round}”现在处于“{stage}”阶段，不接受新的申报。"""


class CollectionEnded(Conflict):
    """“{round}”的材料报送已于{deadline} 24:00 截止，不能再新建申报。"""


class RecommendationClosed(Conflict):
    """{province}的推荐工作已经办结（{status}），不再接受新的申报。"""


class LevelRefused(Invalid):
    """{division}不属于可以申报的行政区（{article}）：{levels}。"""

    place = "/division_code"


def get(session: Session, application_id: str) -> Application:
    """The application; ApplicationMissing."""
    found = find(session, Application, application_id)
    if found is None:
        raise ApplicationMissing
    return found


def locked(session: Session, application_id: str) -> Application:
    """The application with its row held until the transaction ends: before the system's history, always."""
    found = hold(session, Application, application_id)
    if found is None:
        raise ApplicationMissing
    return found


def of_round(session: Session, round_id: str, *statuses: Status) -> Sequence[Application]:
    """The applications of a round, in division-code order; only those in `statuses` where some are given."""
    query = select(Application).where(Application.round_id == round_id)
    if statuses:
        query = query.where(Application.status.in_(statuses))
    return session.scalars(query.order_by(Application.division_code, Application.created_at)).all()


def name_of(session: Session, application: Application) -> str:
    """The applicant as it is called in lists: 浙江省杭州市余杭区."""
    return full_names(session, [application.division_code])[application.division_code]


def divisions_of(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """The codes of the applicants' divisions, by application."""
    query = select(Application.id, Application.division_code).where(Application.id.in_(application_ids))
    return dict(iter(session.execute(query)))


def full_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Divisions by code with their province and city before them: 浙江省杭州市余杭区; in one statement."""
    parent, grandparent = aliased(Division), aliased(Division)
    query = (
        select(Division.code, Division.name, parent.code, parent.name, grandparent.code, grandparent.name)
        .outerjoin(parent, parent.code == Division.parent_code)
        .outerjoin(grandparent, grandparent.code == parent.parent_code)
        .where(Division.code.in_(set(codes)))
    )
    return {
        row[0]: "".join(
            name for code, name in ((row[4], row[5]), (row[2], row[3])) if code not in (None, NATION)
        )
        + row[1]
        for row in session.execute(query)
    }


def ready(session: Session, recommendation_id: str) -> dict[str, str]:
    """{id: name} of the applications that their recommending unit may compare, in division-code order."""
    return _named(
        session, Application.recommendation_id == recommendation_id, Application.status == Status.READY
    )


def compared(session: Session, recommendation_id: str) -> dict[str, str]:
    """{id: name} of the applications that the recommending unit may compare or has compared."""
    chosen = select(recommendations.Choice.application_id).where(
        recommendations.Choice.recommendation_id == recommendation_id
    )
    return _named(
        session,
        Application.recommendation_id == recommendation_id,
        (Application.status == Status.READY) | Application.id.in_(chosen),
    )


def applicants(session: Session, round_id: str, *, former: bool = False) -> list[Applicant]:
    """The accepted applications of a round, in division-code order; with `former`, all that ever were."""
    query = select(Application).where(Application.round_id == round_id)
    query = query.where(
        Application.accepted_at.is_not(None) if former else Application.status == Status.ACCEPTED
    )
    accepted = session.scalars(query.order_by(Application.division_code)).all()
    names = full_names(session, [each.division_code for each in accepted])
    return [
        Applicant(each.id, names[each.division_code], each.division_code, each.province_code)
        for each in accepted
    ]


def _named(session: Session, *criteria: ColumnElement[bool]) -> dict[str, str]:
    query = select(Application.id, Application.division_code).where(*criteria)
    codes = dict(iter(session.execute(query.order_by(Application.division_code))))
    names = full_names(session, set(codes.values()))
    return {application_id: names[code] for application_id, code in codes.items()}


def count(session: Session, round_id: str, *statuses: Status) -> int:
    """How many applications of a round stand in one of `statuses`."""
    query = select(func.count()).where(Application.round_id == round_id, Application.status.in_(statuses))
    return session.scalar(query) or 0


def barred(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """{id: the decision that bars it} of those whose applicant lost its right meanwhile (第十三条)."""
    hit = sanctions.bars(Application.division_code, Application.province_code, Round.programme, Round.year)
    query = (
        select(Application.id, Application.division_code, Round.programme, Round.year)
        .join(Round, Round.id == Application.round_id)
        .where(Application.id.in_(application_ids), hit)
        .order_by(Application.division_code)
    )
    found = {}
    for application_id, code, programme, year in session.execute(query):
        if bar := sanctions.check(session, code, programme, year):
            found[application_id] = bar.message
    return found


def kind_of(division: Division) -> str:
    """`province`, `city`, `district` (直辖市辖区县) or `county`."""
    return "district" if division.tag == "municipality-district" else division.level


def may_apply(division: Division, levels: Collection[str]) -> bool:
    """Whether `applicants.levels` admits it, by its kind or by its tag (`xpcc`: the cities of 兵团)."""
    return kind_of(division) in levels or division.tag in levels


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
    if round_.stage != Stage.COLLECTING:
        raise NotCollecting(round=round_.title, stage=Stage(round_.stage).label)
    now = engine.clock.now()
    assert round_.collection_ends_on is not None
    assert round_.collection_ends_at is not None
    if now >= round_.collection_ends_at:
        raise CollectionEnded(round=round_.title, deadline=calendars.chinese(round_.collection_ends_on))
    chain = {division.level: division for division in reversed(divisions.chain(session, division_code))}
    division = divisions.get(session, division_code)
    edition = editions.get(session, round_.edition_id)
    applicants = edition.parameters["applicants"]
    if not may_apply(division, applicants["levels"]):
        raise LevelRefused(
            division=division.name,
            article=article_title(applicants["article"]),
            levels="、".join(LEVEL_LABELS[level] for level in applicants["levels"]),
        )
    sanctions.refuse_barred(session, division_code, round_.programme, round_.year)
    province = chain["province"]
    recommendation = recommendations.of_division(session, round_.id, province.code)
    if recommendation.status != RecommendationStatus.OPEN:
        status = RecommendationStatus(recommendation.status).label
        raise RecommendationClosed(province=province.name, status=status)
    city = chain.get("city") if division.level != "city" else None
    application = Application(
        id=new_id(),
        round_id=round_.id,
        track=round_.track,
        recommendation_id=recommendation.id,
        division_code=division.code,
        city_code=city.code if city else None,
        province_code=province.code,
        status=Status.UNDER_WAY,
        created_by=actor.person_id,
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
            "has_city": city is not None,
            "collection_ends": round_.collection_ends_at.isoformat(),
        },
        actor_id=actor.person_id,
    )
    application.instance_id = instance.id
    session.flush()
    data = {"application_id": application.id, "sealed": seals.of(application)}
    history.record(session, instance.id, "application_created", now, actor_id=actor.person_id, data=data)
    return application


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


def mark_submitted(context: Context, application_id: str) -> Application:
    """The applicant hands the material in, the first time or again."""
    application = get(context.session, application_id)
    change(context.session, application, submitted_at=context.now)
    context.record("application_submitted", application_id=application.id, sealed=seals.of(application))
    return application


def mark_ready(context: Context, application_id: str) -> Application:
    """It has come all the way up and waits for its recommending unit's comparison."""
    application = get(context.session, application_id)
    recommendations.locked(context.session, application.recommendation_id)
    change(context.session, application, status=Status.READY)
    context.record("application_ready", application_id=application.id, sealed=seals.of(application))
    return application


def read_recommendation(context: Context, application_id: str) -> bool:
    """Take over what the recommending unit decided; whether it recommended this application."""
    application = get(context.session, application_id)
    recommendation = recommendations.get(context.session, application.recommendation_id)
    choice = recommendations.choices(context.session, recommendation.id).get(application.id)
    submitted = recommendation.status == RecommendationStatus.SUBMITTED
    if submitted and choice is not None and choice.chosen:
        application.status = Status.RECOMMENDED
        context.record("application_recommended", application_id=application.id, sealed=seals.of(application))
        return True
    return False


def why_not_recommended(session: Session, application: Application) -> str:
    """The reason as the applicant reads it."""
    recommendation = recommendations.get(session, application.recommendation_id)
    if recommendation.status != RecommendationStatus.SUBMITTED:
        return _NOT_SUBMITTED[RecommendationStatus(recommendation.status)]
    choice = recommendations.choices(session, recommendation.id).get(application.id)
    if choice is None:
        return "在推荐单位比选之后才逐级报到，未列入本次推荐。"
    return f"推荐单位比选后未予推荐：{choice.reason}"


_NOT_SUBMITTED = {
    RecommendationStatus.NONE: "推荐单位本年度没有推荐。",
    RecommendationStatus.REFUSED: "省级政府（兵团）没有同意推荐。",
    RecommendationStatus.LAPSED: "推荐单位没有在截止日期前报送。",
}


def accept(context: Context, application_id: str) -> Application:
    """The ministry takes the material in (第七条): the application takes part in the review."""
    application = get(context.session, application_id)
    application.status = Status.ACCEPTED
    application.accepted_at = context.now
    context.record("application_accepted", application_id=application.id, sealed=seals.of(application))
    return application


def close(context: Context, application_id: str, status: Status, reason: str) -> Application:
    """Nothing more happens to it, or it was awarded; the applicant reads why."""
    application = get(context.session, application_id)
    change(context.session, application, status=status, reason=reason, closed_at=context.now)
    context.record(
        "application_closed",
        application_id=application.id,
        status=status,
        sealed=seals.of(application),
    )
    return application
