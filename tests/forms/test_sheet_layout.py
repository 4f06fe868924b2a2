"""How workbooks lie on paper: no text is cut, and each sheet fits the width of its page."""

import io
from typing import Any

import openpyxl

from service.domain import forms
from service.domain.forms import exports, statistics
from service.domain.forms.exports import Paper
from tests.forms.shipped import compiled, valid

CODE = "3F7K-9QXM-ABCD-EFGH"


def excel_of(form: forms.Compiled, content: dict[str, Any]) -> Any:
    made = Paper(form, content, "余杭区 · 2018年度", 1, None, CODE, "https://laurel.example/verify/" + CODE)
    return openpyxl.load_workbook(io.BytesIO(exports.workbook(made)))


def test_a_row_of_a_workbook_is_as_high_as_its_text_and_each_sheet_fits_its_page() -> None:
    content = valid("recommendation")
    content["leading_products"] = [content["leading_products"][0] | {"name": "高端装备" * 15}]
    book = excel_of(compiled("recommendation"), content)
    overall, products = book["近三年工业总体情况"], book["主导产业发展情况（2017年）"]
    assert overall.row_dimensions[3].height is None, "one line"
    row = next(row for row in range(3, 23) if "规模以上单位工业增加值能耗" in overall.cell(row, 1).value)
    assert overall.row_dimensions[row].height >= 30
    assert products.row_dimensions[3].height >= 7 * 15
    assert [overall.page_setup.orientation, products.page_setup.orientation] == ["portrait", "landscape"]
    assert {overall.print_title_rows, products.print_title_rows} == {"$1:$2"}
    assert "A2:B2" in {str(span) for span in book["表单"].merged_cells.ranges}


def test_a_statistics_workbook_prints_on_the_width_of_its_page() -> None:
    form = compiled("recommendation")
    made = statistics.template(form, valid("recommendation"), subject="a:1", title="甲")
    book = openpyxl.load_workbook(io.BytesIO(made))
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.freeze_panes:
            assert sheet.print_title_rows == "$1:$4"
    assert book["重要考核指标情况"].row_dimensions[4].height is None
    assert book["近三年工业总体情况"].row_dimensions[5].height is None, "a hidden key makes no row higher"
    assert book["主导产业发展情况（2017年）"].row_dimensions[4].height >= 30
