"""Zhejiang's forms of 2020 against the document that they carry out, and a county worked out by hand."""

from fractions import Fraction
from typing import Any

import pytest

from service.domain import forms
from service.domain.forms.kinds.choices import Choice
from tests.forms.folders import Folder, dense

COUNTIES = [("330122", "桐庐县"), ("330127", "淳安县"), ("330182", "建德市")]
APPLICATIONS = [("a1", "桐庐县"), ("a2", "淳安县"), ("a3", "建德市")]
EDITION = Folder(
    "zhejiang_manufacturing/2020",
    2020,
    parameters={
        "quota": {"minimum": 6, "maximum": 6},
        "floor": {"minimum": 1},
        "recommendation": {"cap": 1},
        "shortlist": {"minimum": 6, "maximum": 11},
        "reward": {"amount": 500},
        "review": {"points": 15, "percent": 100, "count_by": 10, "rate": 200},
        "points": {
            "items": [
                {"key": key, "each": each, "cap": cap}
                for key, each, cap in (
                    *(("plan", 2, 2), ("annual_plan", 2, 2), ("policy", 4, 4)),
                    *(("coordination", 4, 4), ("pilot", 4, 4), ("recognition", 1, 4)),
                )
            ]
        },
    },
    rows={
        "cities": [("330100", "杭州市"), ("330200", "宁波市")],
        "counties": COUNTIES,
        "ready_applications": APPLICATIONS,
        "reviewed_counties": APPLICATIONS,
        "ranked_applications": APPLICATIONS,
        "listed_applications": APPLICATIONS,
        "tied_counties": APPLICATIONS[:2],
    },
)
# As the annex prints them: the indicator, its goal of the year with its unit, who is responsible.
PRINTED = """传统制造业研发费用支出增速|10%以上|省科技厅
省市县三级新增产业创新服务综合体|50家以上|省科技厅
传统制造业规上工业全员劳动生产率增速|7%以上|省经信厅
新增工业机器人使用量|10000台以上|省经信厅
全省新增上云企业|34万家|省经信厅
传统制造业新产品产值增速|10%以上|省经信厅
传统制造业领域制订“浙江制造”标准|200个|省市场监督管理局
传统制造业领域培育“品字标浙江制造”企业|120家|省市场监督管理局
传统制造业领域并购重组交易涉及金额|300亿元以上|省地方金融管理局
传统制造业领域“小升规”企业|1000家|省经信厅
全省新增小微企业园|200个|省经信厅
传统制造业新认定高新技术企业|300家|省科技厅
实施重点行业VOCs治理项目|1000个|省生态环境厅
全省淘汰落后产能涉及企业|1000家|省经信厅
全省整治提升“低散乱”企业（作坊）|10000家|省经信厅
全省腾出用能空间|100万吨标煤|省发展改革委（能源局）
全省盘活存量建设用地|10万亩|省自然资源厅"""
GROWTH = {"rd_growth", "productivity_growth", "new_product_growth"}


def rows(key: str, table: str) -> dict[str, str]:
    found = EDITION.definition(key).fields[table]
    assert isinstance(found, forms.GivenTable)
    return {row.key: row.title for row in found.written}


KEYS = list(rows("indicators", "indicators"))


def test_the_annexs_17_rows_stand_as_printed_with_unit_goal_and_office() -> None:
    compiled = EDITION.compiled("indicators")
    table = compiled.definition.fields["indicators"]
    assert isinstance(table, forms.GivenTable)
    assert [column.key for column in table.columns[:3]] == ["target", "bound", "office"]
    office = table.columns[2]
    assert isinstance(office, Choice)
    content = EDITION.valid("indicators")["indicators"]
    printed = []
    for key, title in rows("indicators", "indicators").items():
        row = content[key]
        indicator, unit = title[:-1].rsplit("（", 1)
        target = Fraction(row["target"])
        assert target.denominator == 1
        bound = "以上" if row["bound"] == "at_least" else ""
        printed.append(f"{indicator}|{target}{unit}{bound}|{dict(office.options)[row['office']]}")
    assert "\n".join(printed) == PRINTED
    for number, line in enumerate(PRINTED.splitlines(), start=1):
        assert dense(f"{number}{line.replace('|', '')}") in EDITION.document
    assert compiled.title == "加快传统制造业改造提升行动计划2019年度重点量化指标汇总表"
    assert dense(compiled.title) in EDITION.document


