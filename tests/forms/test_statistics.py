"""The statistics workbook: out, filled in, and back, exactly; or not at all, with every reason."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import forms
from service.domain.forms import statistics
from service.domain.forms.statistics import NoFigures, WorkbookInvalid, WorkbookRefused, guards
from tests.forms import shipped
from tests.forms.shipped import OTHERS, compiled, compiled_file, valid

SUBJECT, TITLE = "application:1", "余杭区 · 2018年度"
OVERALL, PRODUCTS, SINGLE = "近三年工业总体情况", "主导产业发展情况（2017年）", "单项数据"

WITH_FIGURES = [key for key in shipped.KEYS if statistics.plans(compiled(key))]


def template(form: forms.Compiled, content: dict[str, Any]) -> bytes:
    return statistics.template(form, content, subject=SUBJECT, title=TITLE)


def read(form: forms.Compiled, content: dict[str, Any], workbook: bytes, subject: str = SUBJECT) -> Any:
    return statistics.read(form, content, workbook, subject=subject)


def filled(workbook: bytes, fill: Callable[[Any], None]) -> bytes:
    """The workbook after somebody has worked in it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    fill(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def problems(form: forms.Compiled, content: dict[str, Any], workbook: bytes) -> dict[str, str]:
    with pytest.raises(WorkbookInvalid) as refused:
        read(form, content, workbook)
    return {problem.place: problem.message for problem in refused.value.problems}


def refusal(form: forms.Compiled, workbook: bytes, subject: str = SUBJECT) -> str:
    with pytest.raises(WorkbookRefused) as refused:
        read(form, {}, workbook, subject)
    return str(refused.value)


@pytest.fixture(scope="module")
def form() -> forms.Compiled:
    return compiled("recommendation", "fill_in")


@pytest.fixture(scope="module")
def blank(form: forms.Compiled) -> bytes:
    return template(form, {})


# Out and back


@pytest.mark.parametrize("key", WITH_FIGURES)
def test_a_template_that_nobody_touched_changes_nothing(key: str) -> None:
    form = compiled(key)
    for content in (valid(key), forms.clean(form, {}), {}):
        imported = read(form, content, template(form, content))
        assert imported.changed == 0
        assert imported.content == forms.clean(form, content)


def test_what_is_filled_in_is_what_the_form_holds(form: forms.Compiled, blank: bytes) -> None:
    def fill(book: Any) -> None:
        overall, products = book[OVERALL], book[PRODUCTS]
        overall["C5"], overall["D5"], overall["E5"] = 0.1, 0, "1,234.50"
        overall["C6"], overall["D6"] = "12.5%", 0.125
        overall["D6"].number_format = "0.00%"
        overall["E6"] = 0.1 + 0.2
        overall["C14"] = 1e5
        products["C6"], products["D6"] = "新材料", 12.5
        book[SINGLE]["C5"] = "１２０"

    content = read(form, {"city": "余杭区"}, filled(blank, fill)).content
    assert content["overall"]["value_added"] == {"t3": "0.1", "t2": "0", "t1": "1234.50"}
    assert content["overall"]["value_added_share"] == {"t3": "12.5", "t2": "12.5", "t1": "0.3"}
    assert content["overall"]["workers"] == {"t3": "100000"}
    assert content["leading_products"] == [{"name": "新材料", "value_added_share": "12.5"}]
    assert content["area"] == "120"
    assert content["city"] == "余杭区"


def test_zero_emptied_and_missing_stay_three_things(form: forms.Compiled) -> None:
    content = {"overall": {"profit": {"t3": "0", "t2": "", "t1": "7.00"}}, "area": "9"}

    def empty(book: Any) -> None:
        row = next(row for row in book[OVERALL].iter_rows() if row[0].value == "profit")
        assert [cell.value for cell in row[2:5]] == [0, None, 7]
        row[4].value = None
        book[SINGLE]["C5"] = None

    imported = read(form, content, filled(template(form, content), empty))
    assert imported.content["overall"]["profit"] == {"t3": "0", "t2": "", "t1": ""}
    assert imported.content["area"] == ""
    assert imported.changed == 2
    assert "population" not in imported.content
    assert imported.content["overall"]["revenue"] == {}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.decimals(allow_nan=False, places=2, min_value=0, max_value=10**12), min_size=3, max_size=3)
)
def test_no_digit_is_lost_on_the_way(figures: list[Any]) -> None:
    form = compiled("recommendation", "fill_in")
    typed = dict(zip(("t3", "t2", "t1"), (f"{figure:f}" for figure in figures), strict=True))
    content = forms.clean(form, {"overall": {"value_added": typed}})
    imported = read(form, content, filled(template(form, content), lambda book: None))
    assert imported.content["overall"]["value_added"] == typed


