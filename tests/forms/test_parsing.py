"""Reading definitions: every fault at once, with its line and what to do."""

import pytest

from service.domain import forms
from service.domain.forms.errors import DefinitionRefused
from service.domain.forms.kinds import KINDS
from tests.forms import shipped

GOOD = """
title: 试填表
sections:
  - title: 第一部分
    fields:
      - {key: name, title: 名称, kind: text}
      - {key: growth, title: 增速, kind: decimal, unit: "%"}
"""


def faults(text: str) -> list[str]:
    return [
        f"{finding.element} {finding.message}{finding.mend}" for finding in forms.check(text, key="trial")
    ]


def with_field(field: str) -> str:
    return GOOD + f"      - {field}\n"


@pytest.mark.parametrize("key", shipped.KEYS)
def test_the_shipped_definitions_have_no_fault(key: str) -> None:
    text = (shipped.ROOT / shipped.EDITION.form_path(key)).read_text()
    assert forms.check(text, key=key) == []


def test_a_definition_without_fault_is_read() -> None:
    definition = forms.parse(GOOD, key="trial")
    assert list(definition.fields) == ["name", "growth"]
    assert definition.digest == forms.parse(GOOD, key="other").digest


def test_all_faults_are_found_at_once_each_with_its_line() -> None:
    found = faults(GOOD.replace("kind: text}", "kind: texts}").replace("key: growth", "key: Growth"))
    assert len(found) == 2
    assert "第6行" in found[0]
    assert "不认识的类型“texts”" in found[0]
    assert "第7行" in found[1]
    assert "“Growth”不能作为 key" in found[1]


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("{key: x, title: 某, kind: text, max_lenght: 5}", "不认识的栏目“max_lenght”"),
        ("{key: name, title: 某, kind: text}", "“name”出现了不止一次"),
        ("{key: x, title: 某, kind: decimal, minimum: abc}", "“minimum”应为加引号的数字"),
        ("{key: x, title: 某, kind: integer, minimum: 1.5}", "“minimum”应为加引号的数字"),
        ("{key: x, title: 某, kind: decimal, minimum: 1e5}", "“minimum”应为加引号的数字"),
        ('{key: x, title: 某, kind: decimal, minimum: "2", maximum: "1.5"}', "minimum 2 大于 maximum 1.5"),
        ("{key: x, title: 某, kind: table, rows: {maximum: -1}}", "“maximum”应为不小于 0 的整数"),
        ("{key: x, title: 某, kind: decimal, scale: 99}", "“scale”应为 1 至 10 的整数"),
        ("{key: x, kind: text}", "缺少“title”"),
        ("{key: x, title: 某, kind: choice}", "缺少 options"),
        ("{key: x, title: 某, kind: choice, options: {a: 甲}}", "至少要有两个选项"),
        ("{key: x, title: 某, kind: text, when: {nowhere: true}}", "“nowhere”不在它前面"),
        ("{key: x, title: 某, kind: text, when: true}", "“when”的写法不对"),
        ("{key: x, title: 某, kind: text, copy: nowhere}", "要重复的“nowhere”不存在"),
        (
            "{key: x, title: 某, kind: decimal, take: {from: nowhere}}",
            "take 所指的“nowhere”不是由其他环节填入",
        ),
        ("{key: x, title: 某, kind: decimal, take: {from: growth}}", "take 所指的“growth”不是由其他环节填入"),
        ("{key: x, title: 某, kind: text, required: 是}", "“required”应为 true 或 false"),
        ("{key: x, title: 某, kind: table}", "缺少 rows"),
        ("{key: x, title: 某, kind: table, rows: {maximum: 3}}", "“columns”应为列表"),
        (
            "{key: x, title: 某, kind: table, rows: {unique: b}, columns: [{key: a, title: 甲, kind: text}]}",
            "unique 所指的列“b”不存在",
        ),
        (
            "{key: x, title: 某, kind: table, rows: {}, columns: [{key: a, title: 甲, kind: table}]}",
            "不认识的类型“table”",
        ),
        ("{key: x, title: 某, kind: table, rows: {written: []}}", "“written”应为列表，至少 1 项"),
        ("{key: x, title: 某, kind: table, rows: {written: [{key: 甲, title: 甲}]}}", "“甲”不能作为 key"),
        ("{key: x, title: 某, kind: table, rows: {written: [{key: a}]}}", "缺少“title”"),
        (
            "{key: x, title: 某, kind: table, rows: {written: [{key: a, title: 甲}, {key: a, title: 乙}]}}",
            "“a”出现了不止一次",
        ),
        (
            "{key: x, title: 某, kind: table, rows: {from: people, written: [{key: a, title: 甲}]}}",
            "不认识的栏目“written”",
        ),
        ("{key: x, title: 某, kind: metric_table, columns: [2017], rows: []}", "“columns”应为文字的列表"),
        (
            "{key: x, title: 某, kind: metric_table, columns: [去年], rows: [{key: a, title: 甲}]}",
            "“去年”不是年份",
        ),
    ],
)
def test_a_faulty_field_is_named_with_its_mend(field: str, fault: str) -> None:
    found = faults(with_field(field))
    assert any(fault in text for text in found), found


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            "checks: [{key: c, at: /growth, message: 不对, expression: number(growht) > 0}]",
            "表单里没有“growht”",
        ),
        (
            "checks: [{key: c, at: /growht, message: 不对, expression: number(growth) > 0}]",
            "表单里没有“growht”",
        ),
        ("checks: [{key: c, at: growth, message: 不对, expression: number(growth) > 0}]", "“growth”不是位置"),
        ("checks: [{key: c, at: /growth, message: 不对}]", "应写且只写一个"),
        ("checks: [{key: c, at: /growth, message: 不对, expression: open(growth)}]", "没有函数 open"),
        ("checks: [{key: c, at: /growth, message: '{growth +}', expression: number(growth) > 0}]", "有误"),
        ("checks: [{key: c, at: /growth, message: 不对, expression: 1 > 0, severity: fatal}]", "“fatal”"),
        ("figures: {g: number(growth.t1)}", "表单里没有“growth.t1”"),
        ("example: {growht: [1, 2]}", "表单里没有“growht”"),
        ("tolerances: {a: 1}", "不认识的栏目“tolerances”"),
        ("imprint: 省厅制", "这份表单没有封面"),
    ],
)
def test_checks_figures_and_examples_may_name_only_what_the_form_has(more: str, fault: str) -> None:
    found = faults(GOOD + more + "\n")
    assert any(fault in text for text in found), found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "title: [",
        "title: a\ntitle: b",
        "a: &x [1]\nb: *x",
        "title: !!python/object/apply:os.system [id]",
        "[" * 5000,
        "x" * 300_000,
        "title: \x00",
    ],
)
def test_what_is_no_definition_is_refused_and_never_crashes(text: str) -> None:
    assert faults(text)
    with pytest.raises(DefinitionRefused):
        forms.parse(text, key="trial")


def test_the_refusal_lists_every_finding() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        forms.parse(GOOD.replace("kind: text}", "kind: a}").replace("kind: decimal", "kind: b"), key="trial")
    assert len(refused.value.findings) == len(refused.value.problems) >= 2


def test_the_guide_for_authors_names_every_kind_and_every_source() -> None:
    guide = (shipped.FOLDER.parents[1] / "README.md").read_text()
    assert all(f"`{kind}`" in guide for kind in KINDS)
    sources = frozenset[str]().union(*(shipped.definition(key).sources for key in shipped.KEYS))
    assert all(f"`{source}`" in guide for source in sources)
