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
    assert found == ["/overall/fixed_investment/t1", "/overall/tech_investment/t2"], "but the jumps are seen"


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