def test_a_choice_is_chosen_by_its_label(form: forms.Compiled) -> None:
    report = compiled("report", "fill_in")
    content = valid("report")
    book = openpyxl.load_workbook(io.BytesIO(template(report, content)))
    sheet = book["示范期目标（2018—2020年）"]
    assert sheet["C5"].value == "工业总体指标"
    assert any(rule.type == "list" and "C5" in rule.sqref for rule in sheet.data_validations.dataValidation)
    wrong = filled(template(report, content), lambda book: book[sheet.title].__setitem__("C5", "总体"))
    assert (
        "可选：工业总体指标、重点产业指标、企业重点指标"
        in problems(report, content, wrong)[f"{sheet.title}!C5"]
    )


def test_rows_are_added_taken_away_and_closed_up(form: forms.Compiled) -> None:
    content = valid("recommendation")
    names = [row["name"] for row in content["leading_products"]]

    def work(book: Any) -> None:
        sheet = book[PRODUCTS]
        for cell in sheet[5][2:]:
            cell.value = None
        sheet.cell(5 + len(names) + 3, 3, "量子信息")

    rows = read(form, content, filled(template(form, content), work)).content["leading_products"]
    assert [row["name"] for row in rows] == [*names[1:], "量子信息"]


def test_the_template_explains_itself_and_checks_what_is_typed(blank: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank))
    assert book.sheetnames == ["说明", SINGLE, OVERALL, PRODUCTS, "重要考核指标情况", "_laurel"]
    assert book["_laurel"].sheet_state == "veryHidden"
    sheet = book[OVERALL]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[3].hidden
    assert [cell.value for cell in sheet[4]][1:] == ["项目", "2015年", "2016年", "2017年"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    share = rules["C6"]
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "100")
    assert share.error == "请填写数字，最多两位小数。"
    assert rules["C14"].type == "whole"


# Refused, all at once


def test_every_bad_cell_is_told_by_sheet_and_address(form: forms.Compiled, blank: bytes) -> None:
    def spoil(book: Any) -> None:
        overall, products = book[OVERALL], book[PRODUCTS]
        overall["C5"] = "约三百"
        overall["D5"] = "=1+1"
        overall["E5"] = 1.234
        overall["C6"] = 101
        overall["D6"] = "#DIV/0!"
        overall["D6"].data_type = "e"
        overall["C14"] = 12.5
        overall["D14"] = True
        overall["E7"].value = __import__("datetime").date(2018, 1, 1)
        overall["C5"].number_format = "@"
        overall["E14"], overall["E14"].number_format = 0.5, "0%"
        products["C5"] = "长" * 61

    found = problems(form, {}, filled(blank, spoil))
    assert list(found) == [
        f"{OVERALL}!C5",
        f"{OVERALL}!D5",
        f"{OVERALL}!E5",
        f"{OVERALL}!C6",
        f"{OVERALL}!D6",
        f"{OVERALL}!E7",
        f"{OVERALL}!C14",
        f"{OVERALL}!D14",
        f"{OVERALL}!E14",
        f"{PRODUCTS}!C5",
    ]
    assert found[f"{OVERALL}!C5"] == (
        f"工作表“{OVERALL}”C5：2015年工业增加值（亿元）：“约三百”不符合要求，请填写数字，最多两位小数。"
    )
    assert "公式" in found[f"{OVERALL}!D5"]
    assert "不能大于 100，现在是 101" in found[f"{OVERALL}!C6"]
    assert "错误值 #DIV/0!" in found[f"{OVERALL}!D6"]
    assert "日期格式" in found[f"{OVERALL}!E7"]
    assert "百分比格式" in found[f"{OVERALL}!E14"]


FILLED_BY_WORKBOOK = [*map(compiled, WITH_FIGURES), *filter(statistics.plans, map(compiled_file, OTHERS))]


