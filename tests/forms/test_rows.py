"""What is computed, supplied and checked row by row."""

from fractions import Fraction
from typing import Any

import pytest

from service.domain import forms
from service.domain.forms import DefinitionRefused, Problem
from service.domain.forms.kinds.row_tables import GivenTable

FORM = """
title: 完成情况
sections:
  - title: 完成情况
    fields:
      - key: indicators
        title: 指标
        kind: table
        rows:
          written:
            - {key: vocs, title: 实施重点行业VOCs治理项目（个）, name: VOCs治理项目}
            - {key: land, title: 全省盘活存量建设用地（万亩）}
        columns:
          - {key: target, title: 目标, kind: decimal, scale: 2, source: targets}
          - {key: actual, title: 完成, kind: decimal, scale: 2}
          - {key: rate, title: 完成率, kind: decimal, unit: "%", scale: 2,
             formula: 100 * number(actual) / number(target)}
          - {key: over, title: 超目标, kind: decimal, unit: "%", scale: 2, formula: number(rate) - 100}
      - key: projects
        title: 项目
        kind: table
        rows: {minimum: 0, maximum: 9, name: 个项目}
        columns:
          - {key: cost, title: 投资, kind: decimal, scale: 1}
          - {key: paid, title: 到位, kind: decimal, scale: 1}
      - key: years
        title: 近两年
        kind: metric_table
        columns: [T-2, T-1]
        rows:
          - {key: revenue, title: 收入, kind: decimal, scale: 1}
          - {key: known, title: 是否公布, kind: yes_no}
      - {key: paid, title: 到位合计, kind: decimal, scale: 1,
         formula: "sum([number(p.paid) for p in projects])"}
checks:
  - key: positive
    at: /indicators/*/actual
    expression: number(row.actual) >= 0
    message: 第 {T} 年“{row_title}”完成 {row.actual}，不能是负数；请核对。
  - key: within
    at: /projects/*/paid
    expression: number(row.paid) <= number(row.cost)
    message: "{row_title}到位 {row.paid} 超过投资 {row.cost}；请核对。"
    severity: warning
  - key: jump
    at: /years/*/t1
    expression: number(row.t1) <= 2 * number(row.t2)
    message: "“{row_title}”由 {row.t2} 增至 {row.t1}；请核对。"
    severity: warning
  - key: half
    at: /projects/*/paid
    equals: number(row.cost) / 2
    message: 应为 {expected}，现在是 {value}；请改正。
    severity: warning
"""
TARGETS = {"targets": {"vocs": {"target": "3"}, "land": {"target": "0"}}}


def compiled(text: str = FORM) -> forms.Compiled:
    return forms.compile(forms.parse(text, key="completion"), year=2020)


def content(**fields: Any) -> dict[str, Any]:
    years = {"revenue": {"t2": "5", "t1": "6"}, "known": {"t2": True, "t1": True}}
    indicators = {"vocs": {"actual": "2"}, "land": {"actual": "1"}}
    return {"indicators": indicators, "projects": [], "years": years} | fields


def prepared(**fields: Any) -> tuple[dict[str, Any], list[Problem]]:
    return forms.prepare(compiled(), None, content(**fields), TARGETS)


def test_a_rate_is_computed_exactly_and_rounded_half_up_once() -> None:
    found, problems = prepared(indicators={"vocs": {"actual": "2"}, "land": {"actual": "1"}})
    assert problems == []
    assert found["indicators"]["vocs"] == {"target": "3", "actual": "2", "rate": "66.67", "over": "-33.33"}
    half, _ = prepared(indicators={"vocs": {"actual": "0.03015"}, "land": {"actual": "1"}})
    assert half["indicators"]["vocs"]["rate"] == "1.01", "1.005 % goes up"
    assert Fraction("0.03015") / 3 * 100 == Fraction("1.005")


def test_missing_is_not_zero_and_nothing_is_divided_by_zero() -> None:
    found, problems = prepared(indicators={"vocs": {"actual": ""}, "land": {"actual": "1"}})
    assert found["indicators"]["vocs"] == {"target": "3", "actual": ""}
    assert found["indicators"]["land"] == {"target": "0", "actual": "1"}
    assert [problem.pointer for problem in problems] == ["/indicators/vocs/actual"]
    zero, _ = prepared(indicators={"vocs": {"actual": "0"}, "land": {"actual": "0"}})
    assert zero["indicators"]["vocs"]["rate"] == "0.00"


