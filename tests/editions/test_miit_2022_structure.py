"""The 2022 edition says what its document says: two tracks, who joins which, how many are listed."""

import pytest
from lxml import etree

from service.domain import calls, editions, offices, tracks
from service.domain.applications import may_apply
from service.domain.divisions import Division
from service.domain.procedures import build_services
from service.engine import decisions
from tests.editions.shipped import Shipped

EDITION = Shipped("miit_industry/2022")
TRACKS = ("a", "b")
EVENTS = ("safety_accident", "environment_accident", "stability_incident")


def forms_of(element: str, track: str) -> list[str]:
    return tracks.form_keys(EDITION.parameters, track, EDITION.nodes[element].form_keys)


def test_the_edition_can_be_published() -> None:
    found = editions.check(EDITION.folder, editions.known(build_services()))
    assert [str(finding) for finding in found] == []


def test_the_figures_of_the_parameters_stand_in_their_articles() -> None:
    texts, given = EDITION.texts, EDITION.parameters
    assert "每年分别遴选 10 个，激励期一年" in texts["5"]
    assert (given["quota"]["minimum"], given["quota"]["maximum"], given["award"]["years"]) == (10, 10, 1)
    assert f"人数为单数且不少于{given['committee']['minimum']}人" in texts["9"]
    assert given["committee"]["odd"] is True
    assert "由工业和信息化部推荐的相关专家及部内相关司局代表" in texts["9"]
    assert given["committee"]["roles"] == ["expert", "bureau"]
    assert "每项督查激励措施各择优推荐不超过1个市（州）" in texts["通知二"]
    assert given["recommendation"]["cap"] == 1
    assert f"公示{given['notice']['working_days']}个工作日" in texts["10"]
    assert "最多入选一个市（州）" in texts["11"]
    assert "西部和东北地区在每项督查激励措施中入选市（州）数量合计不少于2个" in texts["11"]
    (cap,), (floor,) = EDITION.content["selection"]["caps"], EDITION.content["selection"]["floors"]
    assert (cap["group"], cap["maximum"]) == ("province", 1)
    assert (floor["group"], floor["values"], floor["minimum"]) == ("region", ["west", "northeast"], 2)
    assert (given["sanction"]["city_years"], given["sanction"]["province_years"]) == (3, 3)


def test_each_track_has_the_annexes_of_its_own() -> None:
    annexes = {annex.get("form"): annex["number"] for annex in EDITION.content["document"]["annexes"]}
    asked = [[annexes[key] for key in forms_of("fill_in", track)] for track in TRACKS]
    assert asked == [["附件1", "附件3"], ["附件2", "附件4"]]
    assert [forms_of("province_review", track) for track in TRACKS] == [["conditions_a"], ["conditions_b"]]


def test_each_track_has_the_incentives_of_its_own() -> None:
    texts = EDITION.texts
    for incentive in EDITION.content["incentives"]:
        article = {("a",): "13", ("b",): "14", (): "15"}[tuple(incentive.get("tracks", ()))]
        assert incentive["article"].partition("(")[0] == article
        said = texts[incentive["article"]]
        assert incentive["title"] in said
        assert incentive["preference"] in said


def test_the_communications_administration_joins_track_b_alone() -> None:
    joint = EDITION.parameters["recommendation"]["joint"]
    assert (joint["tracks"], joint["except"]) == (["b"], ["xpcc"])
    assert EDITION.content["lanes"]["partner"] == {"office": offices.TELECOM, "level": "province"}
    asked = EDITION.nodes["joint_consent"]
    assert asked.lanes == ("partner",)


def test_the_local_statistics_bureau_verifies_the_figures_before_anybody_above_sees_them() -> None:
    assert EDITION.content["lanes"]["statistics"] == {"office": offices.STATISTICS, "level": "applicant"}
    for element in ("statistics_check", "statistics_recheck"):
        assert EDITION.nodes[element].lanes == ("statistics",)
        assert EDITION.nodes[element].form_keys == ("statistics",)
    asked = EDITION.nodes["verified_locally"]
    conditions = {flow.target.id: flow.condition for flow in asked.outgoing if flow.target}
    assert conditions == {"statistics_check": "verified_by_statistics", "figures_settled": None}
    assert {flow.source.id for flow in asked.incoming if flow.source} == {"eligible"}
    assert all(forms_of("statistics_check", track) == ["statistics"] for track in TRACKS)


@pytest.mark.parametrize(
    ("level", "tag", "admitted"),
    [
        ("city", "", True),
        ("city", "separately-planned", True),
        ("county", "municipality-district", True),
        ("county", "xpcc", True),
        ("county", "", False),
        ("province", "", False),
    ],
)
def test_no_county_applies_but_of_a_municipality_or_of_the_xpcc(level: str, tag: str, admitted: bool) -> None:
    division = Division(code="000001", name="某地", level=level, tag=tag)
    assert may_apply(division, EDITION.parameters["applicants"]["levels"]) is admitted


def test_how_the_list_was_signed_off_is_recorded_with_the_decision_alone() -> None:
    for element in ("decide_list", "sign_off_replacement"):
        assert forms_of(element, "a") == ["sign_off"]
        assert EDITION.nodes[element].properties["forms"] == "agree"
    text = EDITION.folder.files[EDITION.folder.form_path("sign_off")].decode()
    for manner in ("部党组会", "部务会", "部主要领导签批同意"):
        assert manner in text


@pytest.mark.parametrize("event", EVENTS)
def test_each_kind_of_accident_alone_rules_the_applicant_out(event: str) -> None:
    (content,) = EDITION.folder.package.dmn.values()
    (table,) = decisions.read(etree.fromstring(content))
    figures = dict.fromkeys(EVENTS, "no") | {event: "yes"}
    found = decisions.decide(table, {"figures": figures})
    assert [each["condition"] for each in found if not each["met"]] == [event]
    assert {each["article"] for each in found} == {"通知三"}


def test_the_notice_names_whom_it_is_copied_to_as_the_document_does() -> None:
    text = EDITION.folder.files[f"processes/{EDITION.name}/document.txt"].decode()
    copies = "".join(text[text.index("抄送：") :].split()).removeprefix("抄送：")
    assert EDITION.texts["抄送"] == copies
    named = copies.rstrip("。").replace("、新疆", "；新疆").replace("部内：", "部内").split("；")
    assert calls.copied_to(EDITION.parameters) == named
