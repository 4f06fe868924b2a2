"""The account of a small document: what counts as carried out, and every fault between it and the marks."""

from typing import Any

import pytest

from service.domain import forms
from service.domain.articles import Account, Kind, Source, Standing, account, beginning
from service.domain.rules import Rule

FORM = """
title: “{T}年度”名额表，{T+3}年前
article: "2"
sections:
  - title: “{T-1}年度”名额
    article: "2(1)"
    fields: [{key: quota, title: 名额, kind: integer, article: "2(1)1"}]
"""
BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
  <process id="round" name="遴选">
    <userTask id="review" name="评审">
      <extensionElements><camunda:properties>
        <camunda:property name="article" value="ARTICLE" />
      </camunda:properties></extensionElements>
    </userTask>
  </process>
</definitions>"""
DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">
  <decision id="conditions" name="条件"><decisionTable hitPolicy="COLLECT">
    <output name="article" /><output name="label" /><output name="met" />
    <rule>
      <outputEntry><text>"2(2)"</text></outputEntry>
      <outputEntry><text>"增速"</text></outputEntry>
      <outputEntry><text>true</text></outputEntry>
    </rule>
  </decisionTable></decision>
</definitions>"""
ARTICLES = {
    "1": "制定依据。",
    "2": "条件：",
    "2(1)": "（1）名额",
    "2(1)1": "1．一个整数",
    "2(2)": "（2）增速",
    "3": "激励。",
    "附件1": "申报书",
    "reading 4": "理解。",
}
CONTENT: dict[str, Any] = {
    "first_year": 2018,
    "document": {"in_force": "2018-02-07", "annexes": [{"number": "附件1", "form": "quota"}]},
    "parameters": {"quota": {"minimum": 1, "open": True, "article": "2", "reading": "reading 4"}},
    "incentives": [{"article": "3", "title": "专项资金"}],
    "not_executable": [
        {"article": "1", "extent": "whole", "reason": "依据"},
        {"article": "3", "extent": "part", "reason": "别处使用"},
    ],
}
RULE = Rule("service.domain.rounds.record_quota", "名额在范围之内", ("quota.minimum",))


def told(article: str = "2", articles: dict[str, str] = ARTICLES, **changed: Any) -> Account:
    """The account with what was changed in edition.yaml, the task marked with `article`."""
    files = {"round.bpmn": BPMN.replace("ARTICLE", article).encode(), "conditions.dmn": DMN.encode()}
    forms_ = {"quota.yaml": forms.parse(FORM, key="quota", file="quota.yaml")}
    return account(Source("edition.yaml", CONTENT | changed, articles, files, forms_), [RULE])


def carried_out_by(found: Account, number: str) -> list[tuple[Kind, str, str]]:
    return [(mark.kind, mark.key, mark.title) for mark in found.articles[number].marks]


def faults(found: Account) -> list[tuple[str, str]]:
    return [(finding.rule, finding.element) for finding in found.findings]


def test_whatever_names_an_article_is_found_with_what_it_is_called() -> None:
    found = told()
    assert carried_out_by(found, "2") == [
        (Kind.ELEMENT, "review", "评审"),
        (Kind.PARAMETER, "quota", "minimum: 1，open: 是"),
        (Kind.RULE, "service.domain.rounds.record_quota", "名额在范围之内"),
        (Kind.FORM_PART, "quota", "“当年度”名额表，T+3年前"),
    ]
    assert carried_out_by(found, "2(1)") == [(Kind.FORM_PART, "quota", "“上年度”名额")]
    assert carried_out_by(found, "2(1)1") == [(Kind.FORM_PART, "quota", "名额")]
    assert carried_out_by(found, "2(2)") == [(Kind.DECISION_ROW, "1", "增速：具备")]
    assert carried_out_by(found, "3") == [(Kind.INCENTIVE, "incentives[0]", "专项资金")]
    assert carried_out_by(found, "附件1") == [(Kind.FORM, "quota", "“当年度”名额表，T+3年前")]
    assert [mark.kind for mark in found.articles["reading 4"].marks] == [Kind.PARAMETER, Kind.RULE]
    assert found.findings == ()


def test_what_carries_an_article_out_stands_in_one_place_with_single_quotation_marks_within() -> None:
    groups = [group.called for group in told().articles["2"].groups]
    assert groups[0] == "流程“遴选”"
    assert groups[-1] == "表单栏目“‘当年度’名额表，T+3年前”"


def test_an_article_is_carried_out_partly_where_a_reason_says_so_and_not_at_all_where_it_is_whole() -> None:
    standings = {number: article.standing for number, article in told().articles.items()}
    assert standings["1"] == Standing.NOT_EXECUTABLE
    assert standings["2"] == standings["2(1)"] == Standing.CARRIED_OUT
    assert standings["3"] == Standing.PARTLY


def test_items_belong_to_their_article() -> None:
    found = told()
    assert [each.number for each in found.whole] == ["1", "2", "3", "附件1", "reading 4"]
    assert [each.number for each in found.items("2")] == ["2(1)", "2(1)1", "2(2)"]
    assert found.articles["2(1)1"].above == "2(1)"


