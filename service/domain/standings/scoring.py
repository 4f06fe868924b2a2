"""Scoring: the counties of a city, later those that the cities have recommended, each time afresh."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications, divisions, editions, recommendations, rounds
from service.domain.applications import Application, Status
from service.domain.errors import Conflict, Invalid
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round, Stage
from service.domain.rules import rule
from service.domain.scoring import County, PointResult, PointRules, ranks, score
from service.domain.standings import corrections, counties
from service.domain.standings.models import Standing, StandingStage, StandingState, of_pool
from service.engine import seals
from service.engine.services import Context


class CountiesOpen(Conflict):
    """还有 {count} 个县（市、区）没有核定完毕，不能评分：{names}。"""


class RecommendationsOpen(Conflict):
    """还有 {count} 件没有办结，不能综合评分：{names}。"""


class NoTie(Conflict):
    """没有得分并列、需要表决的县（市、区）。请刷新页面查看现状。"""


class VotesIncomplete(Invalid):
    """应为每个并列的县（市、区）登记票数，其他的不列入表决。请刷新页面后重新登记。"""

    place = "/votes"


class VoteTied(Invalid):
    """票数仍然相同，分不出先后。请再次集体研究表决后登记结果。"""

    place = "/votes"


def score_city(context: Context, recommendation: Recommendation) -> list[Standing]:
    """Rank the counties of a city whose figures it has confirmed; CountiesOpen, DataMissing."""
    session = context.session
    recommendations.locked(session, recommendation.id)
    mine = list(
        session.scalars(
            select(Application)
            .where(Application.recommendation_id == recommendation.id)
            .order_by(Application.division_code)
        )
    )
    if open_ := [each for each in mine if each.status == Status.UNDER_WAY]:
        names = divisions.full_names(session, [each.division_code for each in open_])
        raise CountiesOpen(count=len(open_), names="、".join(names[each.division_code] for each in open_))
    pool = [each for each in mine if each.status == Status.READY]
    round_ = rounds.get(session, recommendation.round_id)
    return _score(context, round_, StandingStage.CITY, recommendation.id, pool)


def score_province(context: Context, round_: Round) -> list[Standing]:
    """Rank those whom the cities have recommended; RecommendationsOpen, DataMissing."""
    session = context.session
    rounds.locked(session, round_.id)
    if pending := applications.pending(session, round_.id):
        raise RecommendationsOpen(count=len(pending), names="、".join(pending))
    pool = applications.of_round(session, round_.id, Status.ACCEPTED)
    rounds.enter(context, round_, Stage.SCORING)
    rows = _score(context, round_, StandingStage.PROVINCE, round_.id, pool)
    round_.ranked_at = context.now
    return rows


@rule("市、省两个环节分别排名计分，按标准分汇总，四舍五入一次", "points")
def results(
    session: Session, round_: Round, stage: StandingStage, pool: Sequence[Application]
) -> tuple[list[County], dict[str, PointResult]]:
    """What everybody attained, and what it comes to; reads nothing that a stage before has computed."""
    edition = editions.get(session, round_.edition_id)
    attained = counties.attained(session, round_, stage, pool)
    rules = PointRules.of(edition.parameters["points"])
    won = counties.last_winners(session, round_)
    winners = {each.id for each in pool if each.division_code in won}
    return attained, score(counties.indicators(edition), attained, rules, winners)


def best(rows: Sequence[Standing]) -> list[Standing]:
    """Who may be recommended: the highest total of those who did not win last year, after the vote if any.

    Several where they tie and nothing tells them apart; none where all won last year.
    """
    eligible = [each for each in rows if not each.winner]
    if not eligible:
        return []
    highest = max(Fraction(each.total) for each in eligible)
    first = [each for each in eligible if Fraction(each.total) == highest]
    voted = [each for each in first if each.vote_order == 1]
    return voted or first


def vote(context: Context, recommendation_id: str, votes: Mapping[str, int]) -> Standing:
    """A city's recorded decision between equals (reading 3): more votes, the earlier place."""
    rows = of_pool(context.session, StandingStage.CITY, recommendation_id)
    tied = best(rows)
    order_votes(tied, votes)
    if len(first := best(rows)) != 1:
        raise VoteTied
    context.session.flush()
    context.record("standings_voted", votes=dict(votes), sealed=seals.of(*tied))
    return first[0]


