"""The 2018 edition says what its document says, and carries out every article or says why not."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.domain import editions, tracks
from service.domain.citations import cited, is_taken
from service.domain.procedures import build_services
from service.engine import decisions
from service.engine.definitions import check
from service.engine.documents import Node
from service.engine.packages import Known
from tests.editions.drawings import ROOT
from tests.editions.shipped import Shipped

EDITION = Shipped("miit_industry/2018")
FOLDER = ROOT / "processes" / EDITION.name
ACTING = {"userTask", "serviceTask", "businessRuleTask", "callActivity", "endEvent", "startEvent"}
EVENTS = {"boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent", "eventBasedGateway"}
ARTICLES = [str(number) for number in range(1, 16)]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def nodes(*types: str) -> list[Node]:
    return [node for drawing in EDITION.drawings for node in drawing.nodes if not types or node.type in types]


@cache
def source() -> str:
    """The document as published, without the bookmarks that its conversion to text left behind."""
    return re.sub(r"\[bookmark: \w+\]", "", (FOLDER / "document.txt").read_text())


@cache
def tables() -> list[decisions.Decision]:
    files = EDITION.folder.package.dmn.values()
    return [table for content in files for table in decisions.read(etree.fromstring(content))]


def test_the_recommending_unit_judges_what_cannot_be_computed_where_it_decides() -> None:
    judging = [node.id for node in nodes("userTask") if "conditions" in node.form_keys]
    assert judging == ["province_review"], "第7条：推荐单位负责按条件评选推荐"


def marks() -> Iterator[tuple[str, str]]:
    """(where, article) of everything that says which article it carries out."""
    shared = EDITION.folder.document.shared_articles
    for node in nodes():
        if "article" in node.properties and is_taken(node.properties["article"], shared):
            article = cited(node.properties["article"], shared)
            yield f"{node.document.file}: {node.id}", article
    for table in tables():
        column = [output.name for output in table.outputs].index("article")
        for rule in table.rules:
            yield f"{table.id}: rule {rule.row}", rule.results[column].strip('"')
    content = EDITION.content
    for name, parameter in content["parameters"].items():
        yield f"parameter {name}", parameter["article"]
        if "reading" in parameter:
            yield f"parameter {name}", parameter["reading"]
    for part in ("forms", "materials", "incentives", "duties", "sanctions"):
        for item in content[part]:
            yield f"{part} {item.get('key') or item.get('title') or item.get('act')}", item["article"]
    for path, form in EDITION.folder.forms.items():
        yield from ((path, article) for article in form.articles if is_taken(article, shared))


# The document.


def test_the_articles_are_the_documents_word_for_word() -> None:
    document = source()
    listed = EDITION.content["document"]["articles"]
    assert [article["number"] for article in listed] == ARTICLES
    for article in listed:
        assert f"第{article['number']}条  {article['text']}" in document


def test_nothing_of_the_articles_is_left_out() -> None:
    body = source().split("附件：1.")[0]
    begun = body.index("第1条")
    text = "\n".join(
        f"第{article['number']}条  {article['text']}" for article in EDITION.content["document"]["articles"]
    )
    assert body[begun:].strip() == text


def test_title_and_day_of_force_are_the_documents() -> None:
    document = EDITION.content["document"]
    assert document["title"] == "".join(source().split("第1条")[0].split())
    year, month, day = map(int, document["in_force"].split("-"))
    assert f"本办法自{year}年{month}月{day}日起施行。" in source()


def test_the_figures_of_the_parameters_stand_in_their_articles() -> None:
    texts = EDITION.texts
    parameters = EDITION.content["parameters"]
    quota, notice, committee = parameters["quota"], parameters["notice"], parameters["committee"]
    assert f"每年遴选{quota['minimum']}-{quota['maximum']}个" in texts["5"]
    assert f"公示{notice['working_days']}个工作日" in texts["9"]
    assert f"人数为单数且不少于{committee['minimum']}人" in texts["8"]
    assert committee["odd"] is True
    assert "由工业和信息化部推荐的相关专家及部内相关司局代表" in texts["8"]
    assert committee["roles"] == ["expert", "bureau"]
    assert "激励期一年" in texts["5"]
    assert parameters["award"]["years"] == 1
    assert "取消该市（州）三年评选资格，取消所在省（自治区、直辖市）三年申报资格" in texts["13"]
    assert (parameters["sanction"]["city_years"], parameters["sanction"]["province_years"]) == (3, 3)


def test_the_points_of_the_incentives_stand_in_their_articles() -> None:
    texts = EDITION.texts
    for incentive in EDITION.content["incentives"]:
        if "points" in incentive:
            assert f"加{incentive['points']}分（百分制）" in texts[incentive["article"]]
        else:
            assert incentive["preference"] in texts[incentive["article"]]


# Carrying it out.


@pytest.mark.parametrize("number", ARTICLES)
def test_every_article_is_carried_out_or_not_executable_for_a_reason(number: str) -> None:
    carried_out = {article.split("(")[0] for _, article in marks()}
    reasons = {item["article"]: item for item in EDITION.content["not_executable"]}
    if number == "15":
        assert EDITION.content["first_year"] == int(EDITION.content["document"]["in_force"][:4])
    elif number in carried_out:
        assert reasons.get(number, {"extent": "part"})["extent"] == "part"
    else:
        assert len(reasons[number]["reason"]) > 8


def test_what_is_listed_as_wholly_not_executable_has_no_mark() -> None:
    whole = {item["article"] for item in EDITION.content["not_executable"] if item["extent"] == "whole"}
    assert [where for where, article in marks() if article.split("(")[0] in whole] == []


def test_both_annexes_are_carried_out_by_a_form_each() -> None:
    forms = {form["article"]: form["key"] for form in EDITION.content["forms"]}
    annexes = EDITION.content["document"]["annexes"]
    assert [annex["number"] for annex in annexes] == ["附件1", "附件2"]
    for annex in annexes:
        assert forms[annex["number"]] == annex["form"]
        assert annex["title"].removesuffix("（模板）") in "".join(source().split())


def test_every_mark_names_an_article_of_the_document_or_a_reading() -> None:
    known = {*EDITION.texts, "silent"}
    assert [mark for mark in marks() if mark[1] not in known] == []


def test_every_reading_is_used() -> None:
    readings = {f"reading {reading['number']}" for reading in EDITION.content["readings"]}
    assert readings <= {article for _, article in marks()}


def test_whatever_acts_says_which_article_it_carries_out() -> None:
    silent = [node.id for node in nodes(*ACTING, *EVENTS) if not node.properties.get("article")]
    silent += [
        node.id
        for node in nodes("exclusiveGateway")
        if len(node.outgoing) > 1 and not node.properties.get("article")
    ]
    assert silent == []


# What hangs together.


def test_all_files_pass_the_engine_and_its_lint() -> None:
    known = editions.known(build_services())
    names = Known(
        functions=known.functions,
        services=known.services,
        effects=known.effects,
        forms={*EDITION.folder.document.forms, *tracks.parts(EDITION.content["parameters"], "main")},
        articles={*EDITION.texts, *EDITION.folder.document.shared_articles},
    )
    assert [str(finding) for finding in check(EDITION.folder.package, names)] == []


def test_the_edition_can_be_published() -> None:
    found = editions.check(EDITION.folder, editions.known(build_services()))
    assert [str(finding) for finding in found] == []


def test_every_lane_is_somebodys_but_where_only_other_editions_go() -> None:
    lanes = EDITION.content["lanes"]
    assert {lane for node in nodes() for lane in node.lanes} == set(lanes)
    for node in nodes("userTask"):
        (lane,) = node.lanes
        assert lanes[lane] or "assignee" in node.properties or lane in {"statistics", "partner"}


def test_every_form_that_a_task_uses_exists_and_every_form_is_used() -> None:
    parameters = EDITION.content["parameters"]
    used = {key for node in nodes("userTask") for key in tracks.form_keys(parameters, "main", node.form_keys)}
    listed = {form["key"] for form in EDITION.content["forms"]}
    on_disk = {Path(path).stem for path in EDITION.folder.files if path.startswith("forms/")}
    assert used == listed == on_disk


def test_every_material_that_article_7_asks_for_is_a_form_that_somebody_fills_in() -> None:
    used = {key for node in nodes("userTask") for key in node.form_keys}
    materials = EDITION.content["materials"]
    assert [material["title"] for material in materials] == [
        "申报书",
        "推荐函",
        "推荐表",
        "真实性、合规性声明",
    ]
    assert all(material["form"] in used for material in materials)


def test_ids_are_english_and_names_are_the_official_chinese() -> None:
    for node in nodes():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", node.id), node.id
        if node.name:
            assert CHINESE.search(node.name), node.id
    for node in nodes("userTask"):
        assert node.decisions, node.id
        assert all(CHINESE.search(label) for label in node.decisions.values()), node.id


def test_an_element_has_one_id_in_the_whole_edition_but_for_messages_on_both_ends() -> None:
    seen: dict[str, list[Node]] = {}
    for node in nodes():
        seen.setdefault(node.id, []).append(node)
    twice = {
        key
        for key, found in seen.items()
        if len(found) > 1 and not all(node.type.endswith(("CatchEvent", "ThrowEvent")) for node in found)
    }
    assert twice == set()


def test_every_message_is_both_thrown_and_caught_with_the_same_correlation() -> None:
    thrown: dict[str, set[frozenset[str]]] = {}
    caught: dict[str, set[frozenset[str]]] = {}
    for node in nodes():
        event = node.event("message")
        message = node.document.message_of(event) if event is not None else None
        if message is not None:
            side = thrown if node.type == "intermediateThrowEvent" else caught
            side.setdefault(message.name, set()).add(frozenset(message.retrievals))
    assert thrown == caught
    assert all(len(keys) == 1 for keys in thrown.values())


# 第6条.

FIGURES = {
    "leading_product_share": "5",
    "tech_investment_share": "40",
    "tech_investment_growth": "15.01",
    "safety_accident": "no",
    "environment_accident": "no",
    "stability_incident": "no",
}


def judged(**changed: str) -> dict[str, dict[str, Any]]:
    (table,) = tables()
    found = decisions.decide(table, {"figures": FIGURES | changed})
    assert [each["condition"] for each in found] == list(FIGURES)
    return {each["condition"]: each for each in found}


def test_thresholds_include_the_number_where_the_document_says_so() -> None:
    assert all(each["met"] for each in judged().values())
    assert judged(tech_investment_share="39.99")["tech_investment_share"]["met"] is False
    assert judged(leading_product_share="4.99")["leading_product_share"]["met"] is False
    assert judged(tech_investment_growth="15")["tech_investment_growth"]["met"] is False


def test_a_condition_that_is_not_met_says_which_by_how_much_and_under_which_article() -> None:
    share = judged(tech_investment_share="38.25")["tech_investment_share"]
    assert (share["article"], share["threshold"], share["figure"]) == ("6(3)", "40", "38.25")
    assert share["message"] == "技术改造投资占工业投资比重为38.25%，应在40%以上，差1.75个百分点。"
    growth = judged(tech_investment_growth="15")["tech_investment_growth"]
    assert growth["message"] == "技术改造投资增速为15%，应超过15%（等于15%不算超过）。"


@pytest.mark.parametrize("event", ["safety_accident", "environment_accident", "stability_incident"])
def test_each_kind_of_accident_alone_rules_the_applicant_out(event: str) -> None:
    found = judged(**{event: "yes"})
    assert [condition for condition, each in found.items() if not each["met"]] == [event]
    assert found[event]["article"] == "6(7)"


@pytest.mark.parametrize("figure", list(FIGURES))
def test_a_missing_figure_is_an_error_and_never_zero(figure: str) -> None:
    (table,) = tables()
    with pytest.raises(decisions.DecisionFailed, match=figure):
        decisions.decide(table, {"figures": {key: FIGURES[key] for key in FIGURES if key != figure}})
