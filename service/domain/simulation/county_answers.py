"""County answers: targets that are split, figures that are reported and confirmed, lists that are decided.

Two counties of one city, others each year, have the same targets and report the same: they tie there.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

from service.domain import applications, editions, forms, rounds, standings, subjects, targets
from service.domain.forms import Compiled
from service.domain.standings import StandingStage

if TYPE_CHECKING:
    from service.domain.simulation.answers import Desk

Given = dict[str, Any]
NOT_SET, ADJUSTED = 8, 4
"""Of a hundred: how many cells of a decomposition stay empty, how many figures a stage lowers."""
RATES = (0.55, 0.75)
"""The worst completes from 55 %, the best 75 points more; give or take."""
DAYS_TO_ASSESS, DAYS_TO_RECOMMEND = 14, 25
ITEMS = ("plan", "annual_plan", "policy", "coordination", "pilot")


def opening(desk: "Desk", compiled: Compiled) -> Given:
    days = {"assessment_deadline": DAYS_TO_ASSESS, "deadline": DAYS_TO_RECOMMEND}
    given: Given = {key: (desk.today + timedelta(days=count)).isoformat() for key, count in days.items()}
    return given | {"former_winners": []}  # The year before, the programme did not exist.


def city_targets(desk: "Desk", compiled: Compiled) -> Given:
    """Each city's share of the organiser's targets; every one has some of each."""
    year = targets.get(desk.session, _id(desk))
    totals = {key: each.figure for key, each in targets.indicators(desk.session, year).items()}
    return {"targets": _shares(desk, compiled, totals, "cities", empty=0)}


def county_targets(desk: "Desk", compiled: Compiled) -> Given:
    row = targets.decomposition(desk.session, _id(desk))
    totals = targets.figures(desk.session, row.target_year_id, [row.division_code])[row.division_code]
    return {"targets": _shares(desk, compiled, totals, "counties", empty=NOT_SET)}


def self_assessment(desk: "Desk", compiled: Compiled) -> Given:
    """The better a county, the more it has completed and the more items of 政策机制 it meets."""
    application = applications.get(desk.session, _id(desk))
    round_ = rounds.get(desk.session, application.round_id)
    code = _alias(desk, application.division_code)
    year = targets.of_year(desk.session, round_.programme, round_.year - 1)
    assert year is not None
    mine = targets.figures(desk.session, year.id, [application.division_code])[application.division_code]
    merit, whole = _merit(desk, code), _whole(desk, round_.edition_id)
    rates = {key: RATES[0] + RATES[1] * merit + _draw(desk, code, key).uniform(-0.2, 0.2) for key in mine}
    done = {key: _spell(float(mine[key]) * rates[key], key in whole) for key in mine}
    met = {key: _draw(desk, code, key).random() < 0.6 + 0.4 * merit for key in ITEMS}
    paper = {"document": f"县政办发〔{round_.year - 1}〕12号", "date": f"{round_.year - 1}-03-20"}
    speech = {"type": "speech", "name": "全省传统制造业改造提升现场会", "date": f"{round_.year - 1}-06-05"}
    return {
        "completion": {
            key: {"actual": done[key], "basis": "县统计局统计数据"} if key in done else {}
            for key in standings.indicators(editions.get(desk.session, round_.edition_id))
        },
        "mechanism": {key: {"has": True, **paper} if has else {"has": False} for key, has in met.items()},
        "recognitions": [dict(speech) for _ in range(int(5 * merit))],
    }


def review(desk: "Desk", compiled: Compiled) -> Given:
    """As it was reported; now and then lower, with the reason."""
    assessed = forms.latest(desk.session, desk.business_key, "self_assessment")
    assert assessed is not None
    code = _alias(desk, applications.get(desk.session, _id(desk)).division_code)
    rows: Given = {}
    for key, row in assessed.content["completion"].items():
        if "target" not in row:
            rows[key] = {}
            continue
        rows[key] = {"confirmed": row["actual"]}
        if _draw(desk, compiled.key, code, key).randrange(100) < ADJUSTED and Fraction(row["actual"]) > 4:
            lower = str(int(Fraction(row["actual"]) * Fraction(3, 4)))
            rows[key] = {"confirmed": lower, "reason": "与统计数据核对后调整"}
    mechanism = assessed.content["mechanism"]
    return {
        "completion": rows,
        "mechanism": {
            key: {"confirmed": row["has"], "reason": "已查阅文件原件"} for key, row in mechanism.items()
        },
        "recognitions": str(len(assessed.content.get("recognitions", ()))),
    }


def reopening(desk: "Desk", compiled: Compiled) -> Given:
    """The last of those that could be reviewed again; nobody yet, where none is reviewed."""
    return {"county": next((key for key, _ in compiled.scope.source("reviewed_counties")[::-1]), "")}


def selection(desk: "Desk", compiled: Compiled) -> Given:
    """The best of those who may be recommended."""
    pool = standings.of_pool(desk.session, StandingStage.CITY, _id(desk))
    first = next(iter(standings.best(pool)), None)
    if first is None:
        raise desk.nothing_to_fill_in
    reasons = {True: "得分最高，择优推荐。", False: "得分较低，或者上年度已受激励。"}
    return {
        "applications": {
            key: {"recommended": key == first.application_id, "reason": reasons[key == first.application_id]}
            for key, _ in compiled.scope.source("ready_applications")
        }
    }


def tie_break(desk: "Desk", compiled: Compiled) -> Given:
    """Different votes for each, drawn by the counties' codes."""
    tied = [key for key, _ in compiled.scope.source("tied_counties")]
    codes = applications.divisions_of(desk.session, tied)
    order = sorted(tied, key=lambda key: _draw(desk, "vote", codes[key]).random())
    return {"votes": {key: {"votes": str(2 * place + 1)} for place, key in enumerate(order)}}


