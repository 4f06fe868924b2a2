"""What can be cited within an article, in the ways in which documents number it."""

import pytest

from service.domain.articles.passages import passages
from service.domain.forms.fields import article_title


def test_items_and_their_points_are_cited_by_their_numbers() -> None:
    text = "推荐单位提交材料。\n（1） 申报材料\n1． 申报书；\n2． 推荐函。\n（2） 数据以公开数据为准。"
    assert passages("7", text) == {
        "7(1)": "（1） 申报材料\n1． 申报书；\n2． 推荐函。",
        "7(1)1": "1． 申报书；",
        "7(1)2": "2． 推荐函。",
        "7(2)": "（2） 数据以公开数据为准。",
    }


def test_chinese_numerals_are_cited_by_the_same_numbers() -> None:
    text = "给予支持：\n（一）甲。\n(二)乙。\n（十一）丙。\n（二十）丁。"
    assert [*passages("11", text)] == ["11(1)", "11(2)", "11(11)", "11(20)"]


def test_what_stands_below_a_point_in_the_other_script_is_a_level_of_its_own() -> None:
    text = "（一）指标\n1.完成分。\n（1）设区市。\n（2）省级。\n2.超额分。\n（1）设区市。\n（二）机制"
    found = passages("5", text)
    assert [*found] == ["5(1)", "5(1)1", "5(1)1(1)", "5(1)1(2)", "5(1)2", "5(1)2(1)", "5(2)"]
    assert found["5(1)1"] == "1.完成分。\n（1）设区市。\n（2）省级。"
    assert found["5(2)"] == "（二）机制"


def test_both_scripts_may_be_mixed_in_one_list() -> None:
    assert [*passages("7", "（1） 甲\n（2） 乙\n（三）丙")] == ["7(1)", "7(2)", "7(3)"]


def test_firstly_and_secondly_are_points() -> None:
    assert [*passages("四", "(三)工作流程\n一是编制。\n二是审查。")] == ["四(3)", "四(3)1", "四(3)2"]


def test_points_without_items_are_kept_apart_from_the_articles_number() -> None:
    assert [*passages("1", "包括：\n1.甲\n2、乙")] == ["1.1", "1.2"]


@pytest.mark.parametrize("line", ["2022.5 年度", "3.5%以上", "1-2个产品", "一致同意的", "（市、区）推荐"])
def test_a_number_within_a_sentence_is_no_mark(line: str) -> None:
    assert passages("6", f"应当：\n{line}") == {}


@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("6", "第6条"),
        ("6(3)", "第6条（3）"),
        ("7(1)2", "第7条（1）2"),
        ("5(1)2(1)", "第5条（1）2（1）"),
        ("1.2", "第1条第2项"),
        ("附件1", "附件1"),
        ("通知二", "通知二"),
        ("四(3)1", "四（3）1"),
        ("reading 2", "释义2"),
    ],
)
def test_articles_are_called_as_people_cite_them(number: str, title: str) -> None:
    assert article_title(number) == title
