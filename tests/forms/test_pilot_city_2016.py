"""The forms of the pilot cities against the document, and a city's targets worked out by hand."""

import re
from typing import Any

import pytest

from service.domain import forms
from service.domain.forms.kinds.row_tables import RepeatedTable
from tests.forms.folders import Folder, dense

TARGETS = [
    ("intensity", "创新能力：研发投入强度（%）"),
    ("energy", "可持续发展：单位增加值能耗（吨标煤/万元）"),
]
EDITION = Folder(
    "pilot_city/2016",
    2016,
    parameters={
        "materials": {"paper": 3, "discs": 2},
        "committee": {"minimum": 3, "roles": ["expert", "bureau"]},
        "scoring": {"standard_maximum": 25},
        "cycle": {"years": 3},
        "assessment": {"rate": 100},
        "review": {"points": 20, "percent": 50, "count_by": 10, "rate": 150},
        "rectification": {"minimum_days": 20, "maximum_days": 120},
    },
    rows={
        "people": [(f"p{number}", f"专家{number}") for number in range(1, 10)],
        "plan_targets": TARGETS,
        "rectification_items": [("1", "研发投入强度")],
        "divisions": [("320000", "江苏省"), ("370000", "山东省")],
        "committee_members": [("p1", "专家1"), ("p2", "专家2")],
    },
)
SUPPLIED = {
    "plan_targets": {
        "intensity": {"unit": "%", "direction": "higher", "n1": "1.6", "n2": "1.8", "n3": "2"},
        "energy": {"unit": "吨标煤/万元", "direction": "lower", "n1": "0.9", "n2": "0.8", "n3": "0.7"},
    }
}
# The outline as the document prints it; what each chapter is to say stands in its fields.
CHAPTERS = {
    "第一章 基础条件": 4,
    "第二章 总体思路和目标": 3,
    "第三章 打造新型制造业体系": 4,
    "第四章 构建区域协同创新体系": 5,
    "第五章 健全人才培养体系": 3,
    "第六章 完善政策保障体系": 1,
    "第七章 试点工作组织和实施": 3,
    "第八章 其他需要说明的内容": 4,
}


def plan(**fields: Any) -> dict[str, Any]:
    return EDITION.valid("plan") | fields


def test_the_plan_has_the_cover_the_foreword_and_the_eight_chapters() -> None:
    sections = EDITION.definition("plan").sections
    assert {s.title: len(s.fields) for s in sections[2:]} == CHAPTERS
    assert [s.title for s in sections[:2]] == ["封面", "前言"]
    for section in sections[2:]:
        assert dense(section.title) in EDITION.document
    assert dense(f"前言({sections[1].fields[0].title})") in EDITION.document


def test_what_each_chapter_is_to_say_is_the_documents_wording() -> None:
    for section in EDITION.definition("plan").sections[2:-1]:
        for field in section.fields:
            if isinstance(field, RepeatedTable) or field.key == "policies":
                continue
            assert dense(field.title) in EDITION.document, field.title
    fields = EDITION.definition("plan").fields
    assert dense((fields["policies"].note or "").rstrip("。")) in EDITION.document
    for word in ("申报城市", "填报日期"):
        assert f"{word}:" in EDITION.document
        assert word in [field.title for field in fields.values()]


def test_the_choices_are_those_that_the_document_lists() -> None:
    definition = EDITION.definition("plan")
    types = [label for value, label in definition.fields["type"].options if value != "other"]  # type: ignore[attr-defined]
    assert all(dense(label) in EDITION.document for label in types)
    assert len(types) == 6
    table = definition.fields["targets"]
    groups = [label for value, label in table.columns[0].options if value != "other"]  # type: ignore[attr-defined]
    assert "、".join(groups) in EDITION.document
    assert len(groups) == 5


def test_the_targets_are_of_the_three_years_after_the_application() -> None:
    compiled = EDITION.compiled("plan")
    table = compiled.definition.fields["targets"]
    assert isinstance(table, RepeatedTable)
    assert [column.label(compiled.scope) for column in table.columns] == [
        *("方面", "指标", "计量单位", "目标方向", "2015年基数"),
        *("2017年目标", "2018年目标", "2019年目标"),
    ]
    assert "如2016年申报,则目标期限为2017-2019年" in EDITION.document