def test_what_somebody_typed_over_a_computed_or_a_supplied_cell_is_dropped() -> None:
    forged = {"vocs": {"target": "1", "actual": "2", "rate": "200"}, "land": {"actual": "1", "target": "1"}}
    found, _ = prepared(indicators=forged, paid="9")
    assert found["indicators"]["vocs"]["rate"] == "66.67"
    assert found["indicators"]["land"]["target"] == "0"
    assert "paid" not in found, "no project, no sum"
    unsupplied, _ = forms.prepare(compiled(), None, content(indicators=forged))
    assert unsupplied["indicators"]["vocs"] == {"actual": "2"}


def test_what_was_handed_in_keeps_the_figures_that_it_was_filled_in_against() -> None:
    handed_in, _ = prepared()
    later = {"targets": {"vocs": {"target": "9"}}}
    form = compiled()
    assert forms.supply(form.definition, handed_in, later)["indicators"] == handed_in["indicators"]
    again = forms.supply(form.definition, handed_in, later, form.editable)["indicators"]
    assert again["vocs"]["target"] == "9"
    assert "target" not in again["land"]


def test_a_form_computes_from_its_fields_as_a_row_does_from_its_columns() -> None:
    found, _ = prepared(projects=[{"cost": "2", "paid": "1"}, {"cost": "0.4", "paid": "0.2"}])
    assert found["paid"] == "1.2"


def test_the_page_shows_supplied_and_computed_cells_without_asking_for_them() -> None:
    form = compiled()
    (group,) = form.uischema["elements"]
    columns = group["elements"][0]["options"]["columns"]
    assert [column.get("readonly", False) for column in columns] == [True, False, True, True]
    assert group["elements"][-1]["options"]["readonly"] is True
    shown = forms.supply(form.definition, content(), TARGETS, form.editable)
    assert forms.island(form, shown, version=0)["content"]["indicators"]["vocs"]["rate"] == "66.67"


def test_every_row_is_judged_at_its_own_cell() -> None:
    _, problems = prepared(
        indicators={"vocs": {"actual": "-1"}, "land": {"actual": "-0.5"}},
        projects=[{"cost": "2", "paid": "1"}, {"cost": "2", "paid": "3"}],
        years={"revenue": {"t2": "5", "t1": "10.1"}, "known": {"t2": True, "t1": False}},
    )
    assert [(problem.pointer, problem.severity, problem.message) for problem in problems] == [
        ("/indicators/vocs/actual", "error", "第 2020 年“VOCs治理项目”完成 -1，不能是负数；请核对。"),
        (
            "/indicators/land/actual",
            "error",
            "第 2020 年“全省盘活存量建设用地（万亩）”完成 -0.5，不能是负数；请核对。",
        ),
        ("/projects/1/paid", "warning", "第2行到位 3 超过投资 2；请核对。"),
        ("/years/revenue/t1", "warning", "“收入”由 5 增至 10.1；请核对。"),
    ]


def test_equality_can_be_demanded_of_every_row() -> None:
    _, problems = prepared(projects=[{"cost": "2", "paid": "1"}, {"cost": "2", "paid": "0.5"}])
    assert [(problem.pointer, problem.message) for problem in problems] == [
        ("/projects/1/paid", "应为 1，现在是 0.5；请改正。")
    ]


def test_a_row_with_a_fault_waits_and_the_others_do_not() -> None:
    _, problems = prepared(indicators={"vocs": {"actual": "many"}, "land": {"actual": "-1"}})
    assert [problem.pointer for problem in problems] == ["/indicators/vocs/actual", "/indicators/land/actual"]
    assert "不符合要求" in problems[0].message


def test_a_table_whose_columns_nobody_supplies_is_left_as_it_is() -> None:
    table = compiled(FORM.replace(", source: targets", "")).definition.fields["indicators"]
    assert isinstance(table, GivenTable)
    assert table.supplied == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("number(row.actual) >= 0", "number(row.actuel) >= 0", "表单里没有“indicators.*.actuel”"),
        ("at: /indicators/*/actual", "at: /paid/*/actual", "“paid”不是表格"),
        ("at: /indicators/*/actual", "at: /*/indicators/actual", "不是位置"),
        ("number(actual) / number(target)", "number(done) / number(target)", "所用的“done”不存在"),
        ("100 * number(actual) / number(target)", "number(over) + 1", "用到了排在它后面的公式"),
        ("100 * number(actual) / number(target)", "open(actual)", "有误"),
        ("kind: yes_no", "kind: yes_no, formula: number(x)", "“yes_no”不能有 formula"),
    ],
)
def test_a_mistake_of_the_author_is_named(before: str, after: str, expected: str) -> None:
    assert before in FORM
    with pytest.raises(DefinitionRefused) as refused:
        forms.parse(FORM.replace(before, after), key="completion")
    assert any(expected in finding.message for finding in refused.value.findings)