@pytest.mark.parametrize("form", FILLED_BY_WORKBOOK, ids=lambda form: form.title)
def test_of_every_form_of_every_edition_a_word_for_a_number_is_told_and_nothing_is_imported(
    form: forms.Compiled,
) -> None:
    content = forms.sample(form, 1)
    before = deepcopy(content)
    workbook = template(form, content)
    spoilt = []

    def spoil(book: Any) -> None:
        for sheet in book.worksheets:
            numbers = (
                each for each in sheet.data_validations.dataValidation if each.type in ("decimal", "whole")
            )
            first = next((min(each.sqref.ranges, key=lambda cells: cells.bounds) for each in numbers), None)
            if first is not None:
                cell = sheet.cell(first.min_row, first.min_col)
                cell.value, cell.number_format = "约三百", "@"
                spoilt.append((sheet.title, cell.coordinate))

    found = problems(form, content, filled(workbook, spoil))
    assert {f"{sheet}!{address}" for sheet, address in spoilt} <= found.keys()
    assert len(spoilt) == len(statistics.plans(form)), "there is no sheet without a number"
    for sheet, address in spoilt:
        message = found[f"{sheet}!{address}"]
        assert message.startswith(f"工作表“{sheet}”{address}：")
        assert "“约三百”不符合要求，请填写" in message or "这一格不用填写；请清空" in message
    assert content == before


def test_what_contradicts_other_cells_is_left_to_the_draft(form: forms.Compiled) -> None:
    content = valid("recommendation")
    other = filled(template(form, content), lambda book: book["重要考核指标情况"].__setitem__("C6", 99))
    imported = read(form, content, other)
    assert imported.content["indicators"]["value_added_share"]["t1"] == "99"
    assert any("不一致" in problem.message for problem in forms.validate(form, imported.content))


def test_a_sheet_a_column_or_a_row_that_is_not_the_templates_is_told(
    form: forms.Compiled, blank: bytes
) -> None:
    def more(book: Any) -> None:
        book.create_sheet("草稿纸")["A1"] = 1
        book[OVERALL].insert_cols(4)
        book[SINGLE]["A9"] = "unknown"
        del book[PRODUCTS]

    found = problems(form, {}, filled(blank, more))
    assert found["草稿纸"] == "工作表“草稿纸”不属于模板，请删去。"
    assert "缺少工作表" in found[PRODUCTS]
    assert "不属于模板" in found[f"{SINGLE}!A9"]
    gone = filled(blank, lambda book: book[OVERALL].delete_cols(3))
    assert "列被增删" in problems(form, {}, gone)[OVERALL]
    short = filled(blank, lambda book: book[OVERALL].delete_rows(5))
    assert "缺少：工业增加值（亿元）" in problems(form, {}, short)[OVERALL]


def test_columns_and_rows_may_change_places(form: forms.Compiled) -> None:
    content = valid("recommendation")

    def turn(book: Any) -> None:
        sheet = book[OVERALL]
        values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for at, row in enumerate(reversed(values), start=5):
            for column, value in enumerate(row, start=1):
                sheet.cell(at, column).value = value

    assert read(form, content, filled(template(form, content), turn)).changed == 0


def test_only_the_template_of_this_form_year_and_case_is_taken(form: forms.Compiled, blank: bytes) -> None:
    assert "另一份表单" in refusal(form, template(compiled("report"), {}))
    assert "另一单位或另一轮次" in refusal(form, blank, "application:2")
    assert "版本" in refusal(compiled("recommendation", "fill_in", year=2019), blank)
    older = filled(blank, lambda book: book["_laurel"].__setitem__("A3", "0" * 64))
    assert "版本" in refusal(form, older)
    book = openpyxl.Workbook()
    foreign = io.BytesIO()
    book.save(foreign)
    assert "不是从本系统下载的模板" in refusal(form, foreign.getvalue())
    with pytest.raises(NoFigures):
        template(compiled("letter"), {})


# Files that are no workbooks, or worse


