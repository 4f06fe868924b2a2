"""What a context is about: the subject's row, from the instance's business key."""

from service.domain import applications, objections, opinions, recommendations, rounds, subjects, targets
from service.domain.applications import Application
from service.domain.objections import Objection
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round
from service.domain.targets import Decomposition, TargetYear
from service.engine.services import Completion, Context


def subject_id(context: Context, kind: str) -> str:
    """The id of the instance's subject, which must be of this kind."""
    found, subject = subjects.split(context.instance.business_key)
    if found != kind:
        raise ValueError(f"{context.instance.business_key} is no {kind}")
    return subject


def application(context: Context) -> Application:
    return applications.get(context.session, subject_id(context, subjects.APPLICATION))


def recommendation(context: Context) -> Recommendation:
    return recommendations.get(context.session, subject_id(context, subjects.RECOMMENDATION))


def round_(context: Context) -> Round:
    return rounds.get(context.session, subject_id(context, subjects.ROUND))


def objection(context: Context) -> Objection:
    return objections.get(context.session, subject_id(context, subjects.OBJECTION))


def target_year(context: Context) -> TargetYear:
    return targets.get(context.session, subject_id(context, subjects.TARGETS))


def decomposition(context: Context) -> Decomposition:
    return targets.decomposition(context.session, subject_id(context, subjects.DECOMPOSITION))


def opinion(context: Context, completion: Completion) -> str | None:
    """What the official wrote with the decision."""
    if completion.opinion_id is None:
        return None
    return opinions.get(context.session, completion.opinion_id).text


def refusal(context: Context) -> str | None:
    """What was written with the last refusal, which ended the subject's way; None where nobody refused."""
    written = opinions.of(context.session, context.instance.business_key)
    return next((each.text for each in reversed(written) if each.decision == "refuse"), None)
