"""第六条: which condition fails, by exactly how much or on what basis; missing is not 0; all is kept."""

from typing import Any

import pytest

from service.domain import editions, eligibility, judgements
from service.domain.applications import Application
from service.domain.eligibility import EligibilityFinding, FiguresMissing, NotEligible
from service.domain.forms import FormSubmission
from service.domain.judgements import JudgedUnmet, Judgement
from service.domain.user_tasks import FormInvalid
from tests.domain.contexts import context
from tests.domain.world import HANGZHOU, YUHANG, ZHEJIANG, World

GROWTH = "indicators.tech_investment_growth.t1"
SHARE = "indicators.tech_investment_share.t1"
NATIONAL = "leading_products.*.national_share"


def submit(world: World, given: dict[str, Any], report: dict[str, Any] | None = None) -> str:
    """An application of Hangzhou that was handed in with these figures."""
    application = world.apply(world.open_round(), HANGZHOU)
    forms = {"recommendation": given, "report": report or {}}
    world.do(f"application:{application}", "fill_in", "submit", given=forms)
    return application


def findings(world: World, application: str) -> dict[str, EligibilityFinding]:
    with world.database.read() as session:
        return {each.condition: each for each in eligibility.latest(session, application)}


def test_who_meets_every_condition_goes_on(world: World) -> None:
    application = submit(world, {})
    assert world.open_tasks(f"application:{application}") == ["province_review"]
    found = findings(world, application)
    assert len(found) == 6
    assert all(each.met and each.shortfall is None for each in found.values())


@pytest.mark.parametrize(
    ("cell", "figure", "condition", "shortfall"),
    [
        (GROWTH, "15", "tech_investment_growth", "0"),
        (GROWTH, "14.99", "tech_investment_growth", "0.01"),
        (GROWTH, "-3.5", "tech_investment_growth", "18.5"),
        (SHARE, "39.9", "tech_investment_share", "0.1"),
        (NATIONAL, "4.95", "leading_product_share", "0.05"),
    ],
)
def test_a_figure_below_its_threshold_goes_back_with_the_exact_difference(
    world: World, cell: str, figure: str, condition: str, shortfall: str
) -> None:
    application = submit(world, {cell: figure})
    assert world.open_tasks(f"application:{application}") == ["fill_in"]
    failed = [each for each in findings(world, application).values() if not each.met]
    assert [(each.condition, each.figure, each.shortfall) for each in failed] == [
        (condition, figure, shortfall)
    ]
    assert figure in failed[0].message
    assert shortfall == "0" or f"差{shortfall}个百分点" in failed[0].message


@pytest.mark.parametrize(
    ("cell", "figure"), [(GROWTH, "15.01"), (SHARE, "40"), (SHARE, "40.00"), (NATIONAL, "5")]
)
def test_a_figure_at_its_threshold_passes_where_the_number_is_included(
    world: World, cell: str, figure: str
) -> None:
    application = submit(world, {cell: figure})
    assert world.open_tasks(f"application:{application}") == ["province_review"]


@pytest.mark.parametrize("incident", ["safety_accident", "environment_accident", "stability_incident"])
def test_an_accident_in_three_years_is_hard(world: World, incident: str) -> None:
    application = submit(world, {}, {incident: True})
    failed = [each for each in findings(world, application).values() if not each.met]
    assert [(each.condition, each.article, each.shortfall) for each in failed] == [(incident, "6(7)", None)]


def test_every_check_is_kept(world: World) -> None:
    application = submit(world, {GROWTH: "10"})
    world.do(f"application:{application}", "fill_in", "submit", given={"recommendation": {GROWTH: "16"}})
    with world.database.read() as session:
        rows = session.query(EligibilityFinding).filter_by(condition="tech_investment_growth").all()
    assert {(row.check_number, row.figure, row.met) for row in rows} == {(1, "10", False), (2, "16", True)}


def test_what_is_supplemented_must_meet_the_conditions_too(world: World) -> None:
    round_id = world.open_round()
    application = world.bring_up(round_id, YUHANG)
    world.recommend(round_id, ZHEJIANG)
    key = f"application:{application}"
    missing = [{"item": "推荐表", "fault": "增速有误", "demand": "更正"}]
    intake = {"complete": True, "letter": True, "data": False, "seals": True, "authentic": True}
    world.do(key, "intake_check", "supplement", given={"intake": {**intake, "missing": missing}})
    with pytest.raises(NotEligible, match="差4个百分点") as refused:
        world.do(key, "supplement", "resubmit", given={"recommendation": {GROWTH: "11"}})
    assert [problem.place for problem in refused.value.problems] == ["/tech_investment_growth"]
    assert findings(world, application)["tech_investment_growth"].met, "nothing of the refused step is kept"
    world.do(key, "supplement", "resubmit")
    assert world.open_tasks(key) == ["confirm_supplement"]