@pytest.mark.parametrize("key", ["province_review", "score_sheet", "evaluation"])
def test_the_four_standards_stand_word_for_word(key: str) -> None:
    table = EDITION.definition(key).fields["scores" if key == "score_sheet" else "standards"]
    assert isinstance(table, forms.GivenTable)
    assert [row.article for row in table.written] == ["四(2)1", "四(2)2", "四(2)3", "四(2)4"]
    printed = re.search(r"\(二\)选择标准(.*?)\(三\)工作流程", EDITION.document)
    assert printed is not None
    assert dense("".join(row.title for row in table.written)) == printed[1]


@pytest.mark.parametrize(
    ("cells", "column", "severity", "expected"),
    [
        ({"n2": "0"}, "n2", "error", "第1行的 2018年目标是 0，应大于 0"),
        ({"n1": "-1"}, "n1", "error", "应大于 0"),
        ({"n1": "1", "n2": "0.9"}, "n2", "warning", "2018年目标 0.9 与 2017年目标 1 相比没有进步"),
        ({"t1": "2", "n1": "1"}, "n1", "warning", "与 2015年基数 2 相比没有进步"),
        ({"direction": "lower", "t1": "1", "n1": "1.1"}, "n1", "warning", "没有进步"),
        ({"t1": "1", "n1": "1", "n2": "1", "n3": "1"}, "n3", "warning", "不能体现三年的变化"),
        ({"n3": ""}, "n3", "error", "内容是空的"),
        ({"t1": "100.5"}, "t1", "warning", "2015年基数是 100.5%，超过 100%"),
        ({"unit": "％", "n1": "101"}, "n1", "warning", "2017年目标是 101%，超过 100%"),
        ({"t1": "90", "n1": "95", "n2": "101", "n3": "99"}, "n2", "warning", "2018年目标是 101%，超过 100%"),
        ({"t1": "90", "n1": "95", "n2": "99", "n3": "100.01"}, "n3", "warning", "超过 100%"),
        ({"t1": "1", "n1": "21.01"}, "n1", "warning", "2017年目标 21.01 与 2015年基数 1 相比变动较大"),
        ({"n1": "2", "n2": "22.01"}, "n2", "warning", "2018年目标 22.01 与 2017年目标 2 相比变动较大"),
        ({"n2": "2", "n3": "22.01"}, "n3", "warning", "2019年目标 22.01 与 2018年目标 2 相比变动较大"),
        ({"unit": "亿元", "t1": "100", "n1": "150.01"}, "n1", "warning", "变动较大"),
        ({"unit": "家", "t1": "0", "n1": "11"}, "n1", "warning", "变动较大"),
    ],
)
def test_a_target_that_could_not_be_assessed_is_named_at_its_cell(
    cells: dict[str, str], column: str, severity: str, expected: str
) -> None:
    content = plan()
    content["targets"][0] |= cells
    found = EDITION.problems("plan", content)
    assert found[f"/targets/0/{column}"][0] == severity
    assert expected in found[f"/targets/0/{column}"][1]


@pytest.mark.parametrize(
    "cells",
    [
        {"t1": "79", "n1": "99", "n2": "100", "n3": "100"},
        {"unit": "亿元", "t1": "100", "n1": "150", "n2": "225", "n3": "337.5"},
        {"unit": "家", "t1": "0", "n1": "10", "n2": "20", "n3": "30"},
    ],
)
def test_a_target_within_the_bounds_asks_for_nothing(cells: dict[str, str]) -> None:
    content = plan()
    content["targets"][0] |= cells
    assert EDITION.problems("plan", content) == {}


