"""County checks: what must hold of every simulated round whose counties are scored by targets.

Each yields a sentence for everything that is broken.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from sqlalchemy import select

from service.domain import awards, recommendations, redemptions, standings, targets
from service.domain.applications import Application, Status
from service.domain.recommendations import Choice, RecommendationStatus
from service.domain.simulation.facts import Facts
from service.domain.standings import Standing, StandingStage, StandingState
from service.domain.targets import TargetStatus
from service.engine import history


def everybody(facts: Facts) -> Iterator[str]:
    """Every listed county assessed itself, every city had its recommendation."""
    listed = set(facts.parameters["applicants"]["divisions"])
    called = [each.division_code for each in facts.applications.values()]
    if sorted(called) != sorted(listed):
        yield f"{facts.round.title}：应有 {len(listed)} 个县（市、区）自评，有 {len(called)} 个。"
    cities = {each.code for each in targets.cities(facts.session, facts.round.division_code)}
    units = {each.division_code for each in recommendations.of_round(facts.session, facts.round.id)}
    if units != cities:
        yield f"{facts.round.title}：应有 {len(cities)} 个设区市推荐，有 {len(units)} 个。"


def filed(facts: Facts) -> Iterator[str]:
    """The round began when its targets were on file, and was scored by them."""
    year = targets.of_year(facts.session, facts.round.programme, facts.round.year - 1)
    if year is None or year.status != TargetStatus.FILED or year.filed_at is None:
        yield f"{facts.round.title}：目标任务没有备案。"
        return
    if year.filed_at > facts.round.created_at:
        yield f"{facts.round.title}：建立时目标任务还没有备案。"
    codes = [each.division_code for each in facts.applications.values()]
    figures = targets.figures(facts.session, year.id, codes)
    for row in _standings(facts):
        used = {key: Fraction(line["target"]) for key, line in row.lines.items()}
        on_file = figures[facts.applications[row.application_id].division_code]
        if used != {key: Fraction(figure) for key, figure in on_file.items()}:
            yield f"{facts.names[row.application_id]}：评分所用的目标与备案的不同。"


def recommended(facts: Facts) -> Iterator[str]:
    """Exactly one a city, the best of those who did not win the year before."""
    session, winners = facts.session, _last_winners(facts)
    for each in recommendations.of_round(session, facts.round.id):
        choices = session.scalars(select(Choice).where(Choice.recommendation_id == each.id)).all()
        chosen = [choice.application_id for choice in choices if choice.chosen]
        pool = {row.application_id: row for row in standings.of_pool(session, StandingStage.CITY, each.id)}
        eligible = [row for key, row in pool.items() if facts.applications[key].division_code not in winners]
        if each.status != RecommendationStatus.SUBMITTED:
            if eligible and each.status == RecommendationStatus.NONE:
                yield f"{each.division_code}：有可以推荐的县（市、区），却没有推荐。"
            continue
        if len(chosen) != 1:
            yield f"{each.division_code}：推荐了 {len(chosen)} 个。"
            continue
        mine = facts.applications[chosen[0]]
        if mine.division_code in winners:
            yield f"{facts.names[mine.id]}：上年度已受激励，又被推荐。"
        if Fraction(pool[mine.id].total) != max(Fraction(row.total) for row in eligible):
            yield f"{facts.names[mine.id]}：不是可以推荐的县（市、区）中得分最高的。"


def points(facts: Facts) -> Iterator[str]:
    """Every point recomputed: rank points from the rates, 标准分 from the points, the total rounded once."""
    rules = facts.parameters["points"]
    by_pool: dict[tuple[str, str], list[Standing]] = {}
    for row in _standings(facts):
        by_pool.setdefault((row.stage, row.pool), []).append(row)
    for pool in by_pool.values():
        for row in pool:
            name, total = facts.names[row.application_id], Fraction(0)
            for kind, weight in (("points", rules["completion"]), ("excess_points", rules["excess"])):
                figure = "figure" if kind == "points" else "excess"
                gained = Fraction(0)
                for key, line in row.lines.items():
                    mine = Fraction(line[figure])
                    above = sum(
                        Fraction(other.lines[key][figure]) > mine for other in pool if key in other.lines
                    )
                    expected = max(Fraction(0), Fraction(rules["best"]) - Fraction(rules["step"]) * above)
                    if kind == "excess_points" and mine <= 0:
                        expected = Fraction(0)
                    if Fraction(line[kind]) != expected:
                        yield f"{name}：“{key}”的得分与名次不符。"
                    gained += expected
                total += Fraction(weight) * gained / (Fraction(rules["best"]) * len(row.lines))
            total += sum((Fraction(each) for each in row.items.values()), Fraction(0))
            if f"{int(total * 100 + Fraction(1, 2)) / 100:.2f}" != row.total:
                yield f"{name}：总分 {row.total} 与各项得分算出的不符。"
        ordered = sorted(pool, key=lambda row: row.rank)
        for row in ordered:
            if row.rank != 1 + sum(Fraction(each.total) > Fraction(row.total) for each in pool):
                yield f"{facts.names[row.application_id]}：名次与总分不符。"


def proposed(facts: Facts) -> Iterator[str]:
    """The 差额 list: its size recorded before any score, in the order of the ranks but for the floor."""
    row = standings.proposal(facts.session, facts.round.id)
    pool = standings.of_pool(facts.session, StandingStage.PROVINCE, facts.round.id)
    if row is None or not pool:
        yield f"{facts.round.title}：没有建议名单。"
        return
    first = min(each.scored_at for each in _standings(facts))
    if row.recorded_at >= first:
        yield f"{facts.round.title}：差额比例没有在评分之前记录。"
    listed = standings.listed(facts.session, facts.round.id)
    if len(listed) != min(row.size, len(pool)):
        yield f"{facts.round.title}：建议名单有 {len(listed)} 个，应为 {min(row.size, len(pool))} 个。"
    among = standings.accelerating(facts.session, facts.round)
    if not row.waiver and not among & {each.application_id for each in listed}:
        yield f"{facts.round.title}：建议名单里没有加快发展县（市、区），也没有记录例外。"
    ids = {each.application_id for each in listed}
    for out in (each for each in pool if each.application_id not in ids):
        worse = [each.application_id for each in listed if Fraction(each.total) < Fraction(out.total)]
        if set(worse) - among:
            yield f"{facts.names[out.application_id]}：名次靠前，却没有列入建议名单。"


def awarded(facts: Facts) -> Iterator[str]:
    """Six a year, of the list, at least one of the 26 unless an exception is recorded; each paid once."""
    granted = awards.of_round(facts.session, facts.round.id)
    listed = {each.application_id: each for each in standings.listed(facts.session, facts.round.id)}
    quota = min(int(facts.parameters["quota"]["maximum"]), len(listed))
    if len(granted) != quota:
        yield f"{facts.round.title}：激励 {len(granted)} 个，应为 {quota} 个。"
    chosen = {key for key, each in listed.items() if each.state == StandingState.AWARDED}
    if {each.application_id for each in granted} != chosen:
        yield f"{facts.round.title}：激励的与评选决定不同。"
    count = sum(each.division_code in facts.parameters["floor"]["divisions"] for each in granted)
    exceptions = [
        event
        for event in history.of_chain(facts.session, facts.round.instance_id or "")
        if event.type == "awards_decided" and event.data["exception"]
    ]
    if count < int(facts.parameters["floor"]["minimum"]) and not exceptions:
        yield f"{facts.round.title}：激励的加快发展县（市、区）只有 {count} 个，也没有记录例外。"
    winners = _last_winners(facts)
    for each in granted:
        name = facts.names[each.application_id]
        if each.division_code in winners:
            yield f"{name}：上年度已受激励，又受激励。"
        used = redemptions.of_award(facts.session, each.id)
        own = standings.pays_itself(facts.session, facts.applications[each.application_id], facts.parameters)
        if len(used) != 1 or ("宁波" in used[0].purpose) != own:
            yield f"{name}：奖励资金没有按规定的渠道兑现一次。"


def endings(facts: Facts) -> Iterator[str]:
    """Every county can read how it ended and why."""
    ended = Counter(Status(each.status) for each in facts.applications.values())
    for key, each in facts.applications.items():
        if each.closed_at is None or not each.reason:
            yield f"{facts.names[key]}：没有办结，或者没有说明理由（{Status(each.status).label}）。"
    if facts.round.outcome is None:
        yield f"{facts.round.title}：没有结束（{dict(ended)}）。"


def _standings(facts: Facts) -> list[Standing]:
    query = select(Standing).join(Application, Application.id == Standing.application_id)
    ordered = query.where(Standing.round_id == facts.round.id).order_by(
        Standing.stage, Application.division_code
    )
    return list(facts.session.scalars(ordered))


def _last_winners(facts: Facts) -> set[str]:
    """Of the simulation's own round of the year before."""
    return {
        each.division_code
        for round_id in facts.run.rounds
        for each in awards.of_round(facts.session, round_id)
        if each.year == facts.round.year - 1
    }
