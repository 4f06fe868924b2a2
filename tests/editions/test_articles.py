"""Every edition under processes/ has its document word for word, and accounts for each article."""

import re
from pathlib import PurePosixPath

import pytest

from service.domain.articles import Account, Article, Standing
from service.domain.editions import EditionFolder
from service.domain.procedures import build_services
from tests.editions.drawings import ROOT

NAMES = [
    f"{file.parent.parent.name}/{file.parent.name}"
    for file in sorted(ROOT.glob("processes/*/*/edition.yaml"))
]

EXECUTABLE = {
    "miit_industry/2018": (
        "4 5 7 8 9 13 15 附件1 附件2",
        "2 6 10 11 12 14",
        "1 3",
    ),
    "miit_industry/2022": (
        "通知二 通知三 通知四 通知五 4 5 8 9 10 12 16 18 附件1 附件2 附件3 附件4 抄送",
        "通知一 2 6 7 11 13 14 15 17",
        "1 3",
    ),
    "pilot_city/2016": ("通知二 通知三 附件", "通知一 二 三 四 五", "一"),
    "shandong_industry/2023": (
        "4 5 8 9 10 13 15 16 附件2 附件3 附件4 附件5 附件6 附件7",
        "2 3 6 7 11 12 14",
        "1",
    ),
    "zhejiang_manufacturing/2020": ("3 5 6 附件 抄送", "4 7 8 9 10", "1 2"),
}
"""By hand, from a reading of each document: executable, partly, not."""

PILOT = {
    Standing.CARRIED_OUT: "四(1) 四(3)1 四(3)2 四(3)4",
    Standing.PARTLY: "二(2) 四(2) 四(3) 四(3)3 四(3)5 五(1) 五(2) 五(3) 五(4)",
    Standing.NOT_EXECUTABLE: "二(1) 二(3)",
}
"""The same of the items of a document whose parts are of very different kinds."""

COMMITTEE = "miit_industry/2018 miit_industry/2022 shandong_industry/2023"
ONLY = {
    "bonuses": "miit_industry/2022",
    "cycles": "pilot_city/2016",
    "evaluations": "pilot_city/2016",
    "notices": COMMITTEE,
    "procedures.effects.standings": "zhejiang_manufacturing/2020",
    "procedures.operators.plans": "pilot_city/2016",
    "recommendations": "miit_industry/2022",
    "sanctions": COMMITTEE,
    "scores": COMMITTEE,
    "shortlists": COMMITTEE,
    "shortlists.preceding": "shandong_industry/2023",
    "standings": "zhejiang_manufacturing/2020",
    "targets": "zhejiang_manufacturing/2020",
    "waivers": "miit_industry/2022 shandong_industry/2023",
}
"""Whose procedure the rules of a module belong to: no other edition is carried out by them."""

STEPS = {
    "statistics_check": "miit_industry/2022",
    "lapsed_at_statistics": "miit_industry/2022",
    "joint_consent": "miit_industry/2022",
    "joint_overdue": "miit_industry/2022",
    "city_review": "miit_industry/2018 zhejiang_manufacturing/2020",
    "lapsed_at_city": "miit_industry/2018",
    "waive_rules": "miit_industry/2022 shandong_industry/2023",
    "waive_for_replacement": "miit_industry/2022 shandong_industry/2023",
    "await_list": "shandong_industry/2023",
}
"""Which editions come to a step of a drawing that several share."""

READINGS = {
    "miit_industry/2018": "0 1 2 3 6 11 15 16 17 20",
    "miit_industry/2022": "1 2 3 6 10 11 12 13 14 15 16 17 18 20",
    "pilot_city/2016": "6 10 16 17 20",
    "shandong_industry/2023": "1 2 3 6 7 8 9 13 14 15 16 17 20",
    "zhejiang_manufacturing/2020": "3 4 5 6 14 19 20",
}
"""Where each document is silent, by the numbers of the rule sheets."""

ITSELF = {"shandong_industry/2023": {"附件1"}}
"""What an annex to another paper calls itself."""

IN_WORDS = {"accidents"}
"""Lengths that forms can only say in words: 近三年."""

HEAD = r"(第([一二三四五六七八九十]+|\d+)条|[一二三四五六七八九十]+、)"
"""What stands before the text of an article."""
BETWEEN = {
    "miit_industry/2022": r"特此通知。附件：.*\(2022年修订\)\(联系电话：.*\)工业和信息化部.*\(2022年修订\)",
    "pilot_city/2016": r"“中国制造2025”城市试点示范工作方案《中国制造2025》发布以来,.*城市试点示范工作。",
}
"""What stands between a notice and the document that it sends round."""


@pytest.fixture(scope="module", autouse=True)
def _rules() -> None:
    build_services()


def folder(name: str) -> EditionFolder:
    return EditionFolder.read(ROOT, name)


def account(name: str) -> Account:
    return folder(name).account


def articles(name: str) -> list[Article]:
    return [article for article in account(name).whole if not article.is_reading]


@pytest.mark.parametrize("name", NAMES)
def test_no_article_is_missing_and_nothing_points_to_one_that_does_not_exist(name: str) -> None:
    assert [str(finding) for finding in account(name).findings] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name in READINGS])
def test_people_can_read_how_the_project_understands_what_the_document_leaves_open(name: str) -> None:
    told = {str(each["number"]) for each in folder(name).document.content["readings"]}
    assert set(READINGS[name].split()) - told == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_article_and_annex_is_carried_out_or_a_reason_says_why_not(name: str) -> None:
    for article in articles(name):
        whole = [article, *account(name).items(article.number)]
        if article.standing == Standing.NOT_EXECUTABLE:
            assert len(article.reasons[0].reason) > 8, article.title
        else:
            assert any(each.marks for each in whole), article.title