@pytest.mark.parametrize("key", ["self_assessment", "city_review", "province_review"])
def test_every_stage_judges_the_same_17_indicators_and_the_same_mechanism(key: str) -> None:
    assert rows(key, "completion") == rows("indicators", "indicators")
    assert rows(key, "mechanism") == rows("self_assessment", "mechanism")


@pytest.mark.parametrize("key", ["city_targets", "county_targets"])
def test_targets_are_decomposed_by_the_same_indicators_in_the_same_order(key: str) -> None:
    fields = EDITION.definition(key).fields
    columns = [part.key for part in fields["targets"].parts()][1:]
    assert columns == KEYS
    assert [part.key for part in fields["totals"].parts()][1:] == KEYS
    compiled = EDITION.compiled(key)
    labels = [part.label(compiled.scope) for part in fields["targets"].parts()][1:]
    assert labels == list(rows("indicators", "indicators").values())


def test_the_wording_of_the_mechanism_is_the_documents() -> None:
    for title in rows("self_assessment", "mechanism").values():
        assert dense(title.replace("传统制造业改造提升实施方案", "实施方案")) in EDITION.document
    definition = EDITION.definition("self_assessment")
    for key in ("plan_points", "policy_points", "coordination_points", "pilot_points"):
        assert dense(definition.fields[key].title) in EDITION.document
    for key in ("progress", "work", "recognitions"):
        field = definition.fields[key]
        assert dense((field.note or field.title).rstrip("。")) in EDITION.document


# A county worked out by hand: VOCs 12 of 8 projects is 150 %; land 0.9 of 1.2 is 75 %; robots were not set.

TARGETS = {"county_targets": {"vocs_projects": {"target": "8"}, "idle_land": {"target": "1.2"}}}


def county(**completion: dict[str, Any]) -> dict[str, Any]:
    content = EDITION.valid("self_assessment")
    content["completion"] = completion
    return content


def test_completion_and_overfulfilment_are_computed_from_the_recorded_target() -> None:
    content = county(
        vocs_projects={"actual": "12", "target": "1", "rate": "9999", "basis": "台账"},
        idle_land={"actual": "0.9", "basis": "台账"},
    )
    found = EDITION.prepared("self_assessment", content, TARGETS)["completion"]
    assert found["vocs_projects"] == {
        "target": "8",
        "actual": "12",
        "rate": "150.00",
        "over": "50.00",
        "basis": "台账",
    }
    assert (found["idle_land"]["rate"], found["idle_land"]["over"]) == ("75.00", "0.00")
    assert found["robots"] == {}, "no target was set: the indicator leaves the county's n"


def test_missing_is_not_zero_and_an_indicator_without_a_target_asks_for_nothing() -> None:
    found = EDITION.problems("self_assessment", county(idle_land={"actual": "0", "basis": "台账"}), TARGETS)
    of_completion = {key: text for key, text in found.items() if key.startswith("/completion")}
    assert of_completion == {
        "/completion/vocs_projects/actual": (
            "error",
            "“VOCs治理项目”已下达目标 8，还没有填写实际完成数；没有发生的填 0，不要留空。",
        )
    }


@pytest.mark.parametrize(
    ("row", "cells", "column", "expected"),
    [
        ("vocs_projects", {"actual": "-1"}, "actual", ("error", "实际完成数是 -1，不能是负数")),
        ("vocs_projects", {"actual": "2.5"}, "actual", ("error", "实际完成数是 2.5，应为整数")),
        ("robots", {"actual": "5", "basis": "台账"}, "actual", ("warning", "没有下达目标")),
        ("robots", {"actual": "5.5", "basis": "台账"}, "actual", ("error", "应为整数")),
        ("vocs_projects", {"actual": "9"}, "basis", ("warning", "没有写明数据来源")),
    ],
)
def test_a_cell_that_a_reviewer_would_question_is_named(
    row: str, cells: dict[str, str], column: str, expected: tuple[str, str]
) -> None:
    severity, message = EDITION.problems("self_assessment", county(**{row: cells}), TARGETS)[
        f"/completion/{row}/{column}"
    ]
    assert severity == expected[0]
    assert expected[1] in message


