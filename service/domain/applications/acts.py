"""What happens to an application on its way."""

from sqlalchemy.orm import Session

from service.domain import recommendations
from service.domain.applications.models import Application, Status, get
from service.domain.recommendations import RecommendationStatus
from service.engine import seals
from service.engine.services import Context
from service.store.database import change


def mark_submitted(context: Context, application_id: str) -> Application:
    """The applicant hands the material in, the first time or again."""
    application = get(context.session, application_id)
    change(context.session, application, submitted_at=context.now)
    context.record("application_submitted", application_id=application.id, sealed=seals.of(application))
    return application


def mark_ready(context: Context, application_id: str) -> Application:
    """It has come all the way up and waits for its recommending unit's comparison."""
    application = get(context.session, application_id)
    recommendations.locked(context.session, application.recommendation_id or "")
    change(context.session, application, status=Status.READY)
    context.record("application_ready", application_id=application.id, sealed=seals.of(application))
    return application


def read_recommendation(context: Context, application_id: str) -> bool:
    """Take over what the recommending unit decided; whether it recommended this application."""
    application = get(context.session, application_id)
    recommendation = recommendations.get(context.session, application.recommendation_id or "")
    choice = recommendations.choices(context.session, recommendation.id).get(application.id)
    submitted = recommendation.status == RecommendationStatus.SUBMITTED
    if submitted and choice is not None and choice.chosen:
        application.status = Status.RECOMMENDED
        context.record("application_recommended", application_id=application.id, sealed=seals.of(application))
        return True
    return False


def why_not_recommended(session: Session, application: Application) -> str:
    """The reason as the applicant reads it."""
    recommendation = recommendations.get(session, application.recommendation_id or "")
    if recommendation.status != RecommendationStatus.SUBMITTED:
        return _NOT_SUBMITTED[RecommendationStatus(recommendation.status)]
    choice = recommendations.choices(session, recommendation.id).get(application.id)
    if choice is None:
        return "在推荐单位比选之后才逐级报到，未列入本次推荐。"
    return f"推荐单位比选后未予推荐：{choice.reason}"


_NOT_SUBMITTED = {
    RecommendationStatus.NONE: "推荐单位本年度没有推荐。",
    RecommendationStatus.REFUSED: "本级政府没有同意推荐。",
    RecommendationStatus.LAPSED: "推荐单位没有在截止日期前报送。",
}


def accept(context: Context, application_id: str) -> Application:
    """The ministry takes the material in (第七条): the application takes part in the review."""
    application = get(context.session, application_id)
    application.status = Status.ACCEPTED
    application.accepted_at = context.now
    context.record("application_accepted", application_id=application.id, sealed=seals.of(application))
    return application


def mark_copied(context: Context, application_id: str) -> Application:
    """A copy goes to the province whose review it does not need."""
    application = get(context.session, application_id)
    change(context.session, application, copied_at=context.now)
    context.record("application_copied", application_id=application.id, sealed=seals.of(application))
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
