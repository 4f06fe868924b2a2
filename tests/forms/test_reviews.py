"""What the machinery of forms asks and allows: remarks, jumps, parts of a whole, waivers."""

from typing import Any

import pytest

from service.domain import forms
from service.domain.forms.errors import ParameterMissing
from service.domain.forms.kinds.metric_tables import MetricTable

TRIAL = """
title: 试填表
sections:
  - title: 第一部分
    fields:
      - key: table
        title: 指标
        kind: metric_table
        columns: [T-2, T-1]
        remarks: 备注
        rows:
          - {key: rate, title: 增速, kind: decimal, unit: "%", note: 现价。, jump: {by: parameters.review.by}}
          - {key: part, group: 获评数量, name: 国家级获评数量, title: 国家级, kind: integer, within: whole}
          - {key: whole, group: 获评数量, title: 省级, kind: integer, jump: {by: "2", percent: "50"}}
      - key: items
        title: 条件
        kind: table
        rows:
          title: 条件
          waiver: waived
          written: [{key: soft, title: 甲, waivable: true}, {key: hard, title: 乙}]
        columns:
          - {key: met, title: 是否符合, kind: yes_no}
          - {key: waived, title: 放宽, kind: yes_no, when: {met: false}}
          - {key: waiver_reason, title: 理由, kind: text, when: {waived: true}}
          - {key: waiver_approver, title: 批准人, kind: text, when: {waived: true}}
          - {key: waiver_number, title: 批准文号, kind: text, when: {waived: true}}
          - {key: waiver_date, title: 批准日期, kind: date, when: {waived: true}}
"""
REVIEW = {"review": {"by": "5"}}
GOOD: dict[str, Any] = {
    "table": {
        "rate": {"t2": "5.0", "t1": "6"},
        "part": {"t2": "1", "t1": "1"},
        "whole": {"t2": "4", "t1": "4"},
    },
    "items": {"soft": {"met": True}, "hard": {"met": True}},
}


def compiled() -> forms.Compiled:
    return forms.compile(forms.parse(TRIAL, key="trial"), year=2022, parameters=REVIEW)


def told(**given: Any) -> dict[str, str]:
    """Pointer → message of every problem of the good content with something changed."""
    form = compiled()
    table = GOOD["table"] | given.pop("table", {})
    content = forms.clean(form, GOOD | given | {"table": table})
    return {
        problem.pointer: f"{problem.severity} {problem.message}" for problem in forms.validate(form, content)
    }


def test_content_without_remarks_has_no_problem() -> None:
    assert told() == {}


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("0", "5", None),
        ("0", "5.01", "增加 5.01 个百分点"),
        ("5", "-0.01", "减少 5.01 个百分点"),
        ("-3", "2", None),
        ("0", "0", None),
    ],
)
def test_a_rate_jumps_by_points(before: str, after: str, asked: str | None) -> None:
    found = told(table={"rate": {"t2": before, "t1": after}})
    assert list(found) == ([] if asked is None else ["/table/rate/t1"])
    if asked is not None:
        assert found["/table/rate/t1"].startswith("warning 2021年增速（%）：由2020年的 ")
        assert asked in found["/table/rate/t1"]


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("4", "6", False),
        ("4", "7", True),
        ("10", "15", False),
        ("0", "2", False),
        ("0", "3", True),
        ("9", "4", True),
    ],
)
def test_a_count_jumps_where_both_bounds_are_exceeded(before: str, after: str, asked: bool) -> None:
    found = told(table={"part": {"t2": "0", "t1": "0"}, "whole": {"t2": before, "t1": after}})
    assert bool(found) == asked
    assert all("获评数量" not in message and "省级" in message for message in found.values())


def test_a_part_is_no_more_than_its_whole_in_the_same_year() -> None:
    found = told(table={"part": {"t2": "5", "t1": "4"}})
    assert list(found) == ["/table/part/t2"]
    assert found["/table/part/t2"] == (
        "warning 2020年国家级获评数量：现在是 5，多于“省级”的 4，可能填反或者漏计；"
        "请核对；属实的，请在“备注”中说明。"
    )