def rewritten(workbook: bytes, change: Callable[[str, bytes], bytes | None], **extra: bytes) -> bytes:
    """The same archive with other parts."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
        for name, content in extra.items():
            new.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def same(name: str, content: bytes) -> bytes:
    return content


def in_sheets(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(old, new, 1) if "worksheets/" in name else content

    return change


def test_what_is_no_xlsx_is_refused(form: forms.Compiled, blank: bytes) -> None:
    for content in (b"", b"PK", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"0" * 600):
        assert "不是 xlsx 文件" in refusal(form, content)
    for content in (blank[:-300], b"PK\x03\x04" + b"x" * 300):
        assert "损坏" in refusal(form, content)
    word = rewritten(blank, lambda name, content: content.replace(b"spreadsheetml.sheet.main", b"x"))
    assert "不是普通的 xlsx" in refusal(form, word)


@pytest.mark.parametrize(
    ("part", "old", "new", "cause"),
    [
        ("xl/workbook.xml", b'id="rId1"', b'id="rId99"', KeyError),
        ("xl/styles.xml", b"<font>", b"<font unheard='1'>", TypeError),
        ("xl/styles.xml", b"<font>", b"<font", SyntaxError),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"", SyntaxError),
        ("xl/worksheets/sheet1.xml", b' r="A1"', b' r="A?1"', ValueError),
        ("[Content_Types].xml", b'PartName="/xl/workbook.xml"', b'PartName="/xl/none.xml"', LookupError),
    ],
)
def test_a_part_that_the_parser_cannot_read_is_refused_and_its_cause_kept(
    form: forms.Compiled, blank: bytes, part: str, old: bytes, new: bytes, cause: type[Exception]
) -> None:
    def change(name: str, content: bytes) -> bytes:
        assert name != part or old in content
        return content.replace(old, new, 1) if name == part else content

    with pytest.raises(WorkbookRefused, match="无法读取") as refused:
        read(form, {}, rewritten(blank, change))
    assert isinstance(refused.value.__cause__, cause)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("xl__vbaProject.bin", "含有宏"),
        ("xl__externalLinks__externalLink1.xml", "链接到其他文件"),
        ("xl__embeddings__oleObject1.bin", "内嵌了其他文件"),
        ("xl__connections.xml", "外部数据连接"),
        ("xl__macrosheets__sheet1.xml", "含有宏表"),
    ],
)
def test_macros_links_and_embedded_files_are_refused(
    form: forms.Compiled, blank: bytes, part: str, reason: str
) -> None:
    assert reason in refusal(form, rewritten(blank, same, **{part: b"<x/>"}))


def test_entities_are_refused_before_the_parser(form: forms.Compiled, blank: bytes) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    assert "不安全" in refusal(form, rewritten(blank, in_sheets(b"<worksheet", bomb + b"<worksheet")))
    wide = rewritten(
        blank, lambda name, content: content.decode().encode("utf-16") if "styles" in name else content
    )
    assert "不安全" in refusal(form, wide)


def test_what_unpacks_without_end_is_refused(form: forms.Compiled, blank: bytes) -> None:
    bomb = rewritten(blank, same, xl__media__x=b"\0" * (guards.MAXIMUM_UNPACKED + 1))
    assert len(bomb) < 200_000
    assert "解压后过大" in refusal(form, bomb)


def test_an_archive_that_lies_about_sizes_gives_the_parser_no_more_than_it_told(
    form: forms.Compiled, blank: bytes
) -> None:
    huge = rewritten(blank, in_sheets(b"</worksheet>", b"</worksheet>" + b" " * 8_000_000))
    lying = bytearray(huge)
    with zipfile.ZipFile(io.BytesIO(huge)) as archive:
        sizes = [part.file_size for part in archive.infolist() if part.file_size > 7_000_000]
    for size in sizes:
        for found in re.finditer(re.escape(struct.pack("<I", size)), huge):
            lying[found.start() : found.start() + 4] = struct.pack("<I", 4_000)
    assert "损坏" in refusal(form, bytes(lying))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b'<row r="1000000"><c r="A1000000"/></row></sheetData>'),
        (b"<dimension ref=", b'<dimension ref="A1:XFD1048576"/><x y='),
        (b"</sheetData>", b'<row r="1900"><c r="XFD1900" t="n"><v>1</v></c></row></sheetData>'),
    ],
)
def test_a_sheet_of_a_million_rows_is_refused_unread(
    form: forms.Compiled, blank: bytes, old: bytes, new: bytes
) -> None:
    assert "请删去表格以外的空行空列" in refusal(form, rewritten(blank, in_sheets(old, new)))


def test_too_many_cells_and_rows_out_of_order_are_refused(form: forms.Compiled, blank: bytes) -> None:
    rows = b"".join(b'<row r="%d">' % number + b"<c/>" * 40 + b"</row>" for number in range(200, 200 + 1_700))
    many = rewritten(blank, in_sheets(b"</sheetData>", rows + b"</sheetData>"))
    assert "单元格过多" in refusal(form, many)
    twice = rewritten(
        blank, in_sheets(b"</sheetData>", b'<row r="5"><c r="C5"><v>9</v></c></row></sheetData>')
    )
    assert "次序混乱" in refusal(form, twice)