def test_who_applies_together_is_listed_city_by_city() -> None:
    partner = {"name": "镇江市", "tasks": "高端装备", "contact": "李敏", "phone": "0511-12345678"}
    content = plan(city="常州市", joint=True)
    assert EDITION.problems("plan", content | {"partners": [partner]}) == {}
    assert "请填写 1 至 30 个城市" in EDITION.problems("plan", content | {"partners": []})["/partners"][1]
    twice = EDITION.problems("plan", content | {"partners": [partner, partner]})
    assert "有两行填写的是同一项" in twice["/partners"][1]
    again = EDITION.problems("plan", content | {"partners": [partner | {"name": "常州市"}]})
    assert again == {
        "/partners/0/name": (
            "error",
            "联合申报的城市第1行填写的“常州市”就是申报城市；请填写其他城市。",
        )
    }
    alone = EDITION.prepared("plan", plan(joint=False) | {"partners": [partner]}, {})
    assert "partners" not in alone


def test_every_one_of_the_five_aspects_has_a_target() -> None:
    assert EDITION.problems("plan", plan()) == {}
    content = plan()
    for row in content["targets"]:
        if row["group"] == "integration":
            row["group"] = "quality"
    assert EDITION.problems("plan", content) == {
        "/targets": ("error", "目标体系缺少“两化融合”方面的指标；请至少增加一项。")
    }
    content = plan()
    content["targets"][1]["name"] = content["targets"][0]["name"]
    assert "有两行填写的是同一项" in EDITION.problems("plan", content)["/targets"][1]


# The first review, the copies, the scoring.


def test_the_provinces_findings_are_figures_of_their_own() -> None:
    content = EDITION.valid("province_review")
    definition = EDITION.definition("province_review")
    assert forms.figures(definition, content, 2016) == {
        "complete": "yes",
        "authentic": "yes",
        "standards": "yes",
    }
    content["parts"]["chapter_7"]["complete"] = "incomplete"
    content["documents_true"] = False
    content["standards"]["plan"]["met"] = "unmet"
    assert set(forms.figures(definition, content, 2016).values()) == {"no"}
    assert "/parts/chapter_7/missing" in EDITION.problems("province_review", content)
    assert len(content["parts"]) == 10


def test_three_papers_and_two_discs_go_to_the_ministry() -> None:
    assert EDITION.problems("submission", EDITION.valid("submission")) == {}
    found = EDITION.problems("submission", EDITION.valid("submission") | {"paper": "2", "discs": "1"})
    assert "不能小于 3" in found["/paper"][1]
    assert "不能小于 2" in found["/discs"][1]
    found = EDITION.problems("submission", EDITION.valid("submission") | {"review": False})
    assert "材料不齐全" in found["/plan"][1]


def test_a_total_is_the_sum_of_the_four_standards_and_missing_is_not_zero() -> None:
    scores = dict(
        zip(("compliance", "industry", "plan", "government"), ("20", "22.5", "19.25", "25"), strict=True)
    )
    content: dict[str, Any] = {
        "recused": False,
        "scores": {key: {"score": score} for key, score in scores.items()},
    }
    assert EDITION.prepared("score_sheet", content, {})["total"] == "86.75"
    del content["scores"]["plan"]
    assert "total" not in EDITION.prepared("score_sheet", content, {})
    content["scores"]["plan"] = {"score": "25.01"}
    assert "不能大于 25" in EDITION.problems("score_sheet", content)["/scores/plan/score"][1]
    content["scores"]["plan"] = {"score": "12.49"}
    severity, message = EDITION.problems("score_sheet", content)["/scores/plan/comment"]
    assert (severity, "“标准3”得分 12.49 不到满分的一半" in message) == ("warning", True)


def test_who_withdraws_gives_a_reason_and_no_score() -> None:
    content = EDITION.valid("score_sheet") | {"recused": True}
    found = EDITION.prepared("score_sheet", content, {})
    assert not found.keys() & {"scores", "total", "strengths"}
    assert list(EDITION.problems("score_sheet", content)) == ["/reason"]


