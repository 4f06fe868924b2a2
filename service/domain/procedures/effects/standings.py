"""Effects of user tasks on points, the recommendation that follows from them, and the 差额 list."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.clock import SHANGHAI
from service.domain import allowances, applications, calendars, recommendations, rounds, standings
from service.domain.errors import Conflict, Invalid
from service.domain.procedures import keys
from service.domain.procedures.effects.rounds import open_round
from service.domain.procedures.effects.shortlists import publish_result
from service.domain.recommendations import Verdict
from service.domain.rules import rule
from service.domain.standings import StandingStage
from service.engine.services import Completion, Context, Result


class NotTheBest(Invalid):
    """{name}不是可以推荐的县（市、区）中得分最高的，应推荐{best}。"""

    place = "/applications"


class NobodyEligible(Invalid):
    """可以推荐的县（市、区）一个也没有：{names}上年度都已列为省政府督查激励。请选择“本年度不推荐”。"""

    place = "/applications"


class AssessmentTooLate(Invalid):
    """自评截止日期应早于推荐截止日期 {deadline}，设区市才有时间核定和推荐。请改正。"""

    place = "/assessment_deadline"


class AssessmentPast(Invalid):
    """自评截止日期 {deadline} 已经过去，县（市、区）来不及自评。请选择今天（{today}）或以后的日期。"""

    place = "/assessment_deadline"


class NotToBeMissed(Conflict):
    """{name}得分最高，可以推荐；没有可以推荐的，才能选择“本年度不推荐”。"""


def record_quota(context: Context, completion: Completion) -> Result:
    """The number of awards and the length of the 差额 list, before anybody's points are known."""
    content, round_ = completion.content["quota"], keys.round_(context)
    rounds.record_quota(context, round_.id, int(content["quota"]), context.parameters["quota"])
    standings.record_size(context, round_, int(content["size"]), context.parameters)
    return None


def open_assessment(context: Context, completion: Completion) -> Result:
    """The call: until when the counties assess themselves, and until when the cities recommend."""
    content = completion.content["opening"]
    assessment, deadline = (date.fromisoformat(content[key]) for key in ("assessment_deadline", "deadline"))
    today = context.now.astimezone(SHANGHAI).date()
    if assessment < today:
        raise AssessmentPast(deadline=calendars.chinese(assessment), today=calendars.chinese(today))
    if assessment >= deadline:
        raise AssessmentTooLate(deadline=calendars.chinese(deadline))
    opened = open_round(context, completion)
    assert opened is not None
    last = calendars.end_of_day(assessment)
    return {**opened, "assessment_ends": last.isoformat()}


def review_county(context: Context, completion: Completion) -> Result:
    """核定, or back to the county: what it handed in by its deadline may be mended until the city's own."""
    if completion.decision != "return":
        standings.record_correction(context, keys.application(context), StandingStage.CITY)
        return None
    ends_at = rounds.get(context.session, keys.application(context).round_id).collection_ends_at
    assert ends_at is not None
    return {"assessment_ends": ends_at.isoformat()}


def review_recommended(context: Context, completion: Completion) -> Result:
    if completion.decision != "return":
        standings.record_correction(context, keys.application(context), StandingStage.PROVINCE)
    return None


def score_city(context: Context, completion: Completion) -> Result:
    """Rank the city's counties; whether the first of those who may be recommended are equal.

    Or take up the review of one of them again: its process is told by message, and nobody is ranked.
    """
    if completion.decision == "reopen":
        county = completion.content["reopening"]["county"]
        standings.reopen_in_city(context, keys.recommendation(context).id, county)
        return {"counties": 0, "tie": False, "application_id": county}
    rows = standings.score_city(context, keys.recommendation(context))
    return {"counties": len(rows), "tie": len(standings.best(rows)) > 1}


def vote_city(context: Context, completion: Completion) -> Result:
    if completion.decision == "return":
        return None
    standings.vote_on_recommendation(context, keys.recommendation(context).id, _votes(completion))
    return None


