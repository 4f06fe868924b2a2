"""Checks across cells, and the figures that decision tables read."""

import re
from pathlib import Path
from typing import Any

import pytest

from service.domain import forms
from service.domain.forms import Problem
from tests.forms import shipped
from tests.forms.shipped import MEMBERS, compiled, messages, valid


def problems(key: str, content: dict[str, Any], step: str | None = None) -> list[Problem]:
    form = compiled(key, step)
    return forms.validate(form, forms.clean(form, content))


def test_the_share_that_stands_twice_must_agree() -> None:
    good = valid("recommendation")
    good["overall"]["value_added_share"]["t1"] = "8.50"
    good["indicators"]["value_added_share"]["t1"] = "8.5"
    assert problems("recommendation", good) == []
    good["indicators"]["value_added_share"]["t1"] = "8.6"
    (problem,) = problems("recommendation", good)
    assert problem.pointer == "/indicators/value_added_share/t1"
    assert problem.severity == "error"
    assert "基本情况中为 8.5%，此处为 8.6%" in problem.message


def test_a_derived_share_that_differs_by_more_than_rounding_is_a_warning() -> None:
    good = valid("recommendation")
    good["overall"]["tech_investment"]["t1"] = "400"
    good["overall"]["fixed_investment"]["t1"] = "900"
    good["overall"]["tech_investment"]["t2"] = "320"
    good["indicators"]["tech_investment_growth"]["t1"] = "25"
    good["indicators"]["tech_investment_share"]["t1"] = "44.5"
    assert problems("recommendation", good) == [], "44.44… rounds to within the tolerance"
    good["indicators"]["tech_investment_share"]["t1"] = "45"
    (problem,) = problems("recommendation", good)
    assert (problem.pointer, problem.severity) == ("/indicators/tech_investment_share/t1", "warning")
    assert "填写为 45%，按 2017 年技术改造投资和工业固定资产投资推算为 44.44%" in problem.message.replace(
        "\n", ""
    )


def test_nothing_is_derived_by_a_division_by_zero() -> None:
    good = valid("recommendation")
    good["overall"]["fixed_investment"]["t1"] = good["overall"]["tech_investment"]["t1"] = "0"
    good["overall"]["tech_investment"]["t2"] = "0"
    found = [problem.pointer for problem in problems("recommendation", good)]
    assert found == [
        "/overall/fixed_investment/t1",
        "/overall/fixed_investment_growth/t1",
        "/overall/tech_investment/t2",
    ], "but the jumps are seen, and that all of it is gone"


def test_a_check_waits_until_the_cells_that_it_reads_are_right() -> None:
    good = valid("recommendation")
    good["indicators"]["value_added_share"]["t1"] = "101"
    assert [problem.pointer for problem in problems("recommendation", good)] == [
        "/indicators/value_added_share/t1"
    ]
    good["indicators"]["value_added_share"]["t1"] = "55"
    good["overall"]["value_added_share"]["t1"] = "-1"
    assert [problem.pointer for problem in problems("recommendation", good)] == [
        "/overall/value_added_share/t1"
    ]


SERIES = {"t3": "1000.00", "t2": "1100.00", "t1": "1210.00"}
"""Ten per cent more every year."""


@pytest.mark.parametrize(
    ("amount", "growth", "bound"),
    [
        ("value_added", "value_added_growth", 15),
        ("fixed_investment", "fixed_investment_growth", 10),
        ("revenue", "revenue_growth", 10),
        ("profit", "profit_growth", 10),
    ],
)
@pytest.mark.parametrize("year", ["t2", "t1"])
def test_a_growth_is_compared_with_the_two_amounts_that_it_follows_from(
    amount: str, growth: str, bound: int, year: str
) -> None:
    form, content = compiled("recommendation"), valid("recommendation")
    pointer = f"/overall/{growth}/{year}"

    def asked(rate: int) -> str | None:
        content["overall"][growth] = {"t3": "10", "t2": "10", "t1": "10", year: str(rate)}
        found = {problem.pointer: problem for problem in forms.validate(form, content)}
        return found[pointer].message if pointer in found else None

    content["overall"][amount] = SERIES
    assert asked(10 + bound) is None
    told = asked(10 + bound + 1)
    assert told is not None
    assert "两年数额推算为 10%，相差较大" in told
    content["overall"][amount] = SERIES | {"t3": "-5.00", "t2": "-1.00"}
    assert "推算" not in (asked(10 + bound + 1) or ""), "from a loss no rate follows"


