"""How forms lie on paper: nothing is cut, broken or out of the order that Word asks for."""

import io
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from service.domain import forms
from service.domain.forms import exports
from service.domain.forms.exports import Paper, columns
from tests.forms.shipped import compiled, valid
from tests.forms.word_files import disorder

CODE = "3F7K-9QXM-ABCD-EFGH"


def word_of(form: forms.Compiled, content: dict[str, Any]) -> Any:
    made = Paper(form, content, "余杭区 · 2018年度", 1, None, CODE, "https://laurel.example/verify/" + CODE)
    return docx.Document(io.BytesIO(exports.document(made)))


def test_the_order_of_elements_can_be_missed() -> None:
    word = word_of(compiled("report"), valid("report"))
    cell = next(iter(word.tables)).cell(0, 0)._tc
    cell.get_or_add_tcPr().insert(0, cell.tcPr.makeelement(qn("w:vAlign"), {}))
    cell.remove(cell[-1])
    assert len(disorder(word.element)) == 2


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("工业稳增长和转型升级成效明显市（州）推荐表", ["工业稳增长和转型升级成效明显市（州）", "推荐表"]),
        (
            "建设信息基础设施和推进产业数字化成效明显市（州）推荐表",
            ["建设信息基础设施和推进产业数字化成效明显", "市（州）推荐表"],
        ),
        (
            "建设信息基础设施和推进产业数字化、数字产业化成效明显的县（市、区）推荐表",
            ["建设信息基础设施和推进产业数字化、", "数字产业化成效明显的县（市、区）推荐表"],
        ),
        (
            "工业稳增长和转型升级成效明显的县（市、区）推荐表",
            ["工业稳增长和转型升级成效明显的", "县（市、区）推荐表"],
        ),
        ("城市试点示范实施方案", ["城市试点示范实施方案"]),
    ],
)
def test_a_long_title_breaks_where_the_annex_breaks_it(title: str, lines: list[str]) -> None:
    assert columns.title_lines(title) == lines


def test_a_column_holds_its_longest_number_on_one_line() -> None:
    texts = [["很长的主导产业名称" * 7], *[["-1234567.89"]] * 7]
    widths = columns.widths([60, *[11] * 7], texts, size=9, margin=1, room=156)
    assert sum(widths) == pytest.approx(156)
    assert min(widths[1:]) >= 11 * 9 / 2 * 25.4 / 72 + 2
    assert widths[0] > 10


def test_a_draft_leaves_room_for_the_seal_and_no_blank_line_above_a_text() -> None:
    form = compiled("recommendation")
    word = word_of(form, forms.clean(form, {}))
    box = next(
        table for table in word.tables if table.cell(0, 0).text.endswith("（盖章）\n　　年　　月　　日")
    )
    assert box.rows[0].height.cm >= 5
    text = word_of(form, valid("recommendation"))
    table = next(each for each in text.tables if each.cell(0, 0).text.startswith("市（州）现有工作基础"))
    assert table.cell(1, 0).paragraphs[0].text != ""


def test_long_names_take_of_the_blank_on_the_cover() -> None:
    form, content = compiled("recommendation"), valid("recommendation")
    blanks = []
    for name in ("宜昌市", "黔东南苗族侗族自治州" * 6):
        word = word_of(form, content | {"city": name, "recommender": name})
        imprint = next(line for line in word.paragraphs if line.text == "工业和信息化部制")
        blanks.append(imprint.paragraph_format.space_before.pt)
    assert blanks == [96, 12]


def test_the_rows_under_one_heading_stay_on_one_page() -> None:
    word = word_of(compiled("recommendation"), valid("recommendation"))
    table = next(each for each in word.tables if each.cell(0, 0).text == "重要考核指标情况")
    kept = [all(p.paragraph_format.keep_with_next for p in row.cells[-1].paragraphs) for row in table.rows]
    # Title and headings; 创新水平; 技术改造, 3 rows; 五大工程, 10; 重点领域, 5.
    assert kept == [True, True, False, *[True] * 2, False, *[True] * 9, False, *[True] * 4, False]


def test_a_table_that_fills_the_last_page_adds_no_blank_one() -> None:
    last = word_of(compiled("recommendation"), valid("recommendation")).paragraphs[-1]
    assert (last.text, last.paragraph_format.line_spacing.pt) == ("", 1)


def test_a_caption_stands_above_its_table() -> None:
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(40))
    html = f"<table><tbody><tr><th>项目</th></tr>{rows}</tbody><caption>表1</caption></table>"
    word = word_of(compiled("report"), valid("report") | {"overview": html})
    table = next(each for each in word.tables if each.cell(0, 0).text == "项目")
    assert "".join(text.text for text in table._tbl.getprevious().iter(qn("w:t"))) == "表1"
    headed = [row._tr.find(".//" + qn("w:tblHeader")) is not None for row in table.rows]
    assert headed == [True, *[False] * 40], "it repeats on each page"
