"""The Shandong edition says what its document says: four lists, the fifth, no repeat, who is barred."""

from typing import Any

import pytest
from lxml import etree

from service.domain import applications, editions, offices, tracks
from service.domain.divisions import Division
from service.domain.procedures import build_services
from service.engine import decisions
from tests.editions.shipped import Shipped

EDITION = Shipped("shandong_industry/2023")
CITIES, COUNTIES = ("city_a", "city_b"), ("county_a", "county_b")
TRACKS = ("city_a", "county_a", "city_b", "county_b")
EVENTS = ("safety_accident", "environment_accident", "stability_incident")


def parameters(track: str = "county_a") -> dict[str, Any]:
    return tracks.of_track(EDITION.content["parameters"], track)


def forms_of(element: str, track: str) -> list[str]:
    return tracks.form_keys(EDITION.content["parameters"], track, EDITION.nodes[element].form_keys)


def test_the_edition_can_be_published() -> None:
    found = editions.check(EDITION.folder, editions.known(build_services()))
    assert [str(finding) for finding in found] == []


def test_everything_that_it_draws_is_shared_with_other_editions() -> None:
    assert all(path.startswith("processes/shared/") for path in EDITION.folder.package.bpmn)
    assert set(EDITION.content["processes"]) == {"application", "recommendation", "round", "objection"}


def test_each_list_takes_three_cities_or_thirteen_counties() -> None:
    assert "每年分别遴选3个市和13个县（市、区），激励期一年" in EDITION.texts["5"]
    bounds = {track: parameters(track)["quota"] for track in TRACKS}
    assert {track: (each["minimum"], each["maximum"]) for track, each in bounds.items()} == {
        "city_a": (3, 3),
        "county_a": (13, 13),
        "city_b": (3, 3),
        "county_b": (13, 13),
    }
    assert parameters()["award"]["years"] == 1


def test_the_titles_of_the_lists_are_those_of_the_document() -> None:
    titles = [track["title"] for track in EDITION.content["tracks"]]
    assert [track["key"] for track in EDITION.content["tracks"]] == list(TRACKS)
    document = "".join(EDITION.texts[number] for number in ("1", "2", "8"))
    for title in titles:
        assert title.removesuffix("县（市、区）").removesuffix("市") in document


def test_a_fifth_of_the_counties_may_be_recommended_in_principle() -> None:
    assert "推荐数量原则上不超过所辖县（市、区）总数的五分之一" in EDITION.texts["8"]
    for track in COUNTIES:
        told = parameters(track)["recommendation"]
        assert (told["cap"], told["principle"]) == ({"share": "1/5", "of": "county", "minimum": 1}, True)
    for track in CITIES:
        told = parameters(track)["recommendation"]
        assert (told["cap"], told["principle"]) == (1, False)


def test_the_document_does_not_say_who_sits_in_a_committee() -> None:
    said = EDITION.texts["9"]
    assert "分别组建评审委员会" in said
    assert not {word for word in ("专家", "代表", "单数") if word in said}
    assert parameters()["committee"]["roles"] == []


def test_a_county_whose_city_is_listed_is_not_listed_again_in_the_same_measure() -> None:
    assert "若设区市已获督查激励，其所属县（市、区）原则上不再重复督查激励" in EDITION.texts["13"]
    rules = EDITION.content["selection"]["no_repeat"]
    assert [(each["tracks"], each["against"], each["group"]) for each in rules] == [
        (["county_a"], "city_a", "city"),
        (["county_b"], "city_b", "city"),
    ]
    assert {(each["principle"], each["article"], each["reading"]) for each in rules} == {
        (True, "13", "reading 8")
    }


def test_fraud_bars_the_city_for_three_years_and_counties_only_if_the_decision_names_them() -> None:
    assert "直接取消该市三年评选资格" in EDITION.texts["15"]
    told = parameters()["sanction"]
    assert (told["level"], told["city_years"], told["province_years"]) == ("city", 3, 0)
    form = editions_form("sanction")
    assert '"{from: city_counties' not in form
    assert "rows: {from: city_counties" in form


def editions_form(key: str) -> str:
    return EDITION.folder.files[EDITION.folder.form_path(key)].decode()


def test_the_notice_runs_five_working_days() -> None:
    assert "公示5个工作日" in EDITION.texts["9"]
    assert parameters()["notice"]["working_days"] == 5


def test_each_list_has_the_annexes_of_its_own() -> None:
    annexes = {annex["form"]: annex["number"] for annex in EDITION.content["document"]["annexes"]}
    asked = {track: [annexes[key] for key in forms_of("fill_in", track)] for track in TRACKS}
    assert asked == {
        "city_a": ["附件2", "附件4"],
        "county_a": ["附件2", "附件5"],
        "city_b": ["附件3", "附件6"],
        "county_b": ["附件3", "附件7"],
    }
    judged = {track: forms_of("province_review", track) for track in TRACKS}
    assert judged == {track: [f"conditions_{track[-1]}"] for track in TRACKS}
    assert all(forms_of("statistics_check", track) == [] for track in TRACKS)