@pytest.mark.parametrize(
    ("row", "target", "before", "actual", "expected"),
    [
        ("vocs_projects", "8", "10", "16", None),
        ("vocs_projects", "8", "10", "17", "目标是 8，完成率 212.50%，超出较多；请核对数值和计量单位"),
        ("vocs_projects", "40", "10", "20", None),
        ("vocs_projects", "40", "10", "21", "实际完成数是 21，2018年度是 10，变动较大"),
        ("vocs_projects", "40", "0", "10", None),
        ("vocs_projects", "40", "0", "11", "变动较大"),
        ("idle_land", "8", "4", "8", None),
        ("idle_land", "8", "4", "8.01", "实际完成数是 8.01，2018年度是 4，变动较大"),
        ("rd_growth", "10", "2", "17", None),
        ("rd_growth", "10", "2", "-13.1", "变动较大"),
        ("vocs_projects", "40", "", "40", None),
    ],
)
def test_a_figure_far_from_its_target_or_the_year_before_is_questioned(
    row: str, target: str, before: str, actual: str, expected: str | None
) -> None:
    supplied = {"county_targets": {row: {"target": target}}, "county_previous": {row: {"previous": before}}}
    found = EDITION.problems(
        "self_assessment", county(**{row: {"actual": actual, "basis": "台账"}}), supplied
    )
    severity, message = found.get(f"/completion/{row}/actual", ("", None))
    assert severity == ("warning" if expected else "")
    assert message is None if expected is None else expected in (message or "")


def test_the_targets_of_the_year_before_are_shown_beside_those_of_now() -> None:
    content = EDITION.valid("indicators")
    before = {"robots": {"previous": "4999"}, "rd_growth": {"previous": "-6"}, "idle_land": {"previous": "5"}}
    found = EDITION.problems("indicators", content, {"previous_targets": before})
    assert found == {
        "/indicators/rd_growth/target": (
            "warning",
            "“研发费用支出增速”的年度目标是 10.0000，2018年度是 -6，变动较大；请核对数值和计量单位。",
        ),
        "/indicators/robots/target": (
            "warning",
            "“新增工业机器人”的年度目标是 10000.0000，2018年度是 4999，变动较大；请核对数值和计量单位。",
        ),
    }
    content["indicators"]["rd_growth"]["target"] = "100.1"
    assert "超过 100%" in EDITION.problems("indicators", content)["/indicators/rd_growth/target"][1]


def test_a_recognition_of_another_year_is_questioned() -> None:
    content = EDITION.valid("self_assessment")
    speech = {"type": "speech", "name": "全省会议", "files": []}
    content["recognitions"] = [speech | {"date": "2019-12-31"}, speech | {"date": "2020-01-02"}]
    found = EDITION.problems("self_assessment", content)
    assert found["/recognitions/1/date"] == (
        "warning",
        "批示或典型发言第2行的日期是 2020-01-02，不在 2019 年度内；请核对是否计入本年度。",
    )
    assert "/recognitions/0/date" not in found


def test_a_recognition_that_is_listed_twice_is_questioned() -> None:
    content = EDITION.valid("self_assessment")
    speech = {"type": "speech", "name": "全省会议", "date": "2019-05-06"}
    content["recognitions"] = [speech, speech | {"date": "2019-08-01"}]
    assert "/recognitions/0/name" not in EDITION.problems("self_assessment", content)
    content["recognitions"].append(speech)
    found = EDITION.problems("self_assessment", content)
    assert [pointer for pointer in found if pointer.endswith("/name")] == [
        "/recognitions/0/name",
        "/recognitions/2/name",
    ]
    assert found["/recognitions/2/name"] == (
        "warning",
        "批示或典型发言第3行的“全省会议”在 2019-05-06 列了 2 次；请核对有没有重复，每次只计 1 分。",
    )