def order_votes(tied: Sequence[Standing], votes: Mapping[str, int]) -> None:
    """Give the equals the places of their votes, from the place that they share."""
    if len(tied) < 2:
        raise NoTie
    if {each.application_id for each in tied} != set(votes):
        raise VotesIncomplete
    shared = {each.vote_order for each in tied}
    start = shared.pop() if len(shared) == 1 else None
    places = ranks({key: Fraction(count) for key, count in votes.items()})
    for each in tied:
        each.vote_order = (start or 1) + places[each.application_id] - 1


def _score(
    context: Context,
    round_: Round,
    stage: StandingStage,
    pool: str,
    ranked: Sequence[Application],
) -> list[Standing]:
    session = context.session
    before = of_pool(session, stage, pool)
    gone = seals.gone(*before)
    for each in before:
        session.delete(each)
    session.flush()
    attained, found = results(session, round_, stage, ranked) if ranked else ([], {})
    won = counties.last_winners(session, round_)
    winner = {each.id: each.division_code in won for each in ranked}
    by_key = {each.key: each for each in attained}
    rows = [
        _row(context, round_, stage, pool, by_key[key], result, winner[key]) for key, result in found.items()
    ]
    session.add_all(rows)
    session.flush()
    context.record(
        "standings_scored",
        stage=stage,
        counties=len(rows),
        ranking=corrections.ranking(session, rows),
        sealed=seals.of(*rows, gone=gone),
    )
    return rows


def _row(
    context: Context,
    round_: Round,
    stage: StandingStage,
    pool: str,
    county: County,
    result: PointResult,
    winner: bool,
) -> Standing:
    return Standing(
        stage=stage,
        application_id=county.key,
        round_id=round_.id,
        pool=pool,
        winner=winner,
        state=StandingState.RANKED,
        reason="",
        scored_at=context.now,
        **told(county, result),
    )


def told(county: County, result: PointResult) -> dict[str, object]:
    """A result as its row says it: every figure an exact fraction, the total as published."""
    return {
        "lines": {
            key: {
                "target": str(county.attained[key].target),
                "done": str(county.attained[key].done),
                "figure": str(line.figure),
                "rank": str(line.rank),
                "points": str(line.points),
                "excess": str(line.excess),
                "excess_points": str(line.excess_points),
            }
            for key, line in result.lines.items()
        },
        "items": {key: str(points) for key, points in result.items.items()},
        "points": str(result.points),
        "completion": str(result.completion),
        "excess_points": str(result.excess_points),
        "excess": str(result.excess),
        "mechanism": str(result.mechanism),
        "exact": str(result.exact),
        "total": result.shown,
        "rank": result.rank,
    }


def broken(session: Session) -> Iterable[str]:
    """A sentence for every standing that is not what the confirmed figures and the filed targets come to."""
    query = select(Standing).order_by(Standing.round_id, Standing.stage, Standing.pool)
    pools: dict[tuple[str, str, str], list[Standing]] = {}
    for each in session.scalars(query):
        pools.setdefault((each.round_id, each.stage, each.pool), []).append(each)
    for (round_id, stage, _), rows in pools.items():
        round_ = session.get_one(Round, round_id)
        ranked = [session.get_one(Application, each.application_id) for each in rows]
        attained, found = results(session, round_, StandingStage(stage), ranked)
        by_key = {each.key: each for each in attained}
        for row in rows:
            expected = told(by_key[row.application_id], found[row.application_id])
            if any(getattr(row, name) != value for name, value in expected.items()):
                yield f"评分排名（standing {stage}/{row.application_id}）与核定数和备案目标算出的不符。"
