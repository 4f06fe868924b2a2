"""Starting: one self-assessment for every county that has targets on file (各县（市、区）自评)."""

from service.domain import applications, editions, recommendations, targets
from service.domain.applications import Application
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.standings import counties
from service.engine.services import Context


@rule("为列明的每个县（市、区）启动自评", "applicants.divisions")
def start_assessments(context: Context, round_: Round, assessment_ends: str) -> list[Application]:
    """In the order of the codes; a county for which no indicator was set has nothing to assess."""
    session = context.session
    parameters = editions.get(session, round_.edition_id).parameters
    started = []
    for recommendation in recommendations.of_round(session, round_.id):
        listed = targets.counties(session, recommendation.division_code, parameters)
        set_ = counties.of_round(session, round_, [each.code for each in listed])
        started += [
            applications.begin(
                context, round_, county, recommendation, variables={"assessment_ends": assessment_ends}
            )
            for county in listed
            if set_[county.code]
        ]
    context.record("assessments_started", round_id=round_.id, counties=len(started))
    return started
