"""Standings as those who may see them read them: every figure with what it is made of."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import (
    applications,
    divisions,
    editions,
    offices,
    organisers,
    recommendations,
    rounds,
    scoring,
    standings,
    subjects,
    visibility,
)
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.editions import Edition
from service.domain.memberships import AUDITOR
from service.domain.recommendations import RecommendationStatus
from service.domain.rounds import Round
from service.domain.scoring import PointRules, Standard
from service.domain.standings import Correction, Proposal, Standing, StandingStage, StandingState
from service.engine.values import decimal_text


class PointLine(NamedTuple):
    """One indicator of one county, in figures as people read them."""

    title: str
    target: str
    done: str
    figure: str
    """完成率 in %, or the figure that was done."""
    rank: int
    points: str
    excess: str
    excess_points: str


class ItemLine(NamedTuple):
    """One item of 政策机制."""

    title: str
    points: str
    cap: str


class Explanation(NamedTuple):
    """How one county's total at one stage came about."""

    stage: StandingStage
    standing: Standing
    pool: int
    """How many were ranked together."""
    lines: list[PointLine]
    items: list[ItemLine]
    sum: str
    completion: str
    """As it would be published; the total is made of the exact fraction."""
    completion_formula: str
    excess_sum: str
    excess: str
    excess_formula: str
    mechanism: str
    articles: Mapping[str, str]
    """By which each part is told: of `completion`, `excess`, `mechanism`, `tie` and `repeat`."""


class PoolLine(NamedTuple):
    """One county in a ranking."""

    application_id: str
    division: str
    rank: int
    completion: str
    excess: str
    mechanism: str
    total: str
    exact: str
    winner: bool
    accelerating: bool
    state: str
    state_label: str
    reason: str


class Pool(NamedTuple):
    """Those who are ranked together: a city's, or those that the cities recommended."""

    title: str
    status: str
    lines: list[PoolLine]


class RoundStandings(NamedTuple):
    """All rankings of a round that the actor may see, the province's first."""

    round: Round
    edition: Edition
    proposal: Proposal | None
    pools: list[Pool]


def explanations(session: Session, actor: Actor, application_id: str) -> list[Explanation]:
    """Every stage's that the actor may read; SubjectMissing for an application that is hidden."""
    visibility.require(session, actor, subjects.key(subjects.APPLICATION, application_id))
    application = applications.get(session, application_id)
    round_ = rounds.get(session, application.round_id)
    edition = editions.get(session, round_.edition_id)
    return [
        _explained(session, edition, row)
        for row in standings.of_application(session, application_id)
        if _may_read(session, actor, application, round_, StandingStage(row.stage))
    ]


def corrections(session: Session, actor: Actor, application_id: str) -> list[Correction]:
    """What was confirmed afresh at every stage that the actor may read, the city's first."""
    visibility.require(session, actor, subjects.key(subjects.APPLICATION, application_id))
    application = applications.get(session, application_id)
    round_ = rounds.get(session, application.round_id)
    return [
        correction
        for stage in StandingStage
        if _may_read(session, actor, application, round_, stage)
        for correction in standings.corrections_of(session, application, stage)
    ]


def of_round(session: Session, actor: Actor, round_id: str) -> RoundStandings:
    """The province's ranking for those who may read the round's papers, a city's for itself and above."""
    round_ = rounds.get(session, round_id)
    edition = editions.get(session, round_.edition_id)
    reads = visibility.sees(session, actor, subjects.key(subjects.ROUND, round_id))
    ranked: list[tuple[str, str, Sequence[Standing]]] = []
    if reads and round_.ranked_at is not None:
        rows = standings.of_pool(session, StandingStage.PROVINCE, round_id)
        ranked.append((StandingStage.PROVINCE.label, "", rows))
    of_cities = [
        each
        for each in recommendations.of_round(session, round_id)
        if reads or (offices.INDUSTRY, each.division_code) in actor.offices()
    ]
    names = divisions.names(session, [each.division_code for each in of_cities])
    in_city = standings.of_pools(session, StandingStage.CITY, [each.id for each in of_cities])
    for each in of_cities:
        if each.id in in_city:
            status = RecommendationStatus(each.status).label
            ranked.append((names[each.division_code], status, in_city[each.id]))
    places = _places(session, [row for _, _, rows in ranked for row in rows])
    pools = [Pool(title, status, _lines(edition, rows, places)) for title, status, rows in ranked]
    return RoundStandings(round_, edition, standings.proposal(session, round_id) if reads else None, pools)


def province_pool(session: Session, round_: Round) -> list[PoolLine]:
    """The ranking of those that the cities recommended."""
    rows = standings.of_pool(session, StandingStage.PROVINCE, round_.id)
    return _lines(editions.get(session, round_.edition_id), rows, _places(session, rows)) if rows else []