def test_a_growth_may_be_negative() -> None:
    targets = {"county_targets": {"rd_growth": {"target": "10"}}}
    content = county(rd_growth={"actual": "-2.5", "basis": "统计局"})
    assert "/completion/rd_growth/actual" not in EDITION.problems("self_assessment", content, targets)
    found = EDITION.prepared("self_assessment", content, targets)["completion"]["rd_growth"]
    assert (found["rate"], found["over"]) == ("-25.00", "0.00")


@pytest.mark.parametrize(
    ("held", "recognitions", "expected"),
    [
        ([], 0, ["0", "0", "0", "0", "0"]),
        (["plan"], 0, ["2", "0", "0", "0", "2"]),
        (["plan", "annual_plan", "policy"], 2, ["4", "4", "0", "2", "10"]),
        (["pilot"], 4, ["0", "0", "0", "8", "8"]),
        (["plan", "annual_plan", "policy", "coordination", "pilot"], 9, ["4", "4", "4", "8", "20"]),
    ],
)
def test_the_20_points_of_the_mechanism_come_from_its_items_and_their_caps(
    held: list[str], recognitions: int, expected: list[str]
) -> None:
    points = ["plan_points", "policy_points", "coordination_points", "pilot_points", "mechanism_points"]
    content = EDITION.valid("self_assessment")
    for key, row in content["mechanism"].items():
        row["has"] = key in held
    speech = {"type": "speech", "name": "全省会议", "date": "2019-05-06"}
    content["recognitions"] = [speech] * recognitions
    found = EDITION.prepared("self_assessment", content, {})
    assert [found[key] for key in points] == expected
    review = EDITION.valid("city_review")
    for key, row in review["mechanism"].items():
        row["confirmed"] = key in held
    review["recognitions"] = str(recognitions)
    found = EDITION.prepared("city_review", review, {})
    assert [found[key] for key in points] == expected
    figures = forms.figures(EDITION.definition("city_review"), found, 2020, EDITION.parameters)
    assert figures == {"mechanism_points": expected[-1]}


def test_what_is_claimed_without_evidence_is_pointed_out() -> None:
    content = EDITION.valid("self_assessment")
    content["mechanism"]["policy"] |= {"has": True, "files": []}
    severity, message = EDITION.problems("self_assessment", content)["/mechanism/policy/files"]
    assert severity == "warning"
    assert "“正式出台有关配套政策文件”选择为“是”，还没有上传支撑材料" in message


# The review of the city and of the province.

REPORTED = {
    "county_reported": {"vocs_projects": {"target": "8", "actual": "12"}},
    "county_reported_mechanism": {"plan": {"has": True}, "pilot": {"has": False}},
}


@pytest.mark.parametrize("key", ["city_review", "province_review"])
def test_a_reviewer_may_correct_but_says_why_and_adds_nothing(key: str) -> None:
    content = EDITION.valid(key)
    content["completion"] = {"vocs_projects": {"confirmed": "13"}}
    content["mechanism"]["pilot"]["confirmed"] = True
    found = EDITION.problems(key, content, REPORTED)
    assert found["/completion/vocs_projects/reason"] == (
        "error",
        "“VOCs治理项目”核定为 13，与上报的 12 不同；请写明调整理由。",
    )
    assert found["/completion/vocs_projects/confirmed"][0] == "warning"
    assert "没有上报，不能核定为“是”" in found["/mechanism/pilot/confirmed"][1]
    content["completion"]["vocs_projects"] = {"confirmed": "10", "reason": "两个项目未验收"}
    content["mechanism"]["pilot"]["confirmed"] = False
    found = EDITION.problems(key, content, REPORTED)
    assert not [pointer for pointer in found if found[pointer][0] == "error"]
    rate = EDITION.prepared(key, content, REPORTED)["completion"]["vocs_projects"]["rate"]
    assert rate == "125.00"


def reviewed(key: str, others: dict[str, dict[str, Any]], **fields: Any) -> dict[str, tuple[str, str]]:
    """What a review is asked where the other forms of its case are known."""
    content = EDITION.valid(key) | {"completion": {"vocs_projects": {"confirmed": "12"}}} | fields
    content = EDITION.prepared(key, content, REPORTED)
    there = {name: forms.names_of(EDITION.definition(name), each) for name, each in others.items()}
    found = forms.validate(EDITION.compiled(key), content, there)
    return {problem.pointer: (problem.severity, problem.message) for problem in found}


