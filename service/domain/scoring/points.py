"""Points: what an indicator's best earns and who follows loses, the standard score of all of them, the total.

浙转升办〔2020〕2号 articles 5 and 6. One call is one stage: the counties of a city, later those that the
cities have recommended; they are ranked afresh each time and nothing carries over.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from service.domain.errors import Invalid, Problem
from service.domain.scoring.figures import published, text
from service.domain.scoring.ranks import Ties, ranks


class Measure(StrEnum):
    """What is compared of an indicator (完成最高, reading 5)."""

    RATE = "rate"
    """The completion rate, since targets differ by county."""
    FIGURE = "figure"
    """The absolute figure."""


class Standard(StrEnum):
    """What the sum of an indicator's points is measured by (标准分, reading 4)."""

    FULL = "full"
    """Weight × Σ / (10n)."""
    BEST = "best"
    """Weight × Σ / the best Σ."""


class Item(NamedTuple):
    """One item of 政策机制: `each` for every time that it is met, `cap` at most."""

    title: str
    each: Fraction
    cap: Fraction


@dataclass(frozen=True, slots=True)
class PointRules:
    """The parameters of an edition."""

    completion: Fraction = Fraction(60)
    """The weight of 目标任务完成."""
    excess: Fraction = Fraction(20)
    """The weight of 超目标完成."""
    best: Fraction = Fraction(10)
    step: Fraction = Fraction(1, 2)
    """What every rank below the best loses; points never fall below 0."""
    measure: Measure = Measure.RATE
    standard: Standard = Standard.FULL
    ties: Ties = Ties.COMPETITION
    decimals: int = 2
    winners_ranked: bool = True
    """Whether those who won last year stay in the ranking pool."""
    items: Mapping[str, Item] = field(default_factory=dict)

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "PointRules":
        """From the `points:` of an edition's parameters; what it leaves out is as article 5 and readings 3–6.

        Numbers are integers or decimal texts; `items` are `{key, title, each, cap}`. Without `each` it is as
        `cap`: an item that is met or not.
        """
        given: dict[str, Any] = {
            name: Fraction(parameters[name])
            for name in ("completion", "excess", "best", "step")
            if name in parameters
        }
        kinds = {"measure": Measure, "standard": Standard, "ties": Ties, "decimals": int}
        given |= {name: kind(parameters[name]) for name, kind in kinds.items() if name in parameters}
        if "winners_ranked" in parameters:
            given["winners_ranked"] = bool(parameters["winners_ranked"])
        given["items"] = {
            item["key"]: Item(item["title"], Fraction(item.get("each", item["cap"])), Fraction(item["cap"]))
            for item in parameters.get("items", ())
        }
        return cls(**given)


class Attainment(NamedTuple):
    """One indicator of one county. No target: it is none of the county's. No figure: the data are missing."""

    target: Fraction | None
    done: Fraction | None


@dataclass(frozen=True, slots=True)
class County:
    """What a county has attained: indicators by key, and how often it met each item of 政策机制."""

    key: str
    name: str
    attained: Mapping[str, Attainment]
    met: Mapping[str, int | None] = field(default_factory=dict)


class Line(NamedTuple):
    """One indicator of one county, as it is explained."""

    figure: Fraction
    """The completion rate (1.5 = 150%), or the absolute figure."""
    rank: int
    points: Fraction
    excess: Fraction
    """What lies above the target, as a rate or as a figure; negative below it."""
    excess_points: Fraction


@dataclass(frozen=True, slots=True)
class PointResult:
    """The entry of one county; every figure but `total` and `shown` is exact."""

    lines: Mapping[str, Line]
    """By indicator, only those with a target."""
    points: Fraction
    """Σ of the points for completion."""
    completion: Fraction
    """标准分 of 目标任务完成."""
    excess_points: Fraction
    excess: Fraction
    """标准分 of 超目标完成."""
    items: Mapping[str, Fraction]
    mechanism: Fraction
    exact: Fraction
    total: Fraction
    """Rounded half up once; ranks and ties use it."""
    shown: str
    rank: int


class DataMissing(Invalid):
    """有 {count} 处数据缺失或者不能使用，不能计分；缺失的数据不按零计算。"""


