"""Forms as pages show them without the island."""

from typing import Any

import pytest

from service.domain import forms
from service.domain.forms.kinds.grids import Head
from service.domain.forms.present import Block
from tests.forms import shipped
from tests.forms.shipped import compiled, valid


def blocks(key: str, content: dict[str, Any]) -> dict[str, Block]:
    return {block.key: block for section in forms.present(compiled(key), content) for block in section.blocks}


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_form_can_be_shown_filled_in_and_empty(key: str) -> None:
    for content in (valid(key), {}):
        sections = forms.present(compiled(key), content)
        assert [section.title for section in sections] == [
            section.title for section in shipped.definition(key).sections
        ]
        assert all(
            (block.cell is None) != (block.table is None) for section in sections for block in section.blocks
        )


def test_values_read_as_people_write_them() -> None:
    content = valid("recommendation") | {
        "filled_in": "2018-02",
        "government_opinion": "agree",
        "area": "12.50",
    }
    shown = blocks("recommendation", content)

    def text(key: str) -> str:
        cell = shown[key].cell
        assert cell is not None
        return cell.text

    assert text("filled_in") == "2018年2月"
    assert text("government_opinion") == "同意"
    assert text("area") == "12.50"
    assert text("general_city") == content["city"]
    assert shown["area"].title == "面积（平方公里）"


def test_a_metric_table_has_its_years_and_grouped_headings() -> None:
    content = valid("recommendation")
    table = blocks("recommendation", content)["indicators"].table
    assert table is not None
    assert (table.corner, table.depth, table.columns) == ("指标", 3, ("2017年",))
    assert table.rows[0].heads == (Head("创新水平"), Head("高技术产业增加值占工业增加值比重（%）", columns=2))
    assert table.rows[4].heads == (
        Head("五大工程", rows=10),
        Head("制造业创新中心", rows=2),
        Head("国家级（个）"),
    )
    assert table.rows[5].heads == (Head("省级（个）"),)
    assert table.rows[0].cells[0].text == content["indicators"]["high_tech_share"]["t1"]
    assert table.rows[0].cells[0].number


def test_headings_fill_every_row_to_the_same_width() -> None:
    table = blocks("recommendation", {})["indicators"].table
    assert table is not None
    open_rows: list[int] = []  # For each heading that reaches down: how many rows it still covers.
    for row in table.rows:
        open_rows = [rows - 1 for rows in open_rows if rows > 1]
        assert len(open_rows) + sum(head.columns for head in row.heads) == table.depth
        open_rows += [head.rows for head in row.heads if head.rows > 1]


def test_rows_of_the_domain_are_shown_by_their_titles() -> None:
    content = {"scores": {"a1": {"recused": True, "comment": "与申报市有关联"}}}
    table = blocks("score_sheet", content)["scores"].table
    assert table is not None
    assert table.rows[0].heads == (Head("杭州市余杭区"),)
    assert [cell.text for cell in table.rows[0].cells] == ["是", "", "与申报市有关联"]


def test_a_hidden_field_is_left_out() -> None:
    assert "missing" not in blocks("intake", valid("intake"))
    assert "missing" in blocks("intake", valid("intake") | {"seals": False})


def test_rich_text_is_sanitised_once_more_when_it_is_shown() -> None:
    cell = blocks("report", {"overview": "<p>好<script>x()</script></p>"})["overview"].cell
    assert cell is not None
    assert cell.html == "<p>好</p>"


def test_files_are_listed_with_size_and_hash() -> None:
    file = {"name": "函.pdf", "size": 12, "sha256": "a" * 64}
    cell = blocks("letter", {"files": [file]})["files"].cell
    assert cell is not None
    assert [(link.name, link.size, link.sha256) for link in cell.files] == [("函.pdf", 12, "a" * 64)]


@pytest.mark.parametrize("key", shipped.KEYS)
@pytest.mark.parametrize("junk", ["x", 1, [1], {"a": {"b": 1}}, True])
def test_content_of_the_wrong_shape_is_shown_and_never_crashes(key: str, junk: object) -> None:
    forms.present(compiled(key), dict.fromkeys(shipped.definition(key).fields, junk))
