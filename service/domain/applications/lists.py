"""Which applications there are, and how they are called."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.domain import divisions, recommendations, sanctions
from service.domain.applications.models import BEFORE_ACCEPTANCE, Applicant, Application, Status
from service.domain.rounds import Round


def of_round(session: Session, round_id: str, *statuses: Status) -> Sequence[Application]:
    """The applications of a round, in division-code order; only those in `statuses` where some are given."""
    query = select(Application).where(Application.round_id == round_id)
    if statuses:
        query = query.where(Application.status.in_(statuses))
    return session.scalars(query.order_by(Application.division_code, Application.created_at)).all()


def name_of(session: Session, application: Application) -> str:
    """The applicant as it is called in lists: 浙江省杭州市余杭区."""
    return divisions.full_names(session, [application.division_code])[application.division_code]


def names_of(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """The same of many, by application, in two statements."""
    return _named(session, Application.id.in_(application_ids))


def divisions_of(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """The codes of the applicants' divisions, by application."""
    query = select(Application.id, Application.division_code).where(Application.id.in_(application_ids))
    return dict(iter(session.execute(query)))


def ready(session: Session, recommendation_id: str) -> dict[str, str]:
    """{id: name} of the applications that their recommending unit may compare, in division-code order."""
    return _named(
        session, Application.recommendation_id == recommendation_id, Application.status == Status.READY
    )


def of_unit(session: Session, recommendation_id: str) -> dict[str, str]:
    """{id: name} of all applications that came to a recommending unit, in division-code order."""
    return _named(session, Application.recommendation_id == recommendation_id)


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
    names = divisions.full_names(session, [each.division_code for each in accepted])
    return [
        Applicant(each.id, names[each.division_code], each.division_code, each.city_code, each.province_code)
        for each in accepted
    ]


def _named(session: Session, *criteria: ColumnElement[bool]) -> dict[str, str]:
    query = select(Application.id, Application.division_code).where(*criteria)
    codes = dict(iter(session.execute(query.order_by(Application.division_code))))
    names = divisions.full_names(session, set(codes.values()))
    return {application_id: names[code] for application_id, code in codes.items()}


def pending(session: Session, round_id: str) -> list[str]:
    """What hinders the review from beginning, each with its standing: applications, recommendations."""
    open_ = of_round(session, round_id, *BEFORE_ACCEPTANCE)
    waiting = recommendations.open_of_round(session, round_id)
    codes = [each.division_code for each in open_] + [each.division_code for each in waiting]
    names = divisions.full_names(session, codes)
    listed = [f"{names[each.division_code]}（{Status(each.status).label}）" for each in open_]
    return listed + [f"{names[each.division_code]}（推荐待办结）" for each in waiting]


def count(session: Session, round_id: str, *statuses: Status) -> int:
    """How many applications of a round stand in one of `statuses`."""
    query = select(func.count()).where(Application.round_id == round_id, Application.status.in_(statuses))
    return session.scalar(query) or 0


def barred(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """{id: the decision that bars it} of those whose applicant lost its right meanwhile (第十三条)."""
    applicant = Application.division_code, Application.province_code
    hit = sanctions.bars(*applicant, Round.programme, Round.year, Application.accepted_at)
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