def score(
    indicators: Mapping[str, str],
    counties: Sequence[County],
    rules: PointRules,
    last_winners: Set[str] = frozenset(),
) -> dict[str, PointResult]:
    """Every county's entry, in the order given; `indicators` are {key: title}.

    DataMissing names every gap at once, at `/<county>/<indicator or item>`. Those who won last year are left
    out only where the edition takes them out of the ranking pool.
    """
    pool = [each for each in counties if rules.winners_ranked or each.key not in last_winners]
    if gaps := [gap for county in pool for gap in _gaps(county, indicators, rules)]:
        raise DataMissing(gaps)
    lines: dict[str, dict[str, Line]] = {county.key: {} for county in pool}
    for indicator in indicators:
        for key, line in _lines(indicator, pool, rules).items():
            lines[key][indicator] = line
    sums = {key: sum((line.points for line in mine.values()), Fraction(0)) for key, mine in lines.items()}
    excess_sums = {
        key: sum((line.excess_points for line in mine.values()), Fraction(0)) for key, mine in lines.items()
    }
    counts = {key: len(mine) for key, mine in lines.items()}
    completion = _standard(sums, counts, rules.completion, rules)
    excess = _standard(excess_sums, counts, rules.excess, rules)
    items = {county.key: _items(county, rules) for county in pool}
    mechanism = {key: sum(mine.values(), Fraction(0)) for key, mine in items.items()}
    exact = {key: completion[key] + excess[key] + mechanism[key] for key in lines}
    total = {key: published(figure, rules.decimals) for key, figure in exact.items()}
    places = ranks(total)  # Reading 3; `ties` is about the indicators' points.
    return {
        key: PointResult(
            lines=lines[key],
            points=sums[key],
            completion=completion[key],
            excess_points=excess_sums[key],
            excess=excess[key],
            items=items[key],
            mechanism=mechanism[key],
            exact=exact[key],
            total=total[key],
            shown=text(total[key], rules.decimals),
            rank=places[key],
        )
        for key in lines
    }


def best(results: Mapping[str, PointResult], last_winners: Set[str] = frozenset()) -> list[str]:
    """Who may be recommended: the highest total of those who did not win last year.

    Several where they tie, which takes a recorded decision (reading 3); none where all of them won.
    """
    eligible = {key: result.total for key, result in results.items() if key not in last_winners}
    highest = max(eligible.values(), default=None)
    return [key for key, total in eligible.items() if total == highest]


def _gaps(county: County, indicators: Mapping[str, str], rules: PointRules) -> list[Problem]:
    gaps, with_target = [], 0
    for key, title in indicators.items():
        attainment = county.attained.get(key)
        place = f"/{county.key}/{key}"
        if attainment is None or attainment.target is None:
            continue  # Not set for this county (reading 6): no gap.
        with_target += 1
        if attainment.done is None:
            gaps.append(Problem(place, f"{county.name}的“{title}”没有完成数，请补报。"))
        elif rules.measure is Measure.RATE and attainment.target <= 0:
            gaps.append(Problem(place, f"{county.name}的“{title}”的目标不是正数，算不出完成率，请核对。"))
    if not with_target:
        gaps.append(Problem(f"/{county.key}", f"{county.name}没有下达任何指标的目标，不能计分。"))
    for key, item in rules.items.items():
        met = county.met.get(key)
        place = f"/{county.key}/{key}"
        if met is None:
            gaps.append(Problem(place, f"{county.name}的“{item.title}”没有填写，请补报。"))
        elif met < 0:
            gaps.append(Problem(place, f"{county.name}的“{item.title}”的次数不能是负数，请核对。"))
    return gaps


def _lines(indicator: str, pool: Sequence[County], rules: PointRules) -> dict[str, Line]:
    """The indicator's line of every county that has a target for it."""
    figures: dict[str, Fraction] = {}
    beyond: dict[str, Fraction] = {}
    for county in pool:
        attained = county.attained.get(indicator)
        if attained is None or attained.target is None or attained.done is None:
            continue
        if rules.measure is Measure.RATE:
            figures[county.key] = attained.done / attained.target
            beyond[county.key] = figures[county.key] - 1
        else:
            figures[county.key] = attained.done
            beyond[county.key] = attained.done - attained.target
    places, beyond_places = ranks(figures, rules.ties), ranks(beyond, rules.ties)
    return {
        key: Line(
            figure=figure,
            rank=places[key],
            points=_points(places[key], rules),
            excess=beyond[key],
            excess_points=_points(beyond_places[key], rules) if beyond[key] > 0 else Fraction(0),
        )
        for key, figure in figures.items()
    }


def _points(rank: int, rules: PointRules) -> Fraction:
    return max(Fraction(0), rules.best - rules.step * (rank - 1))


def _standard(
    sums: Mapping[str, Fraction], counts: Mapping[str, int], weight: Fraction, rules: PointRules
) -> dict[str, Fraction]:
    """标准分 by county.

    Both ways compare points per indicator of the county's own, which is Σ wherever all have as many: an
    indicator without a target would count as zero otherwise, and reading 6 forbids that.
    """
    average = {key: figure / counts[key] for key, figure in sums.items()}
    full = max(average.values(), default=Fraction(0)) if rules.standard is Standard.BEST else rules.best
    return {key: weight * figure / full if full else Fraction(0) for key, figure in average.items()}


def _items(county: County, rules: PointRules) -> dict[str, Fraction]:
    return {key: min(item.cap, item.each * (county.met.get(key) or 0)) for key, item in rules.items.items()}
