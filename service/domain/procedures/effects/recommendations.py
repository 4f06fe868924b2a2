"""Effects of user tasks on a recommendation."""

from collections.abc import Mapping
from typing import Any

from service.domain import (
    allowances,
    applications,
    forms,
    recommendations,
    rounds,
    subjects,
    tracks,
)
from service.domain.errors import Invalid, Problem
from service.domain.procedures import keys
from service.domain.recommendations import Verdict
from service.engine.services import Completion, Context, Result


class BarredRecommended(Invalid):
    """有 {count} 个申报已被限制，不能推荐。"""


class RecommendationIncomplete(Invalid):
    """报送材料不完整，不能提交。"""


def choose(context: Context, completion: Completion) -> Result:
    """The comparison: a verdict and a reason for every application that is ready."""
    recommendation = keys.recommendation(context)
    if completion.decision != "submit":
        return None
    ready = applications.ready(context.session, recommendation.id)
    bars = applications.barred(context.session, ready)
    given: Mapping[str, Any] = completion.content["selection"]["applications"]
    if problems := [
        Problem(f"/applications/{key}/recommended", f"{bars[key]}请将“推荐”改为“否”。", "selection")
        for key, row in given.items()
        if row["recommended"] and key in bars
    ]:
        raise BarredRecommended(problems)
    recommendations.choose(
        context,
        recommendation.id,
        ready,
        {key: Verdict(bool(row["recommended"]), row["reason"]) for key, row in given.items()},
        allowances.of_unit(
            context.session,
            context.parameters,
            rounds.get(context.session, recommendation.round_id).track,
            recommendation.division_code,
        ),
        allowances.excess(completion.content["selection"]),
    )
    return None


def write_letter(context: Context, completion: Completion) -> Result:
    if completion.decision != "submit":
        return None
    number = completion.content["letter"]["number"]
    recommendations.write_letter(context, keys.recommendation(context), number)
    return None


def consent(context: Context, completion: Completion) -> Result:
    recommendations.government_decided(context, keys.recommendation(context), completion.decision)
    return None


def check_complete(context: Context, completion: Completion) -> Result:
    """第七条: 申报书, 推荐表, 推荐函 and 声明 of all that is recommended, and the government's consent.

    Whoever came up after the comparison has not been compared, and whoever was barred since (第十三条) cannot
    be recommended: both need a comparison afresh, which the other decision leads to.
    """
    if completion.decision != "submit":
        return None
    recommendation = keys.recommendation(context)
    problems = []
    if recommendation.government_decision != "agree":
        problems.append(Problem("/consent", "本级政府还没有同意。"))
    if forms.latest(context.session, context.instance.business_key, "letter") is None:
        problems.append(Problem("/letter", "还没有推荐函和真实性、合规性声明。"))
    choices = recommendations.choices(context.session, recommendation.id)
    chosen = [each.application_id for each in choices.values() if each.chosen]
    track = rounds.get(context.session, recommendation.round_id).track
    names = applications.ready(context.session, recommendation.id)
    if late := "、".join(name for key, name in names.items() if key not in choices):
        problems.append(Problem("/applications", f"{late}在比选之后报到，还没有比选。请选择“重新比选”。"))
    for bar in applications.barred(context.session, chosen).values():
        problems.append(Problem("/applications", f"{bar}请选择“重新比选”。"))
    for application_id in chosen:
        key = subjects.key(subjects.APPLICATION, application_id)
        for part, title in (("report", "申报书"), ("recommendation", "推荐表")):
            form = tracks.form_key(context.parameters, track, part)
            if form is not None and forms.latest(context.session, key, form) is None:
                problems.append(Problem(f"/{form}", f"{names[application_id]}还没有{title}。"))
    if problems:
        raise RecommendationIncomplete(problems)
    return None


EFFECTS = {
    "recommendations.check_complete": check_complete,
    "recommendations.choose": choose,
    "recommendations.consent": consent,
    "recommendations.letter": write_letter,
}