def test_a_part_is_not_more_than_its_whole_in_any_year() -> None:
    content = valid("recommendation")
    for row in ("tech_investment", "profit"):
        content["overall"][row] = dict.fromkeys(("t3", "t2", "t1"), "99999.00")
    found = {problem.pointer: problem.message for problem in problems("recommendation", content)}
    for year in ("t3", "t2", "t1"):
        assert "多于“工业固定资产投资（亿元）”的" in found[f"/overall/tech_investment/{year}"]
        assert "多于“规模以上工业主营业务收入（亿元）”的" in found[f"/overall/profit/{year}"]


def test_products_do_not_sell_more_than_all_industry_nor_run_above_capacity() -> None:
    content = valid("recommendation")
    total = content["overall"]["revenue"]["t1"]
    content["leading_products"] = [content["leading_products"][0] | {"revenue": total, "utilisation": "100"}]
    assert problems("recommendation", content) == []
    content["leading_products"].append(
        {**content["leading_products"][0], "revenue": "400", "utilisation": "100.01"}
    )
    found = {
        problem.pointer: (problem.severity, problem.message)
        for problem in problems("recommendation", content)
    }
    assert found.keys() == {"/leading_products", "/leading_products/1/utilisation"}
    assert found["/leading_products"][0] == "warning"
    assert f"大于规模以上工业主营业务收入 （{total} 亿元）" in found["/leading_products"][1]
    assert found["/leading_products/1/utilisation"] == (
        "warning",
        "“主导产业发展情况”第2行：产能利用率为 100.01%，超过 100%；请核对。",
    )


@pytest.mark.parametrize("place", ["value_added_growth", "fixed_investment_growth", "revenue_growth"])
def test_nothing_falls_by_more_than_all_of_it(place: str) -> None:
    content = valid("recommendation")
    content["overall"][place]["t1"] = "-100.01"
    content["indicators"]["tech_investment_growth"]["t1"] = "-100.01"
    content["leading_products"][0]["value_added_growth"] = "-100.01"
    found = messages(compiled("recommendation"), content)
    assert found.keys() == {
        f"/overall/{place}/t1",
        "/indicators/tech_investment_growth/t1",
        "/leading_products/0/value_added_growth",
    }


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({}, "", ""),
        (
            {"unit": "%", "t1": "100.1", "t0": "99", "n1": "99", "n2": "99"},
            "t1",
            "2017年基数是 100.1%，超过 100%",
        ),
        (
            {"unit": "%", "t1": "90", "t0": "101", "n1": "99", "n2": "99"},
            "t0",
            "2018年目标是 101%，超过 100%",
        ),
        (
            {"unit": "％", "t1": "90", "t0": "95", "n1": "101", "n2": "99"},
            "n1",
            "2019年目标是 101%，超过 100%",
        ),
        (
            {"unit": "%", "t1": "90", "t0": "95", "n1": "99", "n2": "101"},
            "n2",
            "2020年目标是 101%，超过 100%",
        ),
        ({"unit": "%", "t1": "10", "t0": "25", "n1": "40", "n2": "55"}, "", ""),
        (
            {"unit": "%", "t1": "10", "t0": "25.1", "n1": "40", "n2": "55"},
            "t0",
            "2018年目标 25.1 与 2017年基数 10 相比变动较大",
        ),
        (
            {"t1": "100", "t0": "150", "n1": "225.1", "n2": "226"},
            "n1",
            "2019年目标 225.1 与 2018年目标 150 相比变动较大",
        ),
        (
            {"t1": "100", "t0": "100", "n1": "100", "n2": "49"},
            "n2",
            "2020年目标 49 与 2019年目标 100 相比变动较大",
        ),
        ({"unit": "家", "t1": "0", "t0": "10", "n1": "20", "n2": "31"}, "n2", "变动较大"),
    ],
)
def test_a_target_of_the_report_that_a_reviewer_would_doubt_is_pointed_out(
    cells: dict[str, str], column: str, expected: str
) -> None:
    content = valid("report")
    content["targets"][0] |= cells
    found = problems("report", content)
    assert [problem.pointer for problem in found] == ([f"/targets/0/{column}"] if column else [])
    assert all(problem.severity == "warning" and expected in problem.message for problem in found)