def test_missing_figures_are_named_and_never_read_as_zero(world: World) -> None:
    application = submit(world, {})
    with world.database.write() as session:
        row = session.get_one(Application, application)
        submission = session.query(FormSubmission).filter_by(form_key="recommendation").one()
        content = dict(submission.content)
        del content["indicators"]
        submission.content = content
        session.flush()
        found = eligibility.figures(session, row)
        assert "tech_investment_growth" not in found
        command = context(session)
        command.instance.definition_id = editions.get(session, world.edition_id).definitions["application"]
        with pytest.raises(FiguresMissing, match=r"技术改造投资占工业投资比重.*技术改造投资增速"):
            eligibility.collect(command, row)


# What cannot be computed: the recommending unit judges it.

ITEMS = ["6(1)", "6(2)", "6(3)", "6(4)", "6(5)", "6(6)"]
UNMET = {
    "items.quality.met": "unmet",
    "items.quality.basis": "所列品牌不属于本地企业。",
    "items.internet.met": "unmet",
}


def judged(world: World, application: str) -> list[Judgement]:
    with world.database.read() as session:
        return judgements.of(session, session.get_one(Application, application))


def test_who_meets_every_condition_in_the_judgement_of_the_recommending_unit_goes_on(world: World) -> None:
    application = submit(world, {})
    assert judged(world, application) == []
    given = {"conditions": {"items.plan.basis": "已查阅实施方案原件。"}}
    world.do(f"application:{application}", "province_review", "agree", given=given)
    assert world.application(application).status == "ready"
    found = judged(world, application)
    assert [(each.article, each.met) for each in found] == [(article, True) for article in ITEMS]
    assert found[0].basis == "已查阅实施方案原件。"
    assert found[0].text.startswith("（1） 认真落实“中国制造2025”")


def test_nobody_agrees_against_the_own_judgement(world: World) -> None:
    application = submit(world, {})
    key = f"application:{application}"
    with pytest.raises(
        JudgedUnmet, match="第6条第（4）项、第6条第（5）项标为“不符合”，不能同意申报"
    ) as refused:
        world.do(key, "province_review", "agree", given={"conditions": UNMET})
    assert [(each.form, each.place) for each in refused.value.problems] == [
        ("conditions", "/items/quality/met"),
        ("conditions", "/items/internet/met"),
    ]
    assert judged(world, application) == [], "nothing of the refused step is kept"
    assert world.open_tasks(key) == ["province_review"]
    world.do(key, "province_review", "agree")
    assert all(each.met for each in judged(world, application))


def test_nobody_agrees_without_judging_every_condition(world: World) -> None:
    application = submit(world, {})
    given = {"conditions": {"items.upgrading.met": "", "items.coordination.basis": ""}}
    with pytest.raises(FormInvalid) as refused:
        world.do(f"application:{application}", "province_review", "agree", given=given)
    assert [each.pointer for each in refused.value.forms["conditions"]] == [
        "/items/upgrading/met",
        "/items/coordination/basis",
    ]


def test_what_is_not_met_stays_on_record_with_a_refusal_and_stands_in_its_reason(world: World) -> None:
    application = submit(world, {})
    key = f"application:{application}"
    world.do(key, "province_review", "refuse", opinion="本年度不同意。", given={"conditions": UNMET})
    missed = [each for each in judged(world, application) if not each.met]
    assert [each.article for each in missed] == ["6(4)", "6(5)"]
    reason = world.application(application).reason or ""
    assert reason.startswith("本年度不同意。核实不符合的基本条件：")
    assert "第6条第（4）项（所列品牌不属于本地企业）；第6条第（5）项（" in reason


def test_who_refuses_for_another_reason_need_not_judge_the_conditions(world: World) -> None:
    application = submit(world, {})
    given = {"conditions": {"items.plan.met": ""}}
    world.do(f"application:{application}", "province_review", "refuse", opinion="名额有限。", given=given)
    assert judged(world, application) == []
    assert world.application(application).reason == "名额有限。"


def test_what_is_sent_back_is_judged_afresh(world: World) -> None:
    application = submit(world, {})
    key = f"application:{application}"
    world.do(key, "province_review", "return", opinion="请补充品牌证明。", given={"conditions": UNMET})
    world.do(key, "fill_in", "submit")
    assert judged(world, application) == []
    assert world.open_tasks(key) == ["province_review"]
