"""第六条: which condition fails, and by exactly how much; missing is not 0; every check is kept."""

from typing import Any

import pytest

from service.domain import editions, eligibility
from service.domain.applications import Application
from service.domain.eligibility import EligibilityFinding, FiguresMissing, NotEligible
from service.domain.forms import FormSubmission
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