def test_whom_a_standard_does_not_satisfy_cannot_simply_agree() -> None:
    content = EDITION.valid("evaluation")
    content["standards"]["plan"]["grade"] = "unmet"
    assert EDITION.problems("evaluation", content)["/conclusion"][0] == "error"
    assert "/conclusion" not in EDITION.problems("evaluation", content | {"conclusion": "revise"})
    found = EDITION.problems(
        "evaluation", EDITION.valid("evaluation") | {"conclusion": "revise", "problems": "细化"}
    )
    assert found["/problems"][0] == "warning"


def members(**changes: Any) -> list[dict[str, Any]]:
    roles = ["expert", "bureau", "bureau"]
    return [
        {"person": f"p{n}", "role": role, "chair": n == 1} | (changes if n == 1 else {})
        for n, role in enumerate(roles, start=1)
    ]


@pytest.mark.parametrize(
    ("changes", "pointer", "expected"),
    [
        ({}, None, None),
        ({"chair": False}, "/members", "现在是 0 名"),
        ({"role": "bureau"}, "/members", "请补上缺少的一方"),
    ],
)
def test_the_advisers_are_experts_and_bureaus_together(
    changes: dict[str, Any], pointer: str | None, expected: str | None
) -> None:
    found = EDITION.problems("committee", {"members": members(**changes)})
    if pointer is None:
        assert found == {}
    else:
        assert expected is not None
        assert expected in found[pointer][1]


def test_the_cycle_is_three_years_from_the_year_after_the_application() -> None:
    found = EDITION.prepared("approval", EDITION.valid("approval") | {"first_year": "2017"}, {})
    assert found["last_year"] == "2019"
    late = EDITION.problems("approval", EDITION.valid("approval") | {"first_year": "2018"})
    assert late["/first_year"] == ("error", "起始年度是 2018 年，实施方案的目标从 2017 年起；请改为 2017。")


# Assessment against the city's own targets, by hand: intensity 1.2 of 1.6 is 75 %, 1.9 of 2 is 95 %;
# energy, which is not to exceed 0.9, reaches 0.75: 120 %; 0.8 ÷ 0.84 is 95.238… %.


def assessed(key: str, **reached: dict[str, str]) -> dict[str, Any]:
    content = EDITION.valid(key)
    for row, cells in reached.items():
        content["targets"][row] = {"basis": "统计局"} | cells
    return content


def test_the_midterm_rate_is_computed_from_the_approved_plan() -> None:
    content = assessed("midterm", intensity={"reached_n1": "1.2", "n1": "1"}, energy={"reached_n1": "0.75"})
    found = EDITION.prepared("midterm", content, SUPPLIED)["targets"]
    assert found["intensity"]["n1"] == "1.6"
    assert (found["intensity"]["rate_n1"], found["energy"]["rate_n1"]) == ("75.00", "120.00")
    problems = EDITION.problems("midterm", content, SUPPLIED)
    assert problems == {
        "/targets/intensity/reason": (
            "error",
            "“创新能力：研发投入强度（%）” 2017年完成率为 75.00%，未达 100%；请写明原因和措施。",
        ),
        "/conclusion": (
            "warning",
            "有 1 项目标的 2017年完成率未达 100%，评估结果选择了“达到要求”；请核对，并在评估意见中写明理由。",
        ),
    }
    figures = forms.figures(
        EDITION.definition("midterm"),
        EDITION.prepared("midterm", content | {"conclusion": "unmet"}, SUPPLIED),
        2016,
        EDITION.parameters,
    )
    assert figures == {"targets": "2", "targets_met": "1", "lowest_rate": "75", "met": "no"}


def test_the_final_rates_are_those_of_three_years_and_the_last_one_decides() -> None:
    content = assessed(
        "final",
        intensity={"reached_n1": "1.2", "reached_n2": "1.8", "reached_n3": "1.9", "reason": "项目延期"},
        energy={"reached_n1": "0.9", "reached_n2": "0.84", "reached_n3": "0.7"},
    )
    found = EDITION.prepared("final", content, SUPPLIED)["targets"]
    assert [found["intensity"][f"rate_n{n}"] for n in (1, 2, 3)] == ["75.00", "100.00", "95.00"]
    assert [found["energy"][f"rate_n{n}"] for n in (1, 2, 3)] == ["100.00", "95.24", "100.00"]
    assert list(EDITION.problems("final", content, SUPPLIED)) == ["/conclusion"]