def test_every_material_of_article_8_is_asked_for_in_every_list() -> None:
    for track in TRACKS:
        listed = [each for each in EDITION.content["materials"] if each.get("track", track) == track]
        assert [each["title"] for each in listed] == ["申报书", "推荐函", "推荐表", "真实性、合规性声明"]


def test_incentives_name_who_benefits_as_the_document_does() -> None:
    for incentive in EDITION.content["incentives"]:
        said, measure = EDITION.texts[incentive["article"]], {"11": "a", "12": "b"}
        assert incentive["title"] in said
        assert incentive["preference"] in said
        whole = incentive["article"].partition("(")[0]
        if whole == "14":
            assert incentive["tracks"] == list(COUNTIES)
            continue
        letter = measure[whole]
        if "入选市、县（市、区）" in said:
            assert incentive["tracks"] == [f"city_{letter}", f"county_{letter}"]
        elif "入选市" in said:
            assert incentive["tracks"] == [f"city_{letter}"]
        elif "入选县（市、区）" in said:
            assert incentive["tracks"] == [f"county_{letter}"]
        else:
            assert (incentive["article"], incentive["tracks"], incentive["reading"]) == (
                "11(9)",
                ["county_a"],
                "reading 12",
            )


def test_every_item_of_the_incentives_is_there_once() -> None:
    items = {number for number in EDITION.texts if number.startswith(("11(", "12("))}
    assert sorted(
        each["article"] for each in EDITION.content["incentives"] if each["article"] != "14"
    ) == sorted(items)


def test_the_city_recommends_its_government_consents_the_province_decides() -> None:
    assert parameters()["organiser"]["division"] == "370000"
    assert parameters()["organiser"]["recommending"] == "city"
    lanes = EDITION.content["lanes"]
    assert lanes["recommender"] == {"office": offices.INDUSTRY, "level": "city"}
    assert lanes["government"] == {"office": offices.GOVERNMENT, "level": "city"}
    assert lanes["ministry"] == {"office": offices.INDUSTRY, "level": "province"}
    assert lanes["state_council"] == {"office": offices.GOVERNMENT, "level": "province"}
    assert [lane for lane, told in lanes.items() if not told] == [
        "committee",
        "statistics",
        "city",
        "partner",
    ]


@pytest.mark.parametrize(
    ("level", "tag", "track", "admitted"),
    [
        ("city", "", "city_a", True),
        ("city", "separately-planned", "city_b", True),
        ("city", "", "county_a", False),
        ("county", "", "county_b", True),
        ("county", "", "city_b", False),
        ("province", "", "city_a", False),
    ],
)
def test_cities_apply_for_the_lists_of_cities_and_counties_for_theirs(
    level: str, tag: str, track: str, admitted: bool
) -> None:
    division = Division(code="370001", name="某地", level=level, tag=tag)
    levels = applications.levels(EDITION.content["parameters"], track)
    assert applications.may_apply(division, levels) is admitted


def test_how_the_list_was_signed_off_is_recorded_with_the_decision_alone() -> None:
    for element in ("decide_list", "sign_off_replacement"):
        assert forms_of(element, "county_a") == ["sign_off"]
        assert EDITION.nodes[element].properties["forms"] == "agree"
    for manner in ("厅党组会审议通过", "办公会审议通过", "厅主要领导签批同意"):
        assert manner in editions_form("sign_off")


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("track", TRACKS)
def test_each_kind_of_accident_alone_rules_the_applicant_out_in_every_list(event: str, track: str) -> None:
    (content,) = EDITION.folder.package.dmn.values()
    (table,) = decisions.read(etree.fromstring(content))
    figures = dict.fromkeys(EVENTS, "no") | {event: "yes"}
    found = decisions.decide(table, {"figures": figures, "track": track})
    assert [each["condition"] for each in found if not each["met"]] == [event]
    assert len(found) == len(EVENTS)
    assert {each["article"] for each in found} == {"6(6)" if track.endswith("a") else "7(7)"}
    assert all(each["hard"] for each in found)


def test_conditions_hold_in_principle_but_for_the_last() -> None:
    for letter, number, last in (("a", "6", 6), ("b", "7", 7)):
        assert "原则上应具备以下基本条件" in EDITION.texts[number]
        form = editions_form(f"conditions_{letter}")
        assert form.count("waivable: true") == last - 1
        assert f'article: "{number}({last})"' in form
