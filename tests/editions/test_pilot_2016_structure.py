"""The pilot cities' edition says what its document says: rolling, no quota, no notice, three years."""

from itertools import pairwise

import pytest

from service.domain import editions
from service.domain.applications import may_apply
from service.domain.divisions import Division
from service.domain.procedures import build_services
from tests.editions.shipped import Shipped, before

EDITION = Shipped("pilot_city/2016")


def test_the_edition_can_be_published() -> None:
    found = editions.check(EDITION.folder, editions.known(build_services()))
    assert [str(finding) for finding in found] == []


def test_the_figures_of_the_parameters_stand_in_their_articles() -> None:
    texts, given = EDITION.texts, EDITION.parameters
    assert "申报材料提交纸质件一式三份及光盘两份" in texts["通知二"]
    assert (given["materials"]["paper"], given["materials"]["discs"]) == (3, 2)
    assert "城市试点示范以3年为一个周期" in texts["四(3)"]
    assert given["cycle"]["years"] == 3
    assert "形成年度会议制度" in texts["五(1)"]
    assert given["meeting"]["every_months"] == 12
    silent = {key for key, each in given.items() if each["article"] == "silent"}
    assert silent == {"scoring", "assessment", "reporting", "proceeding", "rectification", "handling"}


def test_what_the_document_does_not_know_is_not_there() -> None:
    assert "试点示范不设数量目标" in EDITION.texts["四(3)5"]
    assert not {"quota", "notice", "objection", "sanction", "recommendation"} & EDITION.parameters.keys()
    assert "selection" not in EDITION.content
    named = {node.name for node in EDITION.nodes.values()}
    assert not [name for name in named if "公示" in name or "名额" in name or "排名" in name]
    assert EDITION.parameters["organiser"] == {
        "division": "000000",
        "recommending": None,
        "article": "通知三",
    }
    assert EDITION.parameters["intake"]["rolling"] is True


def test_a_plan_passes_the_government_the_province_and_both_sides_of_the_review() -> None:
    order = [
        "fill_in",
        "government_report",
        "province_review",
        "submit_materials",
        "intake_check",
        "accept_application",
        "review",
        "judge_plan",
        "approve_plan",
        "begin_cycle",
        "report_to_leading_group",
        "cycle",
    ]
    for earlier, later in pairwise(order):
        assert earlier in before(EDITION.nodes[later]), (earlier, later)
    split, join = EDITION.nodes["side_by_side"], EDITION.nodes["reviewed"]
    assert (split.type, join.type) == ("parallelGateway", "parallelGateway")
    assert {"score", "bureau_review"} <= before(EDITION.nodes["reviewed"])
    assert "score" not in before(EDITION.nodes["bureau_review"])


def test_separately_planned_cities_report_straight_and_the_province_is_copied() -> None:
    assert EDITION.parameters["separately_planned"]["route"] == "direct"
    assert {"own_review", "submit_directly", "copy_to_province"} <= before(EDITION.nodes["sent"])
    assert not {"province_review", "submit_materials"} & {
        each.source.id for each in EDITION.nodes["copy_to_province"].incoming if each.source
    }
    assert (
        EDITION.nodes["own_review"].form_keys
        == EDITION.nodes["province_review"].form_keys
        == ("province_review",)
    )


@pytest.mark.parametrize(
    ("level", "tag", "admitted"),
    [
        ("city", "", True),
        ("city", "separately-planned", True),
        ("county", "municipality-district", True),
        ("county", "", False),
        ("province", "", False),
    ],
)
def test_cities_apply_and_districts_of_municipalities(level: str, tag: str, admitted: bool) -> None:
    division = Division(code="000001", name="某地", level=level, tag=tag)
    assert may_apply(division, EDITION.parameters["applicants"]["levels"]) is admitted


def test_cancelling_comes_after_the_rectification_alone() -> None:
    assert {"rectification", "rectified", "suspend"} <= before(EDITION.nodes["terminate"])
    assert {each.source.id for each in EDITION.nodes["suspend"].incoming if each.source} == {"rectified"}
    assert "整改仍达不到要求的,将中止和通报取消试点示范工作" in EDITION.texts["四(3)4"]


def test_only_these_deadlines_end_something_by_themselves() -> None:
    timers = {
        node.id: node.host.id for node in EDITION.nodes.values() if node.type == "boundaryEvent" and node.host
    }
    assert timers == {
        "year_ended": "receive",
        "fill_in_overdue": "fill_in",
        "score_overdue": "score",
        "midterm_overdue": "midterm_report",
        "final_overdue": "final_report",
        "rectify_overdue": "rectify",
        "adjust_overdue": "adjust",
        "scheme_overdue": "draw_up_scheme",
        "midterm_review_overdue": "midterm_review",
        "final_review_overdue": "final_review",
        "experience_overdue": "report_experience",
    }


def test_what_others_leave_undone_does_not_keep_an_assessment_off() -> None:
    """Whoever would be assessed, or is to vouch for it, cannot stop it; what is not told is only left out."""
    onward = {
        "scheme_overdue": "milestone_again",
        "midterm_review_overdue": "midterm_ready",
        "final_review_overdue": "final_ready",
        "experience_overdue": "promoted",
    }
    for event, gateway in onward.items():
        node = EDITION.nodes[event]
        assert [flow.target.id for flow in node.outgoing if flow.target] == [gateway]
        assert node.properties["article"] == "reading 28"


def test_a_report_that_does_not_come_is_for_the_ministry_to_judge() -> None:
    assert {"midterm_overdue", "final_overdue"} <= before(EDITION.nodes["pursue"])
    assert EDITION.nodes["pursue"].lanes == ("ministry",)
    assert {flow.target.id for flow in EDITION.nodes["pursued"].outgoing if flow.target} == {
        "midterm_again",
        "final_again",
        "unmet",
    }


def test_the_incentives_are_those_of_the_document() -> None:
    texts = EDITION.texts
    for incentive in EDITION.content["incentives"]:
        said = texts[incentive["article"]]
        assert incentive["title"] in said
        assert incentive.get("preference", "") in said