@pytest.mark.parametrize(
    ("key", "cells", "column", "expected"),
    [
        ("midterm", {"reached_n1": "100.5"}, "n1", "2017年实际是 100.5%，超过 100%"),
        ("midterm", {"reached_n1": "2.5"}, "n1", "目标为 1.6，完成率 156.25%，超出较多"),
        ("final", {"reached_n1": "2.5"}, "n1", "完成率 156.25%，超出较多"),
        ("final", {"reached_n2": "2.8"}, "n2", "完成率 155.56%，超出较多"),
        ("final", {"reached_n3": "3.1"}, "n3", "完成率 155.00%，超出较多"),
        ("final", {"reached_n1": "100.5"}, "n1", "2017年实际是 100.5%，超过 100%"),
        ("final", {"reached_n2": "100.5"}, "n2", "2018年实际是 100.5%，超过 100%"),
        ("final", {"reached_n3": "100.5"}, "n3", "2019年实际是 100.5%，超过 100%"),
        ("final", {"reached_n2": "21.7"}, "n2", "2018年实际 21.7 与 2017年实际 1.6 相比变动较大"),
        ("final", {"reached_n3": "21.9"}, "n3", "2019年实际 21.9 与 2018年实际 1.8 相比变动较大"),
    ],
)
def test_an_outcome_that_a_reviewer_would_doubt_is_pointed_out(
    key: str, cells: dict[str, str], column: str, expected: str
) -> None:
    years = ("reached_n1",) if key == "midterm" else ("reached_n1", "reached_n2", "reached_n3")
    usual, energy = (
        dict(zip(years, each, strict=False)) for each in (("1.6", "1.8", "2"), ("0.9", "0.8", "0.7"))
    )
    assert EDITION.problems(key, assessed(key, intensity=usual, energy=energy), SUPPLIED) == {}
    found = EDITION.problems(key, assessed(key, intensity=usual | cells, energy=energy), SUPPLIED)
    severity, message = found[f"/targets/intensity/reached_{column}"]
    assert severity == "warning"
    assert expected in message


def test_the_final_figures_are_those_of_the_midterm_assessment() -> None:
    def asked(at_midterm: str) -> list[forms.Problem]:
        midterm = assessed("midterm", intensity={"reached_n1": at_midterm}, energy={"reached_n1": "0.9"})
        there = forms.names_of(EDITION.definition("midterm"), midterm)
        reached = {"reached_n1": "1.6", "reached_n2": "1.8", "reached_n3": "2"}
        energy = {"reached_n1": "0.90", "reached_n2": "0.8", "reached_n3": "0.7"}
        form = EDITION.compiled("final")
        content = EDITION.prepared("final", assessed("final", intensity=reached, energy=energy), SUPPLIED)
        return forms.validate(form, content, {"midterm": there})

    assert asked("1.60") == []
    assert [(problem.pointer, problem.message) for problem in asked("1.5")] == [
        (
            "/targets/intensity/reached_n1",
            "“创新能力：研发投入强度（%）” 2017年实际为 1.6，中期评估时填写的是 1.5；"
            "请核对，数据经过修订的在数据来源中说明。",
        )
    ]


def test_missing_is_not_zero_and_a_zero_cannot_be_compared() -> None:
    content = assessed("midterm", intensity={"reached_n1": ""}, energy={"reached_n1": "0"})
    found = EDITION.problems("midterm", content, SUPPLIED)
    assert "内容是空的" in found["/targets/intensity/reached_n1"][1]
    assert "是不高于的目标，2017年实际是 0" in found["/targets/energy/reached_n1"][1]
    rows = EDITION.prepared("midterm", content, SUPPLIED)["targets"]
    assert "rate_n1" not in rows["intensity"]
    assert "rate_n1" not in rows["energy"]