@pytest.mark.parametrize("name", [name for name in NAMES if name in EXECUTABLE])
def test_what_can_be_executed_is_what_a_reading_of_the_document_says(name: str) -> None:
    found = {standing: set[str]() for standing in Standing}
    for article in articles(name):
        found[article.standing].add(article.number)
    carried_out, partly, not_executable = (set(numbers.split()) for numbers in EXECUTABLE[name])
    assert found == {
        Standing.CARRIED_OUT: carried_out,
        Standing.PARTLY: partly,
        Standing.NOT_EXECUTABLE: not_executable,
        Standing.MISSING: set(),
    }


def test_of_the_pilots_document_each_item_is_told_apart() -> None:
    listed = account("pilot_city/2016").articles
    for standing, numbers in PILOT.items():
        for number in numbers.split():
            assert listed[number].standing == standing, number


@pytest.mark.parametrize(
    ("name", "article"), [("miit_industry/2022", "11"), ("shandong_industry/2023", "13")]
)
def test_an_exception_is_made_by_the_article_whose_rule_it_is(name: str, article: str) -> None:
    keys = {mark.key for mark in account(name).articles[article].marks}
    assert {"waive_rules", "waive_for_replacement", "waiver"} <= keys


@pytest.mark.parametrize("name", NAMES)
def test_a_step_that_an_edition_never_comes_to_carries_out_none_of_its_articles(name: str) -> None:
    elements = {
        mark.key for each in account(name).articles.values() for mark in each.marks if mark.kind == "element"
    }
    foreign = [step for step, editions in STEPS.items() if name not in editions.split()]
    assert elements & {*foreign} == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_of_another_procedure_is_said_to_carry_out_an_article(name: str) -> None:
    rules = {
        mark.key for each in account(name).articles.values() for mark in each.marks if mark.kind == "rule"
    }
    assert rules
    foreign = [module for module, editions in ONLY.items() if name not in editions.split()]
    assert [rule for rule in rules if any(f"service.domain.{each}." in rule for each in foreign)] == []


@pytest.mark.parametrize("name", NAMES)
def test_who_is_barred_for_how_long_is_what_the_document_says_and_nobody_where_it_says_nothing(
    name: str,
) -> None:
    content, texts = folder(name).document.content, folder(name).document.articles
    given = content["parameters"].get("sanction")
    bars = [number for number, text in texts.items() if "评选资格" in text and "reading" not in number]
    assert bars == ([given["article"]] if given else [])
    if given:
        said = texts[given["article"]]
        assert ("三年评选资格" in said, "三年申报资格" in said) == (
            given["city_years"] == 3,
            given["province_years"] == 3,
        )
        (listed,) = (each for each in content["sanctions"] if each["article"] == given["article"])
        assert (listed["city_years"], listed.get("province_years", 0)) == (
            given["city_years"],
            given["province_years"],
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_of_the_document_is_one_that_something_carries_out(name: str) -> None:
    """A parameter that no rule, form or drawing reads would promise what nobody does."""
    read = folder(name)
    texts = [content.decode() for path, content in read.files.items() if path != read.main]
    unread = [
        path
        for path, article in _parameters(account(name))
        if path not in IN_WORDS
        and not any(f"parameters.{path}" in text for text in texts)
        and not _has_rule(account(name), article, path)
    ]
    assert unread == []


def _parameters(found: Account) -> list[tuple[str, str]]:
    return [
        (mark.key, article.number)
        for article in found.articles.values()
        for mark in article.marks
        if mark.kind == "parameter"
    ]


def _has_rule(found: Account, article: str, path: str) -> bool:
    return any(mark.kind == "rule" and mark.place == path for mark in found.articles[article].marks)


# The document.


def plain(text: str) -> str:
    """Without spaces, line breaks, and the bookmarks that a conversion left behind."""
    return "".join(re.sub(r"\[bookmark: \w+\]", "", text).split())


def body(name: str) -> str:
    read = folder(name)
    file = str(PurePosixPath(read.main).with_name(read.document.content["document"]["file"]))
    return plain(read.files[file].decode("utf-8-sig"))


def written(name: str) -> list[tuple[str, str]]:
    listed = folder(name).document.content["document"]["articles"]
    return [(article["number"], plain(article["text"])) for article in listed]


@pytest.mark.parametrize("name", NAMES)
def test_the_articles_stand_in_the_document_word_for_word_and_in_its_order(name: str) -> None:
    document, at = body(name), 0
    for number, text in written(name):
        found = document.find(text, at)
        assert found >= 0, f"{number}: {text[:40]}"
        at = found + len(text)


@pytest.mark.parametrize("name", NAMES)
def test_between_the_articles_the_document_says_nothing_else(name: str) -> None:
    document, left, at = body(name), [], 0
    for number, text in written(name):
        found = document.find(text, at)
        left.append((number, document[at:found]))
        at = found + len(text)
    allowed = re.compile(rf"({BETWEEN.get(name, '')})?{HEAD}")
    assert [each for each in left[1:] if not allowed.fullmatch(each[1])] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_annex_that_the_document_has_is_listed(name: str) -> None:
    listed = {annex["number"] for annex in folder(name).document.content["document"].get("annexes", [])}
    read = folder(name)
    file = str(PurePosixPath(read.main).with_name(read.document.content["document"]["file"]))
    headings = re.findall(r"^\s*附件\s*(\d+)\s*$", read.files[file].decode("utf-8-sig"), re.MULTILINE)
    assert {f"附件{number}" for number in headings} <= listed | ITSELF.get(name, set())