def test_an_annex_is_no_item_of_another_whose_number_begins_like_it() -> None:
    found = told(articles=ARTICLES | {"附件12": "推荐表", "12": "附则", "1(1)": "（1）"})
    assert found.articles["附件12"].above is None
    assert found.articles["12"].above is None
    assert found.articles["1(1)"].above == "1"


def test_an_article_that_nothing_carries_out_is_missing() -> None:
    assert faults(told(incentives=[], not_executable=CONTENT["not_executable"][:1])) == [
        ("article-missing", "3")
    ]


def test_a_reason_for_a_part_explains_only_the_part() -> None:
    found = told(incentives=[])
    assert faults(found) == [("article-missing", "3")]
    assert "其余部分" in found.findings[0].message


def test_an_item_is_missing_where_only_its_siblings_are_carried_out() -> None:
    articles = ARTICLES | {"3(1)": "（1）甲", "3(2)": "（2）乙"}
    changed = {
        "incentives": [{"article": "3(1)", "title": "专项资金"}],
        "not_executable": CONTENT["not_executable"][:1],
    }
    assert faults(told(articles=articles, **changed)) == [("article-missing", "3(2)")]


def test_an_item_is_carried_out_with_its_article() -> None:
    found = told(articles=ARTICLES | {"3(1)": "（1）甲"})
    assert faults(found) == []
    assert found.articles["3(1)"].standing == Standing.PARTLY


def test_a_reading_that_nothing_follows_is_told() -> None:
    assert faults(told(articles=ARTICLES | {"reading 5": "别的理解"})) == [("reading-unused", "reading 5")]


def test_what_cannot_be_executed_as_a_whole_is_carried_out_by_nothing() -> None:
    found = told(article="1")
    assert faults(found) == [("article-contradicted", "1")]
    assert "“评审”" in found.findings[0].message


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"article": "9"}, "review"),
        ({"article": "2(3)"}, "review"),
        ({"selection": {"caps": [{"maximum": 1, "article": "9"}]}}, "selection.caps[0]"),
        ({"duties": [{"article": "9", "title": "义务"}]}, "duties[0]"),
    ],
)
def test_a_mark_that_points_to_no_article_is_an_error(changed: dict[str, Any], key: str) -> None:
    found = told(**changed)
    assert faults(found) == [("article-unknown", key)]
    assert found.findings[0].severity == "error"


def test_an_extent_is_whole_or_part() -> None:
    wrong = [*CONTENT["not_executable"], {"article": "2", "extent": "most", "reason": "…"}]
    assert faults(told(not_executable=wrong)) == [("article-extent", "2")]


def test_what_the_document_is_silent_on_is_no_fault() -> None:
    assert (
        faults(told(parameters={**CONTENT["parameters"], "cap": {"most": None, "article": "silent"}})) == []
    )


def test_a_word_of_a_shared_file_is_the_article_that_the_edition_says() -> None:
    found = told(article="review_marks", shared_articles={"review_marks": "2(2)"})
    assert faults(found) == []
    assert (Kind.ELEMENT, "review", "评审") in carried_out_by(found, "2(2)")


def test_the_day_of_force_carries_out_the_article_that_sets_it() -> None:
    document = CONTENT["document"] | {"in_force_article": "3"}
    marks = carried_out_by(told(document=document), "3")
    assert (Kind.IN_FORCE, "first_year", "2018-02-07 起施行，轮次自 2018 年度起") in marks


def test_the_beginning_of_a_text_is_one_line() -> None:
    assert beginning("第一行\n  第二行") == "第一行第二行"
    assert len(beginning("字" * 100)) == 60
    assert beginning("字" * 100).endswith("…")


def steers(path: str, *own: str, known: str, marked: str = "", given: str | None = None) -> bool:
    return Rule("", "", own, given).is_steered_by(path, known.split(), (marked or path).split())


def test_a_rule_reads_its_parameters_and_what_holds_them() -> None:
    assert steers("quota", "quota", known="quota quota.minimum")
    assert steers("quota.minimum", "quota", known="quota quota.minimum")
    assert steers("quota", "quota.minimum", known="quota quota.minimum")
    assert not steers("quotas", "quota", known="quota quotas")
    assert steers("selection.caps[0]", "selection.caps", known="selection selection.caps")


def test_a_rule_is_not_carried_out_by_an_edition_that_lacks_its_parameter() -> None:
    assert not steers("recommendation", "recommendation.repeat", known="recommendation recommendation.cap")
    assert not steers("quota", "quota", known="quota", given="shortlist")
    assert steers("quota", "quota", known="quota shortlist", given="shortlist")


def test_what_names_an_article_of_its_own_is_not_carried_out_by_what_holds_it() -> None:
    both = "recommendation recommendation.joint"
    assert not steers("recommendation", "recommendation.joint", known=both, marked=both)
    assert steers("recommendation.joint", "recommendation.joint", known=both, marked=both)
    assert steers("recommendation", "recommendation.joint", known=both, marked="recommendation")