def _may_read(
    session: Session, actor: Actor, application: Application, round_: Round, stage: StandingStage
) -> bool:
    """Who scores, and who stands above, at once; a county, and a city the province's stage, afterwards."""
    if AUDITOR in actor.roles or organisers.organises(actor, round_.division_code):
        return True
    if visibility.sees(session, actor, subjects.key(subjects.ROUND, round_.id)):
        return True
    if stage == StandingStage.PROVINCE:
        return round_.announced_at is not None
    if (offices.INDUSTRY, application.city_code or "") in actor.offices():
        return True
    recommendation = recommendations.get(session, application.recommendation_id or "")
    return recommendation.status != RecommendationStatus.OPEN


def _explained(session: Session, edition: Edition, row: Standing) -> Explanation:
    rules, titles = PointRules.of(edition.parameters["points"]), standings.indicators(edition)
    pool = standings.of_pool(session, StandingStage(row.stage), row.pool)
    is_rate = rules.measure == "rate"
    lines = [
        PointLine(
            title=title,
            target=_decimal(row.lines[key]["target"]),
            done=_decimal(row.lines[key]["done"]),
            figure=_share(row.lines[key]["figure"]) if is_rate else _decimal(row.lines[key]["figure"]),
            rank=int(row.lines[key]["rank"]),
            points=_decimal(row.lines[key]["points"]),
            excess=_share(row.lines[key]["excess"]) if is_rate else _decimal(row.lines[key]["excess"]),
            excess_points=_decimal(row.lines[key]["excess_points"]),
        )
        for key, title in titles.items()
        if key in row.lines
    ]
    return Explanation(
        stage=StandingStage(row.stage),
        standing=row,
        pool=len(pool),
        lines=lines,
        items=[
            ItemLine(item.title, row.items[key], _decimal(str(item.cap))) for key, item in rules.items.items()
        ],
        sum=_decimal(row.points),
        completion=_rounded(row.completion),
        completion_formula=_formula(rules, rules.completion, row.points, len(lines), pool, "points"),
        excess_sum=_decimal(row.excess_points),
        excess=_rounded(row.excess),
        excess_formula=_formula(rules, rules.excess, row.excess_points, len(lines), pool, "excess_points"),
        mechanism=row.mechanism,
        articles=edition.parameters["points"].get("articles", {}),
    )


def _formula(
    rules: PointRules, weight: Fraction, points: str, count: int, pool: Sequence[Standing], name: str
) -> str:
    """60 × 28.5 ÷ 30, or by the best of this ranking where the edition says so."""
    if rules.standard == Standard.FULL:
        return f"{weight} × {_decimal(points)} ÷（{rules.best} × {count}）"
    best = max(Fraction(getattr(each, name)) / len(each.lines) for each in pool)
    mine = Fraction(points) / count
    return f"{weight} × {_decimal(str(mine))} ÷ {_decimal(str(best))}（本次最高的平均得分）"


def _places(session: Session, rows: Sequence[Standing]) -> Mapping[str, tuple[str, str]]:
    """(code, full name) of each application's division, for as many rankings as there are."""
    codes = applications.divisions_of(session, [each.application_id for each in rows])
    names = divisions.full_names(session, codes.values())
    return {application: (code, names[code]) for application, code in codes.items()}


def _lines(
    edition: Edition, rows: Sequence[Standing], places: Mapping[str, tuple[str, str]]
) -> list[PoolLine]:
    if not rows:  # An edition that ranks by other means has no such floor.
        return []
    among: Mapping[str, str] = edition.parameters["floor"]["divisions"]
    return [
        PoolLine(
            application_id=each.application_id,
            division=places[each.application_id][1],
            rank=each.rank,
            completion=_rounded(each.completion),
            excess=_rounded(each.excess),
            mechanism=each.mechanism,
            total=each.total,
            exact=each.exact,
            winner=each.winner,
            accelerating=places[each.application_id][0] in among,
            state=each.state,
            state_label=StandingState(each.state).label,
            reason=each.reason,
        )
        for each in rows
    ]


def _rounded(text: str) -> str:
    return scoring.text(scoring.published(Fraction(text)))


def _share(text: str) -> str:
    """A rate in %, to two decimals; below the target it is negative."""
    figure = Fraction(text) * 100
    sign = "-" if figure < 0 else ""
    return f"{sign}{scoring.text(scoring.published(abs(figure)))}%"


def _decimal(text: str) -> str:
    """An exact fraction as people write it where four decimals are enough; else to two decimals."""
    figure = Fraction(text)
    if (figure * 10**4).denominator == 1:
        return decimal_text(figure)
    return f"{'-' if figure < 0 else ''}{scoring.text(scoring.published(abs(figure)))}"
