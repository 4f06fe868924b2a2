"""Zhejiang's edition says what its document says: 89 counties, the steps, the points, the money."""

import re
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from service.domain import calls, divisions, editions, offices
from service.domain.divisions import Division
from service.domain.procedures import build_services
from service.domain.scoring import PointRules
from service.engine.documents import Document, Node
from service.store.database import Database
from tests.editions.shipped import Shipped, before

EDITION = Shipped("zhejiang_manufacturing/2020")
LONGGANG = "330383"
NOW = datetime(2020, 3, 25, tzinfo=UTC)


@cache
def nodes() -> dict[str, dict[str, Node]]:
    """By process, then by id: two processes have a step of the same name."""
    drawings = [Document(path, content) for path, content in EDITION.folder.package.bpmn.items()]
    return {
        process.id: {node.id: node for node in drawing.nodes}
        for drawing in drawings
        for process in drawing.processes
    }


def test_the_edition_can_be_published() -> None:
    found = editions.check(EDITION.folder, editions.known(build_services()))
    assert [str(finding) for finding in found] == []


def test_the_figures_of_the_parameters_stand_in_their_articles() -> None:
    given, said = EDITION.parameters, EDITION.texts
    counties, floor = given["applicants"]["divisions"], given["floor"]
    assert f"督查激励对象为{len(counties)}个县（市、区）政府" in said["3"]
    assert f"激励名额为每年{given['quota']['minimum']}个" in said["3"]
    assert given["quota"]["minimum"] == given["quota"]["maximum"]
    assert f"原则上{len(floor['divisions'])}个{floor['title']}不少于{floor['minimum']}个" in said["3"]
    assert f"择优推荐{given['recommendation']['cap']}个县（市、区）" in said["6(2)"]
    assert given["recommendation"]["repeat"] is False
    assert f"给予{given['reward']['amount']}万元" in said["7(1)"]
    assert given["shortlist"]["article"] == "silent"
    assert given["shortlist"]["minimum"] > given["quota"]["maximum"], "差额"


def test_each_part_of_an_explanation_names_an_article_of_the_document() -> None:
    named = EDITION.parameters["points"]["articles"]
    assert {*named} == {"completion", "excess", "mechanism", "tie", "repeat"}
    assert set(named.values()) <= EDITION.texts.keys()
    for part, word in (
        ("completion", "目标任务完成分"),
        ("excess", "超目标任务完成分"),
        ("mechanism", "政策机制"),
    ):
        assert word in EDITION.texts[named[part]]


def test_the_points_are_those_of_article_5() -> None:
    rules, said = PointRules.of(EDITION.parameters["points"]), EDITION.texts
    assert f"设置目标任务完成（{rules.completion}分）和超目标完成（{rules.excess}分）" in said["5(1)"]
    assert f"得{rules.best}分，其后依次递减{float(rules.step):g}分" in said["5(1)"]
    mechanism = sum(item.cap for item in rules.items.values())
    assert f"政策机制建设情况（{mechanism}分）" in said["5(2)"]
    assert rules.completion + rules.excess + mechanism == 100
    for place, keys in enumerate(
        (("plan", "annual_plan"), ("policy",), ("coordination",), ("pilot", "recognition")), start=1
    ):
        (points,) = re.findall(r"情况（(\d+)分）", said[f"5(2){place}"])
        assert sum(rules.items[key].cap for key in keys) == int(points)


def test_the_counties_are_those_of_the_table_but_for_the_one_that_came_in_the_assessed_year(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=NOW)
    with database.read() as session:
        table = {each.code: each.name for each in divisions.at_level(session, "county", below="330000")}
        tagged = session.query(Division.code, Division.name).where(Division.tag == "zj-accelerating")
        accelerating = dict(iter(tagged))
    database.dispose()
    counties = EDITION.parameters["applicants"]["divisions"]
    assert table == counties | {LONGGANG: "龙港市"}
    assert EDITION.parameters["floor"]["divisions"] == accelerating
    assert accelerating.items() <= counties.items()


def test_targets_go_from_the_province_over_the_cities_to_the_counties_and_onto_file() -> None:
    year, city = nodes()["targets"], nodes()["decomposition"]
    assert [year[key].form_keys for key in ("fix_indicators", "decompose_cities")] == [
        ("indicators",),
        ("city_targets",),
    ]
    assert "decompose_cities" in before(nodes()["targets"]["start_decompositions"])
    assert city["decompose_counties"].lanes == ("city",)
    assert city["decompose_counties"].form_keys == ("county_targets", "filing")
    assert city["file_targets"].lanes == ("province",)
    assert "file_targets" in before(nodes()["decomposition"]["filed"])


def test_the_numbers_are_recorded_before_anybody_is_called_upon() -> None:
    order = ["record_quota", "open_round", "start_collection", "start_assessments", "score_recommended"]
    for earlier, later in pairwise(order):
        assert earlier in before(nodes()["round"][later])


def test_the_county_assesses_the_city_confirms_and_recommends_the_province_confirms_afresh() -> None:
    application = nodes()["application"]
    assert application["fill_in"].lanes == ("applicant",)
    assert (application["city_review"].lanes, application["city_review"].form_keys) == (
        ("city",),
        ("city_review",),
    )
    assert (application["province_review"].lanes, application["province_review"].form_keys) == (
        ("province",),
        ("province_review",),
    )
    assert {"city_review", "recommendation_submitted"} <= before(nodes()["application"]["province_review"])


def test_the_general_office_of_the_provinces_government_decides() -> None:
    lanes = EDITION.folder.document.content["lanes"]
    assert lanes["government"] == {"office": "government_office", "level": "province"}
    assert nodes()["round"]["decide"].lanes == ("government",)
    assert "省政府办公厅统筹组织督查激励评选工作" in EDITION.texts["6(3)"]
    province = Division(code="330000", name="浙江省", level="province")
    assert offices.usual_name("government_office", province) == "浙江省人民政府办公厅"


def test_ningbo_pays_by_itself_and_everybody_once() -> None:
    assert "除宁波外" in EDITION.texts["8"]
    assert "一次性兑现" in EDITION.texts["8"]
    assert EDITION.parameters["own_funds"]["division"] == "330200"
    money = next(each for each in EDITION.folder.document.content["incentives"] if each.get("amount"))
    assert (money["once"], money["exceptions"][0]["division"]) == (True, "330200")


def test_there_is_no_notice_no_committee_and_no_sanction() -> None:
    whole = "".join(EDITION.texts.values())
    for word, name in (("公示", "notice"), ("评审委员会", "committee"), ("取消", "sanction")):
        assert word not in whole
        assert name not in EDITION.parameters
    assert {"notice", "committee"}.isdisjoint(EDITION.parameters["stages"])


def test_the_copies_reach_every_city_and_county_and_the_eight_departments() -> None:
    text = EDITION.folder.files[f"processes/{EDITION.name}/document.txt"].decode()
    copies = text[text.index("抄送：") :].split("。")[0].removeprefix("抄送：").split("，")
    assert copies[:2] == ["各市、县（市、区）人民政府", "省政府督查室"]
    assert len(copies[2:]) == 8
    assert EDITION.texts["抄送"] == f"{'，'.join(copies)}。"
    assert calls.copied_to(EDITION.parameters) == copies