@pytest.mark.parametrize("key", ["city_review", "province_review"])
def test_no_recognition_is_confirmed_that_was_not_reported(key: str) -> None:
    reported = EDITION.valid("self_assessment")
    for count in (0, 2):
        reported["recognitions"] = [{"type": "speech", "name": "全省会议", "date": "2019-05-06"}] * count
        assert "/recognitions" not in reviewed(key, {"self_assessment": reported}, recognitions=str(count))
        assert reviewed(key, {"self_assessment": reported}, recognitions=str(count + 1))["/recognitions"] == (
            "error",
            f"核定领导批示肯定和典型发言 {count + 1} 次，县（市、区）上报 {count} 次，不能多于上报；"
            "请退回补充或者改正。",
        )


def test_where_the_province_differs_from_the_city_it_is_asked_why() -> None:
    city = EDITION.valid("city_review") | {"recognitions": "2"}
    for row in city["mechanism"].values():
        row["confirmed"] = False
    city["completion"] = {"vocs_projects": {"confirmed": "11"}, "robots": {}}
    mechanism = {key: {"confirmed": key == "plan", "reason": "查阅原件"} for key in city["mechanism"]}
    found = reviewed("province_review", {"city_review": city}, recognitions="1", mechanism=mechanism)
    assert found["/completion/vocs_projects/confirmed"] == (
        "warning",
        "“VOCs治理项目”核定为 12，设区市核定为 11；请核对，并写明调整理由。",
    )
    assert found["/mechanism/plan/confirmed"] == (
        "warning",
        "“正式出台传统制造业改造提升实施方案”的核定与设区市不同；请核对，并在核定依据中说明。",
    )
    assert found["/recognitions"] == (
        "warning",
        "核定 1 次，设区市核定 2 次；请核对，并在核定意见中说明。",
    )
    assert not [pointer for pointer in found if pointer.startswith("/mechanism/") and "plan/" not in pointer]
    city["completion"]["vocs_projects"]["confirmed"] = "12.0"
    city["mechanism"]["plan"]["confirmed"] = True
    assert reviewed("province_review", {"city_review": city}, recognitions="2", mechanism=mechanism) == {}


# Decomposition.


def decomposed(**cells: list[str]) -> dict[str, tuple[str, str]]:
    content = EDITION.valid("county_targets")
    content["targets"] = {
        code: {key: values[place] for key, values in cells.items() if values[place] != "-"}
        for place, (code, _) in enumerate(COUNTIES)
    }
    totals = {"vocs_projects": {"t1": "20"}, "rd_growth": {"t1": "10"}, "idle_land": {"t1": "1.2"}}
    return EDITION.problems("county_targets", content, {"city_targets": totals})


def test_counties_that_together_fall_short_of_the_city_are_a_warning() -> None:
    land = ["0.4", "0.4", "0.4"]
    assert decomposed(vocs_projects=["8", "-", "12"], idle_land=land) == {}, "no target for one is no fault"
    assert decomposed(vocs_projects=["8", "-", "11"], idle_land=land) == {
        "/totals/vocs_projects/t1": (
            "warning",
            "各县（市、区）“实施重点行业VOCs治理项目”目标合计 19 个，少于全市目标 20 个；请核对。",
        )
    }
    land[2] = "0.3999"
    assert list(decomposed(vocs_projects=["8", "-", "12"], idle_land=land)) == ["/totals/idle_land/t1"]


def test_a_growth_below_the_citys_is_a_warning_at_the_countys_cell() -> None:
    found = decomposed(
        rd_growth=["10", "9.5", "12"], vocs_projects=["20", "-", "-"], idle_land=["1.2", "-", "-"]
    )
    assert list(found) == ["/targets/330127/rd_growth"]
    assert found["/targets/330127/rd_growth"][1].startswith(
        "淳安县“传统制造业研发费用支出增速”的目标 9.5% 低于"
    )


