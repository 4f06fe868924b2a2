"""基本条件核实: what 第6条 demands beyond figures, word for word, each judged with its basis."""

import re

import pytest

from service.domain import forms
from tests.forms import shipped
from tests.forms.shipped import FOLDER, compiled, messages, valid

ARTICLE = (FOLDER.parents[2] / "processes/miit_industry/2018/document.txt").read_text(encoding="utf-8")
COMPUTED = [
    "本年度工业主导产业至少有1-2个产品产量占国内全行业5%以上。",
    "本年度技术改造投资占工业投资比重在40%以上，年度增速超过15%。",
    "（7） 近三年，未发生重大安全生产事故、重大环境事故，未发生造成恶劣影响的社会稳定事件。",
]
"""What eligibility.dmn decides."""


def table() -> forms.GivenTable:
    found = shipped.definition("conditions").fields["items"]
    assert isinstance(found, forms.GivenTable)
    return found


def test_what_is_judged_and_what_is_computed_are_together_the_whole_article_word_for_word() -> None:
    items = re.search(r"申报市（州）应具备以下基本条件：\s*(.*?)\s*第7条", ARTICLE, re.DOTALL)
    assert items is not None
    judged = {row.article: row.title for row in table().written}
    assert list(judged) == ["6(1)", "6(2)", "6(3)", "6(4)", "6(5)", "6(6)"]
    printed = [
        *(judged["6(1)"], judged["6(2)"] + COMPUTED[0], judged["6(3)"] + COMPUTED[1]),
        *(judged["6(4)"], judged["6(5)"], judged["6(6)"], COMPUTED[2]),
    ]
    assert [line.strip() for line in items[1].splitlines()] == printed


def test_nothing_is_presumed_and_missing_is_not_unmet() -> None:
    form = compiled("conditions", "province_review")
    assert forms.clean(form, {}) == {"items": {row.key: {} for row in table().written}}
    found = messages(form, {"items": {"plan": {"met": "unmet"}, "quality": {"met": "", "basis": ""}}})
    assert "/items/plan/met" not in found, "不符合 is an answer"
    assert found["/items/plan/basis"].startswith("第6条第（1）项“依据”：还没有填写")
    assert found["/items/quality/met"].startswith("第6条第（4）项“是否符合”：内容是空的")
    assert len(found) == 2 * 6 - 1


@pytest.mark.parametrize(
    ("cell", "value"), [("met", "maybe"), ("met", True), ("basis", "据" * 1001), ("basis", " \n")]
)
def test_a_wrong_cell_is_told_by_the_item_of_the_article(cell: str, value: object) -> None:
    content = valid("conditions")
    content["items"]["upgrading"][cell] = value
    found = messages(compiled("conditions"), content)
    assert list(found) == [f"/items/upgrading/{cell}"]
    assert found[f"/items/upgrading/{cell}"].startswith("第6条第（3）项“")


def test_a_condition_that_the_article_does_not_have_is_refused() -> None:
    content = valid("conditions")
    content["items"]["luck"] = {"met": "met", "basis": "运气好。"}
    assert list(messages(compiled("conditions"), content)) == ["/items/luck"]


def test_every_row_is_shown_with_its_article() -> None:
    form = compiled("conditions")
    (control,) = form.uischema["elements"][0]["elements"]
    assert [row["article"] for row in control["options"]["rows"]] == [f"第6条（{n}）" for n in range(1, 7)]
    (section,) = forms.present(form, valid("conditions"))
    grid = section.blocks[0].table
    assert grid is not None
    assert [row.title for row in grid.rows] == [row.title for row in table().written]
    assert {row.cells[0].text for row in grid.rows} == {"符合"}