@rule("择优推荐得分最高的一个", "recommendation.cap", given="points")
def recommend(context: Context, completion: Completion) -> Result:
    """Exactly one, the best who did not win last year; nobody only where all of them did."""
    session, recommendation = context.session, keys.recommendation(context)
    if completion.decision == "return":
        return None
    rows = standings.of_pool(session, StandingStage.CITY, recommendation.id)
    names = applications.ready(session, recommendation.id)
    first = next(iter(standings.best(rows)), None)
    if completion.decision != "submit":
        if first is not None:
            raise NotToBeMissed(name=names[first.application_id])
        return None
    if first is None:
        raise NobodyEligible(names="、".join(names[each.application_id] for each in rows))
    given: Mapping[str, Any] = completion.content["selection"]["applications"]
    for key, row in given.items():
        if row["recommended"] and key != first.application_id:
            raise NotTheBest(name=names.get(key, "所选的"), best=names[first.application_id])
    recommendations.choose(
        context,
        recommendation.id,
        names,
        {key: Verdict(bool(row["recommended"]), row["reason"]) for key, row in given.items()},
        allowances.of_unit(
            session,
            context.parameters,
            rounds.get(session, recommendation.round_id).track,
            recommendation.division_code,
        ),
    )
    return None


def submit_recommendation(context: Context, completion: Completion) -> Result:
    """报省转升办: the letter's number; the form itself demands the tables and the evidence."""
    if completion.decision == "return":
        return None
    number = completion.content["recommendation"]["number"]
    recommendations.write_letter(context, keys.recommendation(context), number)
    return None


def score_province(context: Context, completion: Completion) -> Result:
    """Rank those whom the cities have recommended, or take up the review of one of them again."""
    if completion.decision == "reopen":
        county = completion.content["reopening"]["county"]
        standings.reopen_in_province(context, keys.round_(context).id, county)
        return {"counties": 0, "application_id": county}
    rows = standings.score_province(context, keys.round_(context))
    return {"counties": len(rows)}


def vote_list(context: Context, completion: Completion) -> Result:
    if completion.decision == "return":
        return None
    standings.vote_on_list(context, keys.round_(context), _votes(completion))
    return None


def waive_floor(context: Context, completion: Completion) -> Result:
    if completion.decision == "return":
        return None
    content = completion.content["waiver"]
    standings.waive(
        context,
        keys.round_(context),
        reason=content["reason"],
        decider=content["decider"],
        number=content["number"],
    )
    return None


def propose(context: Context, completion: Completion) -> Result:
    """The list goes up as it follows from points, votes and rules."""
    if completion.decision == "return":
        return None
    round_ = keys.round_(context)
    standings.require_whole(context.session, round_.id)
    ids = [each.application_id for each in standings.listed(context.session, round_.id)]
    context.record("shortlist_proposed", round_id=round_.id, applications=ids)
    return None


def decide(context: Context, completion: Completion) -> Result:
    """评选, as 省政府办公厅 organised it: who decided, when, by which document."""
    if completion.decision != "decide":
        return None
    content = completion.content["decision"]
    standings.decide(
        context,
        keys.round_(context),
        content["decided_by"],
        {key: (bool(row["awarded"]), row["reason"]) for key, row in content["applications"].items()},
        exception=bool(content["exception"]),
    )
    return None


def announce(context: Context, completion: Completion) -> Result:
    publish_result(context, completion, "decision")
    return None


def pay(context: Context, completion: Completion) -> Result:
    standings.pay(context, keys.application(context), completion.person_id, completion.content["incentive"])
    return None


def _votes(completion: Completion) -> dict[str, int]:
    given: Mapping[str, Any] = completion.content["tie_break"]["votes"]
    return {key: int(row["votes"]) for key, row in given.items()}


EFFECTS = {
    "rewards.pay": pay,
    "standings.announce": announce,
    "standings.decide": decide,
    "standings.open": open_assessment,
    "standings.propose": propose,
    "standings.recommend": recommend,
    "standings.record_quota": record_quota,
    "standings.review_county": review_county,
    "standings.review_recommended": review_recommended,
    "standings.score_city": score_city,
    "standings.score_province": score_province,
    "standings.submit_recommendation": submit_recommendation,
    "standings.vote_city": vote_city,
    "standings.vote_list": vote_list,
    "standings.waive": waive_floor,
}