@pytest.mark.parametrize(
    ("key", "source", "place", "whose", "whole"),
    [
        ("city_targets", "province_targets", "330100", "杭州市", "全省"),
        ("county_targets", "city_targets", "330122", "桐庐县", "全市"),
    ],
)
def test_no_part_is_more_than_its_whole_and_no_growth_over_100(
    key: str, source: str, place: str, whose: str, whole: str
) -> None:
    compiled = EDITION.compiled(key)
    units = {part.key: part.unit for part in compiled.definition.fields["totals"].parts() if part.key in KEYS}  # type: ignore[attr-defined]
    totals = {source: {indicator: {"t1": "5"} for indicator in KEYS}}
    content = EDITION.valid(key)
    for figure, asked in (("5", set()), ("101", set(KEYS))):
        content["targets"] = {place: dict.fromkeys(KEYS, figure)}
        found = EDITION.problems(key, content, totals)
        about = {pointer: text for pointer, text in found.items() if pointer.startswith(f"/targets/{place}/")}
        assert {pointer.rsplit("/", 1)[1] for pointer in about} == asked
        for indicator in asked:
            severity, message = about[f"/targets/{place}/{indicator}"]
            assert severity == "warning"
            assert message.startswith(f"{whose}“")
            unit = units[indicator]
            expected = "101%，超过 100%" if unit == "%" else f"101 {unit}大于{whole}目标 5 {unit}"
            assert expected in message


def test_a_target_of_zero_is_no_target() -> None:
    found = decomposed(vocs_projects=["20", "0", "-"], idle_land=["2", "-", "-"])
    assert found["/targets/330127/vocs_projects"] == (
        "error",
        "淳安县“实施重点行业VOCs治理项目”的目标是 0，应大于 0；没有下达这项指标的，请留空。",
    )
    content = EDITION.valid("indicators")
    content["indicators"]["robots"]["target"] = "0"
    assert (
        "“新增工业机器人”的年度目标是 0"
        in EDITION.problems("indicators", content)["/indicators/robots/target"][1]
    )


# Recommendation, shortlist, decision, money.

SCORES = {
    "a1": {"total": "94.00", "rank": "1", "winner": True, "accelerating": False},
    "a2": {"total": "84.67", "rank": "2", "winner": False, "accelerating": True},
    "a3": {"total": "82.33", "rank": "3", "winner": False, "accelerating": False},
}


def choose(key: str, column: str, *chosen: str, **fields: Any) -> dict[str, tuple[str, str]]:
    content = EDITION.valid(key) | fields
    content["applications"] = {
        code: {column: code in chosen, "reason": "综合评分。"} for code, _ in APPLICATIONS
    }
    return EDITION.problems(key, content, {"scores": SCORES})


def test_one_county_is_recommended_and_not_last_years_winner() -> None:
    assert choose("selection", "recommended", "a2") == {}, "the best of those that may be recommended"
    assert "还没有推荐任何县" in choose("selection", "recommended")["/applications"][1]
    assert "超过可以推荐的 1 个" in choose("selection", "recommended", "a2", "a3")["/applications"][1]
    assert choose("selection", "recommended", "a1")["/applications/a1/recommended"] == (
        "error",
        "桐庐县上年度已列为省政府督查激励，不再重复推荐；请改为“否”。",
    )
    severity, message = choose("selection", "recommended", "a3")["/applications/a3/recommended"]
    assert severity == "error"
    assert "名列第 3" in message


def test_the_list_is_longer_than_there_are_awards_and_says_by_how_much() -> None:
    found = EDITION.problems("quota", EDITION.valid("quota") | {"quota": "6", "size": "6"})
    assert "不是差额" in found["/size"][1]
    content = EDITION.prepared("quota", EDITION.valid("quota") | {"quota": "6", "size": "8"}, {})
    assert content["ratio"] == "33.33", "two more than six"


def test_who_is_on_the_list_is_read_not_chosen() -> None:
    rows = {key: {**row, "listed": key != "a3", "reason": "在 2 个名额之内。"} for key, row in SCORES.items()}
    content = EDITION.valid("shortlist") | {"applications": {"a3": {"listed": True, "rank": "1"}}}
    found = EDITION.prepared("shortlist", content, {"scores": rows})["applications"]
    assert (found["a1"]["listed"], found["a3"]["listed"], found["a3"]["rank"]) == (True, False, "3")


