"""Quotes: what is quoted within a quotation has single marks, in whatever says it."""

import pytest

from service.domain.errors import Conflict, Invalid, Problem
from service.domain.quotes import nested
from service.domain.rounds import RoundExists


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请办理“核查”。", "请办理“核查”。"),
        ("先“甲”后“乙”。", "先“甲”后“乙”。"),
        ("“专精特新“小巨人”企业”是 3。", "“专精特新‘小巨人’企业”是 3。"),
        ("“甲“乙“丙”丁”戊”", "“甲‘乙“丙”丁’戊”"),
        ("“甲“乙”", "“甲“乙”"),
        ("甲”乙“丙“丁”", "甲”乙“丙“丁”"),
    ],
)
def test_inner_marks_are_single_where_they_pair(text: str, said: str) -> None:
    assert nested(text) == said


def test_errors_and_the_problems_that_they_name_say_it_so() -> None:
    title = "2026年度“中国制造2025”城市试点示范"
    assert str(RoundExists(title=title)).startswith("“2026年度‘中国制造2025’城市试点示范”已经建立")
    assert isinstance(RoundExists(title=title), Conflict)
    (problem,) = Invalid([Problem("/name", f"“{title}”填错了。")]).problems
    assert problem.message == "“2026年度‘中国制造2025’城市试点示范”填错了。"