def test_each_party_writes_its_own_part_of_an_assessment() -> None:
    for key in ("midterm", "final"):
        definition = EDITION.definition(key)
        parts = [definition.editable(f"{key}_{step}") for step in ("report", "review", "assess")]
        assert not parts[0] & parts[1] | parts[1] & parts[2] | parts[0] & parts[2]
        assert {"targets", "system", "mechanism"} <= parts[0]
        assert {"verified", "province_opinion"} <= parts[1]
        assert "conclusion" in parts[2]
    content = EDITION.valid("midterm") | {"verified": False}
    assert (
        "数据还没有核实" in EDITION.problems("midterm", content, SUPPLIED, "midterm_review")["/verified"][1]
    )


# What follows an assessment that was not met.


def test_what_is_not_mended_cannot_be_judged_as_mended() -> None:
    content = EDITION.valid("rectification_report")
    assert EDITION.problems("rectification_report", content) == {}
    content["items"]["1"]["done"] = False
    found = EDITION.problems("rectification_report", content)
    assert found["/items/1/done"][0] == "warning"
    assert found["/conclusion"] == ("error", "有 1 项没有完成整改，复核结果不能是“达到要求”；请改正。")
    unmet = EDITION.problems("rectification_report", content | {"conclusion": "unmet"})
    assert list(unmet) == ["/items/1/done"]


def test_an_adjusted_target_shows_the_old_one_and_says_why() -> None:
    content = EDITION.valid("adjustment")
    content["targets"] = {
        "intensity": {"new_n2": "1.7", "new_n3": "2"},
        "energy": {"new_n2": "0.8", "new_n3": "0.70"},
    }
    found = EDITION.problems("adjustment", content, SUPPLIED)
    assert found == {
        "/targets/intensity/new_n2": (
            "warning",
            "“创新能力：研发投入强度（%）”的 2018年目标由 1.8 改为 1.7，降低了要求；请核对。",
        ),
        "/targets/intensity/reason": (
            "error",
            "“创新能力：研发投入强度（%）”调整了目标，还没有写明理由；请补上。",
        ),
    }
    assert EDITION.prepared("adjustment", content, SUPPLIED)["targets"]["energy"]["n3"] == "0.7"


@pytest.mark.parametrize(
    ("row", "cells", "column", "expected"),
    [
        ("intensity", {"new_n2": "101", "new_n3": "99"}, "new_n2", "2018年新目标是 101%，超过 100%"),
        ("intensity", {"new_n2": "99", "new_n3": "101"}, "new_n3", "2019年新目标是 101%，超过 100%"),
        (
            "intensity",
            {"new_n2": "2.5", "new_n3": "2.4"},
            "new_n3",
            "2019年新目标 2.4 与 2018年新目标 2.5 相比",
        ),
        ("energy", {"new_n2": "0.6", "new_n3": "0.65"}, "new_n3", "没有进步"),
    ],
)
def test_new_targets_are_a_course_and_no_share_is_over_100(
    row: str, cells: dict[str, str], column: str, expected: str
) -> None:
    content = EDITION.valid("adjustment")
    content["targets"] = {
        "intensity": {"new_n2": "1.8", "new_n3": "2", "reason": "衔接规划"},
        "energy": {"new_n2": "0.8", "new_n3": "0.7", "reason": "衔接规划"},
    }
    assert EDITION.problems("adjustment", content, SUPPLIED) == {}
    content["targets"][row] |= cells
    severity, message = EDITION.problems("adjustment", content, SUPPLIED)[f"/targets/{row}/{column}"]
    assert severity == "warning"
    assert expected in message


@pytest.mark.parametrize("key", EDITION.keys)
def test_a_sample_of_every_form_passes_and_every_section_names_its_article(key: str) -> None:
    for seed in range(3):
        content = EDITION.valid(key, seed, **({"members": members()} if key == "committee" else {}))
        errors = {p: text for p, text in EDITION.problems(key, content).items() if text[0] == "error"}
        assert errors == {}
    assert all(section.article for section in EDITION.definition(key).sections)