def test_a_step_hears_nothing_of_the_cells_of_another() -> None:
    good = valid("recommendation")
    good["indicators"]["value_added_share"]["t1"] = "0.01"
    assert problems("recommendation", good, "fill_in")
    assert problems("recommendation", good, "province_review") == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (MEMBERS, None),
        (MEMBERS[:8], "至少要有 9 项"),
        ([*MEMBERS, {**MEMBERS[8], "person": "p10"}], "现有 10 人；人数应为单数"),
        ([*MEMBERS[:8], {**MEMBERS[7], "chair": False}], "有两行填写的是同一项"),
        ([{**member, "chair": False} for member in MEMBERS], "现在是 0 名"),
        ([{**member, "chair": True} for member in MEMBERS], "现在是 9 名"),
        ([{**member, "role": "expert"} for member in MEMBERS], "请补上缺少的一方"),
    ],
)
def test_the_committee_is_odd_large_enough_mixed_and_has_one_chair(
    members: list[dict[str, Any]], expected: str | None
) -> None:
    found = messages(compiled("committee"), {"members": members})
    if expected is None:
        assert found == {}
    else:
        assert expected in found["/members"]


def test_a_recommendation_without_declaration_is_not_complete() -> None:
    found = messages(compiled("letter"), valid("letter") | {"authentic": False})
    assert list(found) == ["/authentic"]
    assert messages(compiled("submission"), valid("submission") | {"consent": False})


def test_somebody_must_be_recommended() -> None:
    content = valid("selection")
    for row in content["applications"].values():
        row["recommended"] = False
    assert "请至少选择一个" in messages(compiled("selection"), content)["/applications"]


def test_figures_are_exact_decimal_strings_and_flags_are_words() -> None:
    content = valid("recommendation")
    content["indicators"]["tech_investment_growth"]["t1"] = "15.00"
    content["leading_products"] = [
        content["leading_products"][0] | {"national_share": share} for share in ("4.9", "12.35", "5")
    ]
    figures = forms.figures(shipped.definition("recommendation"), content, 2018)
    assert figures["tech_investment_growth"] == "15"
    assert figures["leading_product_share"] == "12.35"
    report = valid("report") | {"safety_accident": True}
    assert forms.figures(shipped.definition("report"), report, 2018) == {
        "safety_accident": "yes",
        "environment_accident": "no",
        "stability_incident": "no",
    }


def test_a_figure_that_is_not_filled_in_is_absent_and_not_zero() -> None:
    content = valid("recommendation")
    content["indicators"]["tech_investment_share"]["t1"] = ""
    del content["leading_products"]
    figures = forms.figures(shipped.definition("recommendation"), content, 2018)
    assert figures.keys() == {"tech_investment_growth"}


NESTED = re.compile("“[^”]*“")


@pytest.mark.parametrize("file", sorted((shipped.ROOT / "forms").rglob("*.yaml")), ids=lambda file: file.stem)
def test_what_is_quoted_within_a_quotation_has_marks_of_its_own(file: Path) -> None:
    assert [line for line in file.read_text().splitlines() if NESTED.search(line)] == []