def test_the_decision_keeps_the_quota_and_the_floor_or_says_who_excepted_it() -> None:
    rows = {"listed_scores": SCORES}

    def decided(*chosen: str, **fields: Any) -> dict[str, tuple[str, str]]:
        content = EDITION.valid("decision") | fields
        content["applications"] = {
            code: {"awarded": code in chosen, "reason": "综合评选。"} for code, _ in APPLICATIONS
        }
        return EDITION.problems("decision", content, rows)

    assert decided("a1", "a2", "a3", exception=False) == {}, "all three, where only three are listed"
    assert "应为 3 个" in decided("a1", "a2", exception=False)["/applications"][1]
    assert decided("a1", "a3", exception=False)["/exception"][0] == "error"
    assert "/exception" not in decided("a1", "a3", exception=True)
    assert "/exception_approver" in decided("a1", "a3", exception=True)
    assert "不需要例外" in decided("a1", "a2", "a3", exception=True)["/exception"][1]


@pytest.mark.parametrize(
    ("ningbo", "demonstration", "channel", "amount", "expected"),
    [
        (False, False, "industry_fund", "500", None),
        (False, True, "special_fund", "500.00", None),
        (True, False, "ningbo", "500", None),
        (True, True, "ningbo", "300", ("/amount", "warning")),
        (False, False, "ningbo", "500", ("/channel", "error")),
        (True, False, "industry_fund", "500", ("/channel", "error")),
        (False, True, "industry_fund", "500", ("/channel", "error")),
        (False, False, "special_fund", "500", ("/channel", "error")),
        (False, False, "industry_fund", "499.99", ("/amount", "error")),
    ],
)
def test_five_million_come_from_the_fund_that_article_7_and_8_name(
    ningbo: bool, demonstration: bool, channel: str, amount: str, expected: tuple[str, str] | None
) -> None:
    given = {"demonstration": demonstration, "channel": channel, "amount": amount}
    content = EDITION.valid("incentive") | given
    found = EDITION.problems("incentive", content, {"award_in_ningbo": ningbo, "award_county": "淳安县"})
    assert {pointer: severity for pointer, (severity, _) in found.items()} == dict(
        [expected] if expected else []
    )


def test_ningbo_is_not_asked_whether_the_province_lists_the_county() -> None:
    paid = EDITION.valid("incentive") | {"channel": "ningbo", "amount": "500"}
    content = {key: value for key, value in paid.items() if key != "demonstration"}
    supplied = {"award_in_ningbo": True, "award_county": "象山县"}
    assert EDITION.problems("incentive", content, supplied) == {}
    there = EDITION.problems("incentive", content, {**supplied, "award_in_ningbo": False})
    assert "/demonstration" in there, "everywhere else it decides on the fund"


CHOSEN: dict[str, dict[str, Any]] = {
    "selection": {f"applications.{code}.recommended": code == "a2" for code, _ in APPLICATIONS},
    "decision": {"applications.*.awarded": True},
}
"""What no draw can know: whom a county's score puts on a list."""


@pytest.mark.parametrize("key", EDITION.keys)
def test_a_sample_of_every_form_passes_and_every_section_names_its_article(key: str) -> None:
    for seed in range(3):
        found = EDITION.valid(key, seed, **CHOSEN.get(key, {}))
        errors = {p: text for p, text in EDITION.problems(key, found).items() if text[0] == "error"}
        assert errors == {}
    for section in EDITION.definition(key).sections:
        assert section.article or EDITION.definition(key).article


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("八", "淳安县“实施重点行业VOCs治理项目（个）”：“八”不符合要求，请填写整数。"),
        ("0", "淳安县“实施重点行业VOCs治理项目”的目标是 0，应大于 0；没有下达这项指标的，请留空。"),
    ],
    ids=["no number", "nothing"],
)
def test_a_wrong_cell_is_told_by_the_county_whose_row_is_keyed_by_its_code(typed: str, told: str) -> None:
    found = decomposed(vocs_projects=["20", typed, "-"], idle_land=["1.2", "-", "-"])
    assert found == {"/targets/330127/vocs_projects": ("error", told)}
