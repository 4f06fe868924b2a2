"""Operators on a round: its collection, scores and list."""

from service.domain import (
    applications,
    bonuses,
    committees,
    notices,
    objections,
    recommendations,
    rounds,
    scores,
    shortlists,
)
from service.domain.procedures import keys
from service.domain.procedures.results import list_result
from service.domain.rounds import Stage
from service.domain.scoring import Rules
from service.domain.shortlists import CandidateState, Next
from service.engine.services import Context, Result, ServiceFunction


def start_collection(context: Context) -> Result:
    recommendations.start_all(context, keys.round_(context))
    return None


def open_scoring(context: Context) -> Result:
    """A new pass: who scores (those who have something to score), and who chairs."""
    round_ = scores.open_pass(context, keys.round_(context).id)
    accepted = applications.applicants(context.session, round_.id)
    seated = committees.members(context.session, round_.id)
    return {
        "pass": round_.scoring_pass,
        "members": {person: person for person in scores.assignments(context.session, round_, accepted)},
        "chair": next(member.person_id for member in seated if member.chair),
    }


def rank_scores(context: Context) -> Result:
    """Means, ranks and the list that follows from them; what has to come next for it."""
    round_ = keys.round_(context)
    accepted = applications.applicants(context.session, round_.id)
    results = scores.rank(context.session, round_, accepted)
    if given := bonuses.of_round(context.session, round_):
        results = bonuses.add(results, given, Rules.of(context.parameters))
        context.record("bonuses_added", round_id=round_.id, applications=sorted(given))
    rounds.enter(context, round_, Stage.DELIBERATION)
    return list_result(shortlists.record_ranking(context, round_, results))


def after_notice(context: Context) -> Result:
    """What the objections of the notice that has ended, or what came later, leave of the list; what is next.

    `republish`: mended entries come first, alone. `promote`: fewer than the edition's `promote_below` remain
    and there is a next legal candidate; `vote`: which one it is must be voted on first; `waive`: what remains
    breaks a rule, and nobody can mend that. Else `report`, or `none_left`.
    """
    session, round_ = context.session, keys.round_(context)
    notice = notices.last(session, round_.id)
    listed = shortlists.candidates(session, round_)
    ids = [each.application_id for each in listed]
    shortlists.remove(context, round_, objections.disqualified(session, ids))
    if shortlists.publish_again(context, round_, objections.mended(session, notice.id)):
        return {"next": "republish"}
    after = shortlists.promote(context, round_, int(context.parameters["objection"]["promote_below"]))
    if after in (Next.VOTE, Next.WAIVE):
        return {"next": after}
    states = {each.state for each in shortlists.candidates(session, round_)}
    if CandidateState.PROMOTED in states:
        return {"next": "promote"}
    if CandidateState.SELECTED not in states:
        return {"next": "none_left"}
    rounds.enter(context, round_, Stage.APPROVAL)
    return {"next": "report"}


def close_round(context: Context, outcome: str) -> Result:
    rounds.close(context, keys.round_(context).id, outcome)
    return None


OPERATORS: dict[str, ServiceFunction] = {
    "committees.open_scoring": open_scoring,
    "rounds.close": close_round,
    "rounds.start_collection": start_collection,
    "scores.rank": rank_scores,
    "shortlists.after_notice": after_notice,
}