def test_a_remark_answers_the_question() -> None:
    assert told(table={"part": {"t2": "5", "t1": "4", "remark": " 属实。 "}}) == {}
    assert told(table={"part": {"t2": "5", "t1": "4", "remark": " "}}) != {}


def test_nothing_is_asked_about_what_is_missing_or_wrong() -> None:
    found = told(table={"rate": {"t1": "90"}, "part": {"t2": "九", "t1": "1"}})
    assert list(found) == ["/table/rate/t2", "/table/part/t2"]
    assert all(message.startswith("error") for message in found.values())


@pytest.mark.parametrize("remark", [7, ["x"], {"x": "y"}, "字" * 501])
def test_a_remark_that_is_no_short_text_is_told_at_its_cell(remark: object) -> None:
    found = told(table={"rate": {"t2": "5", "t1": "5", "remark": remark}})
    assert list(found) == ["/table/rate/remark"]
    assert found["/table/rate/remark"].startswith("error 增速（%）备注：")


def test_a_remark_is_shown_after_what_the_form_prints() -> None:
    form = compiled()
    table = form.definition.fields["table"]
    assert isinstance(table, MetricTable)
    grid = table.grid({"rate": {"t2": "5", "remark": "可比。"}}, form.scope)
    assert grid.columns == ("2020年", "2021年", "备注")
    assert [cell.text for cell in grid.rows[0].cells] == ["5", "", "现价。\n可比。"]


def test_the_page_is_told_of_remarks_and_of_what_a_row_lacks() -> None:
    table, items = compiled().uischema["elements"][0]["elements"]
    assert table["options"]["remark"]["label"] == "备注"
    assert [row.get("absent") for row in items["options"]["rows"]] == [
        None,
        ["waived", "waiver_reason", "waiver_approver", "waiver_number", "waiver_date"],
    ]


def test_only_a_waivable_row_can_be_waived() -> None:
    waived = {"met": False, "waived": True, "waiver_reason": "情况特殊。", "waiver_approver": "厅党组会"}
    waived |= {"waiver_number": "〔2022〕2号", "waiver_date": "2022-01-20"}
    assert told(items={"soft": waived, "hard": {"met": True}}) == {}
    found = told(items={"soft": {"met": True}, "hard": waived})
    assert found["/items/hard/waived"] == "error 乙必须具备，没有“原则上”，不能放宽；请删去。"
    assert list(told(items={"soft": {"met": False}, "hard": {"met": True}})) == ["/items/soft/waived"]


def test_samples_fill_in_no_waiver_where_none_can_be() -> None:
    for seed in range(20):
        items = forms.sample(compiled(), seed, {"items.hard.met": False})["items"]
        assert "waived" not in items["hard"]


def test_a_bound_that_the_edition_lacks_is_found_when_the_form_is_compiled() -> None:
    with pytest.raises(ParameterMissing):
        forms.compile(forms.parse(TRIAL, key="trial"), year=2022, parameters={})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("within: whole", "within: hole", "within 所指的“hole”不是本表的数字"),
        ('jump: {by: "2", percent: "50"}', "jump: {}", "jump 没有写界限"),
        ('jump: {by: "2", percent: "50"}', 'jump: {bye: "2", by: "1"}', "不认识的栏目“bye”"),
        ("title: 省级, kind: integer", "title: 省级, kind: text", "只有数字可以写 jump 和 within"),
        ("waiver: waived", "waiver: waver", "waiver 所指的列“waver”不存在"),
        ("          waiver: waived\n", "", "waiver 和 waivable 应同时写"),
        (", waivable: true", "", "waiver 和 waivable 应同时写"),
        ("key: waiver_number,", "key: number,", "可以放宽的表格缺少“批准文号”一列（waiver_number）"),
        ("kind: date", "kind: text", "可以放宽的表格缺少“批准日期”一列（waiver_date）"),
        ("remarks: 备注", "remarks: [备注]", "缺少“remarks”，或它不是文字"),
    ],
)
def test_a_fault_of_the_definition_is_named(old: str, new: str, fault: str) -> None:
    assert old in TRIAL
    found = [finding.message for finding in forms.check(TRIAL.replace(old, new), key="trial")]
    assert any(fault in message for message in found), found


def test_the_trial_definition_has_no_fault() -> None:
    assert forms.check(TRIAL, key="trial") == []