def decision(desk: "Desk", compiled: Compiled) -> Given:
    """The first on the list, as many as there are places, with one of the floor's counties among them."""
    listed = standings.listed(desk.session, _id(desk))
    round_ = rounds.get(desk.session, _id(desk))
    among, quota = standings.accelerating(desk.session, round_), round_.quota or 0
    chosen = [each.application_id for each in listed[:quota]]
    others = [each.application_id for each in listed[quota:] if each.application_id in among]
    if not among & set(chosen) and others:
        chosen[-1] = others[0]
    given: Given = {
        "decided_by": "省政府办公厅主任办公会",
        "applications": {
            each.application_id: {
                "awarded": each.application_id in chosen,
                "reason": "综合评选。",
            }
            for each in listed
        },
        "exception": not among & set(chosen),
    }
    if given["exception"]:
        given |= {
            "exception_reason": "没有加快发展县（市、区）列入建议名单。",
            "exception_approver": "分管副省长",
        }
    return given


def incentive(desk: "Desk", compiled: Compiled) -> Given:
    """From the channel that the document says for where the county lies."""
    application = applications.get(desk.session, _id(desk))
    if standings.pays_itself(desk.session, application, compiled.scope.parameters):
        return {"ningbo": True, "channel": "ningbo", "amount": "500"}
    shown = _draw(desk, "demonstration", application.division_code).randrange(4) == 0
    channel = "special_fund" if shown else "industry_fund"
    return {"ningbo": False, "demonstration": shown, "channel": channel, "amount": "500"}


FILLERS: Mapping[str, Callable[["Desk", Compiled], Given]] = {
    "city_review": review,
    "city_targets": city_targets,
    "county_targets": county_targets,
    "decision": decision,
    "incentive": incentive,
    "opening": opening,
    "province_review": review,
    "reopening": reopening,
    "selection": selection,
    "self_assessment": self_assessment,
    "tie_break": tie_break,
}


def _id(desk: "Desk") -> str:
    return subjects.split(desk.business_key)[1]


def _draw(desk: "Desk", *parts: object) -> Random:
    """Draws that depend on nothing but the seed, the year and these parts."""
    return Random("/".join(map(str, (desk.course.seed, desk.course.year, *parts))))


def _alias(desk: "Desk", code: str, twins: tuple[str, str] | None = None) -> str:
    """One of two twins is as the other in everything that is drawn."""
    twins = twins or _twins(desk)
    return twins[0] if code in twins else code


def _merit(desk: "Desk", alias: str) -> float:
    return 1.0 if alias in _twins(desk) else 0.9 * _draw(desk, "merit", alias).random()


def _twins(desk: "Desk") -> tuple[str, str]:
    """The first two counties of a city that is drawn."""
    listed = sorted(desk.course.applicants)
    prefix = _draw(desk, "twins").choice(sorted({code[:4] for code in listed}))
    first, second, *_ = (code for code in listed if code.startswith(prefix))
    return first, second


def _shares(desk: "Desk", compiled: Compiled, totals: Mapping[str, str], source: str, *, empty: int) -> Given:
    """{division: {indicator: figure}}: counts are split, rates are near the rate above."""
    codes = [code for code, _ in compiled.scope.source(source)]
    whole = _whole(desk, None)
    twins = _twins(desk)
    alias = {code: _alias(desk, code, twins) for code in codes}
    rows: dict[str, Given] = {code: {} for code in codes}
    for key, total in totals.items():
        weights = {code: 0.5 + _draw(desk, alias[code], key).random() for code in codes}
        for code in codes:
            draw = _draw(desk, "empty", alias[code], key)
            if draw.randrange(100) < empty:
                continue
            share = (
                float(total) * (0.8 + 0.4 * (weights[code] - 0.5))
                if key.endswith("_growth")
                else float(total) * weights[code] / sum(weights.values())
            )
            rows[code][key] = _spell(max(share, 1 if key in whole else 0.01), key in whole)
    return rows


def _whole(desk: "Desk", edition_id: str | None) -> set[str]:
    """The indicators that are counted in whole numbers."""
    edition = (
        editions.get(desk.session, edition_id)
        if edition_id
        else editions.latest(desk.session, desk.programme)
    )
    table = editions.form(edition, "county_targets").fields["targets"]
    return {part.key for part in table.parts() if part.kind == "integer"}


def _spell(figure: float, whole: bool) -> str:
    return str(round(figure)) if whole else f"{figure:.2f}"
