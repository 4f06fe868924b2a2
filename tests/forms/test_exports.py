"""Forms on paper: what Word and Excel show is what was written, cell by cell; the code leads back."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import docx
import openpyxl
import pytest
import segno
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import forms
from service.domain.forms import FormSubmission, exports, statistics
from service.domain.forms.cells import Cell
from service.domain.forms.exports import Paper, codes, rich_text, sheets
from service.domain.forms.kinds.row_tables import RepeatedTable
from tests.forms import shipped
from tests.forms.hiding import HIDING
from tests.forms.shipped import OTHERS, compiled, compiled_file, name_of, valid
from tests.forms.word_files import disorder, is_wider_than_page

ADDRESS = "https://laurel.example/verify/"
CODE = "3F7K-9QXM-ABCD-EFGH"
QR = exports.qr_png(ADDRESS + CODE)
AT = datetime(2018, 3, 20, 2, 0, tzinfo=UTC)


def paper(form: forms.Compiled, content: dict[str, Any], code: str = CODE) -> Paper:
    address = ADDRESS + code if code else ""
    return Paper(form, content, "余杭区 · 2018年度", 1 if code else 0, AT if code else None, code, address)


def word_of(made: Paper) -> Any:
    return docx.Document(io.BytesIO(exports.document(made)))


def excel_of(made: Paper) -> Any:
    return openpyxl.load_workbook(io.BytesIO(exports.workbook(made)))


def words(document: Any) -> str:
    """All text of the body, in order."""
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t"), qn("w:br")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


def table_of(document: Any, title: str) -> list[list[str]]:
    """The rows below title and headings; a merged cell stands in each of its places."""
    (table,) = (each for each in document.tables if each.rows[0].cells[0].text == title)
    return [[cell.text for cell in row.cells] for row in table.rows]


def as_written(cell: Any) -> str:
    """An Excel cell as a reader sees it."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime):
        return f"{cell.value.year}年{cell.value.month}月{cell.value.day}日"
    if cell.data_type == "n":
        decimals = len(cell.number_format.partition(".")[2])
        return f"{Decimal(repr(cell.value)):.{decimals}f}"
    return str(cell.value)


def in_word(cell: Cell) -> str:
    if cell.files:
        return "；".join(f"{file.name}（SHA-256 {file.sha256[:12]}…）" for file in cell.files)
    return cell.text


def has_same_cells(form: forms.Compiled, content: dict[str, Any]) -> None:
    made = paper(form, content)
    files = exports.document(made), exports.workbook(made)
    word, excel = docx.Document(io.BytesIO(files[0])), openpyxl.load_workbook(io.BytesIO(files[1]))
    text = words(word)
    margins = word.sections[0]
    for part in (word.element, margins.header._element, margins.footer._element):
        assert disorder(part) == []
    assert not is_wider_than_page(word)
    for file in files:
        archive = zipfile.ZipFile(io.BytesIO(file))
        assert [archive.read(name) for name in archive.namelist() if "/media/" in name] == [QR]
    for bearer in (word.sections[0].footer.tables[0].rows[0].cells[1].text, excel["表单"]["A3"].value):
        assert made.code in bearer
    assert {sheet.oddFooter.left.text for sheet in excel} == {made.version}
    assert (
        word.paragraphs[1 if text.startswith("附件") else 0].text.replace("\n", "")
        == excel["表单"]["A1"].value
        == form.title
    )
    front = [(row[0].value, as_written(row[1])) for row in excel["表单"].iter_rows(max_col=2)]
    names = iter(excel.sheetnames[1:])
    for section in forms.present(form, content):
        assert section.title == "封面" or section.title in text
        for block in section.blocks:
            if block.table is None:
                assert block.cell is not None
                shown = rich_text.plain(block.cell.html) if block.cell.html else in_word(block.cell)
                for line in shown.split("\n"):
                    assert line.replace("　", "") in text.replace("　", ""), block.title
                plain = rich_text.plain(block.cell.html) if block.cell.html else block.cell.text
                assert (block.title, plain) in front
                continue
            numbered = isinstance(form.definition.fields[block.key], RepeatedTable)
            grid, depth = block.table, block.table.depth
            rows = table_of(word, block.title)
            assert rows[1][0 if numbered else depth :] == list(grid.columns)
            below = [row[0 if numbered else depth :] for row in rows[2:]]
            assert below == [[in_word(cell) for cell in row.cells] for row in grid.rows]
            sheet = excel[next(names)]
            assert sheet["A1"].value == block.title
            heads = [cell.value for cell in sheet[2]][depth:]
            assert heads == list(grid.columns)
            typed = [
                [as_written(sheet.cell(3 + y, depth + 1 + x)) for x in range(len(grid.columns))]
                for y in range(len(grid.rows))
            ]
            assert typed == [[cell.text for cell in row.cells] for row in grid.rows]


@pytest.mark.parametrize("key", shipped.KEYS)
def test_word_and_excel_show_every_cell_of_every_form_of_2018(key: str) -> None:
    has_same_cells(compiled(key), valid(key, shipped.KEYS.index(key)))


@pytest.mark.parametrize("file", OTHERS, ids=name_of)
def test_so_they_do_for_the_forms_of_the_other_editions_and_their_workbooks_come_back(file: Path) -> None:
    form = compiled_file(file)
    content = forms.sample(form, 1)
    has_same_cells(form, content)
    refused = any(problem.severity == "error" for problem in forms.validate(form, content))
    if statistics.plans(form) and not refused:  # It may be: the bounds are none of the edition's.
        workbook = statistics.template(form, content, subject="a:1", title="甲")
        assert statistics.read(form, content, workbook, subject="a:1") == (content, ANY, 0)


@pytest.mark.parametrize("key", shipped.KEYS)
def test_an_empty_draft_of_every_shipped_form_can_be_printed(key: str) -> None:
    form = compiled(key)
    made = paper(form, forms.clean(form, {}), code="")
    word = word_of(made)
    assert "草稿" in word.sections[0].header.paragraphs[0].text
    assert "草稿，未提交" in word.sections[0].footer.tables[0].rows[0].cells[1].text
    assert excel_of(made)["表单"]["A3"].value == "草稿，未提交，没有版本编号"
    assert b"image" not in b"".join(
        name.encode() for name in zipfile.ZipFile(io.BytesIO(exports.workbook(made))).namelist()
    )


@settings(max_examples=10, deadline=None)
@given(
    text=st.text(max_size=60).filter(lambda text: "\t" not in text),
    number=st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
)
def test_whatever_was_typed_stands_in_both_as_it_was(text: str, number: Decimal) -> None:
    form = compiled("score_sheet")
    content = valid("score_sheet")
    given_table = next(iter(content.values()))
    for cells in given_table.values():
        cells |= {"recused": False, "score": f"{number:f}", "comment": text}
    has_same_cells(form, forms.clean(form, content))


def test_the_annex_keeps_its_number_its_years_its_units_and_its_typefaces() -> None:
    word = word_of(paper(compiled("recommendation"), valid("recommendation")))
    first, title = word.paragraphs[:2]
    assert first.text == "附件2"
    assert title.text == "工业稳增长和转型升级成效明显市（州）\n推荐表"
    typeface = title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))
    assert (typeface, title.runs[0].font.size.pt) == ("方正小标宋简体", 22)
    rows = table_of(word, "近三年工业总体情况")
    assert rows[1] == ["指标", "2015年", "2016年", "2017年"]
    assert rows[2][0] == "工业增加值（亿元）"
    assert table_of(word, "主导产业发展情况（2017年）")[1][-1] == "产能利用率（%）"
    indicators = table_of(word, "重要考核指标情况")
    assert [row[:3] for row in indicators[6:8]] == [
        ["五大工程", "制造业创新中心", "国家级（个）"],
        ["五大工程", "制造业创新中心", "省级（个）"],
    ]


def test_the_cover_is_a_page_of_its_own_with_its_seal_and_both_answers() -> None:
    content = valid("recommendation") | {"government_opinion": "agree"}
    word = word_of(paper(compiled("recommendation"), content))
    cover = words(word).split("一、基本情况")[0]
    assert f"市（州）名称：{content['city']}" in cover
    assert f"推荐单位：{content['recommender']}（盖章）" in cover
    assert "同意 ☑　不同意 □" in cover
    assert 'w:br w:type="page"' in word.element.xml
    assert cover.rstrip().endswith("工业和信息化部制")
    box = next(table for table in word.tables if "省级工业和信息化主管部门意见" in table.cell(0, 0).text)
    lines = [line.text for line in box.cell(0, 0).paragraphs]
    assert content["province_opinion"] in lines
    assert lines[-2] == "（盖章）", "as the annex prints it, without a signature"
    assert lines[-1].endswith("日")


IMPRINTS = {
    name_of(file): definition for file in OTHERS if (definition := compiled_file(file).definition).imprint
}


def test_covers_are_imprinted_as_each_document_prints_them() -> None:
    shandong = "shandong_industry/2023/recommendation_"
    assert {name: definition.imprint for name, definition in IMPRINTS.items()} == {
        "miit_industry/2022/recommendation_a": "工业和信息化部制",
        "miit_industry/2022/recommendation_b": "工业和信息化部制",
        "pilot_city/2016/plan": "工业和信息化部制",
        f"{shandong}city_a": "山东工业和信息化厅制",
        f"{shandong}city_b": "山东省工业和信息化厅制",
        f"{shandong}county_a": "山东省工业和信息化厅制",
        f"{shandong}county_b": "山东省工业和信息化厅制",
    }
    for name, definition in IMPRINTS.items():
        form = compiled_file(shipped.ROOT / "forms" / f"{name}.yaml")
        made = paper(form, forms.sample(form, 1))
        lines = [paragraph.text for paragraph in word_of(made).paragraphs]
        assert definition.imprint in lines
        assert definition.imprint in [cell.value for cell in excel_of(made)["表单"]["A"]]
        document = (shipped.ROOT / "processes" / name).parent / "document.txt"
        assert str(definition.imprint) in re.sub(r"\s", "", document.read_text(encoding="utf-8"))


def test_the_annex_of_zhejiang_numbers_its_rows_as_printed() -> None:
    form = compiled_file(shipped.ROOT / "forms/zhejiang_manufacturing/2020/indicators.yaml")
    made = paper(form, forms.sample(form, 1))
    rows = table_of(word_of(made), "重点量化指标")
    sheet = excel_of(made)["重点量化指标"]
    for printed in (rows, [[cell.value for cell in row] for row in sheet.iter_rows()]):
        assert printed[1][:5] == ["序号", "指标", "年度目标", "目标性质", "责任单位"]
        assert [row[0] for row in printed[2:]] == [str(number) for number in range(1, 18)]
        assert printed[2][1] == "传统制造业研发费用支出增速（%）"


def test_a_book_has_chapters_and_no_annex_an_empty_place_for_files() -> None:
    plan = compiled_file(shipped.ROOT / "forms/pilot_city/2016/plan.yaml")
    content = forms.sample(plan, 1)
    word = word_of(paper(plan, content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert "一是申报城市的经济社会发展概况" in lines, "a chapter, not a box"
    assert not any(line.startswith("附件：") for line in lines)
    file = {"name": "规划.pdf", "size": 3, "sha256": "0" * 64}
    lines = [line.text for line in word_of(paper(plan, content | {"attachments": [file]})).paragraphs]
    assert any("规划.pdf" in line for line in lines)


def test_a_section_of_opinions_that_is_not_dated_is_no_box_to_be_signed() -> None:
    word = word_of(paper(compiled("recommendation"), valid("recommendation")))
    (heading,) = (each for each in word.paragraphs if each.text == "三、市（州）现有基础条件及推荐单位意见")
    assert heading._p.getnext().xpath(".//w:t")[0].text == "市（州）现有工作基础、已开展的相关举措和成效"


def test_every_page_bears_its_number_and_the_code() -> None:
    made = paper(compiled("report"), valid("report"))
    footer = word_of(made).sections[0].footer
    assert 'w:instr="PAGE"' in footer._element.xml
    assert made.version in footer.tables[0].rows[0].cells[1].text
    assert footer._element[-1].tag == qn("w:p")  # Word wants a paragraph after a table.
    excel = excel_of(made)
    assert {sheet.oddFooter.left.text for sheet in excel} == {made.version}
    assert excel["表单"]["A3"].value == made.version
    assert [sheet.freeze_panes for sheet in excel] == ["A2", "B3", "B3"]


def test_the_qr_code_says_the_address_of_the_code() -> None:
    made = paper(compiled("letter"), valid("letter"))
    for file in (exports.document(made), exports.workbook(made)):
        archive = zipfile.ZipFile(io.BytesIO(file))
        (name,) = (name for name in archive.namelist() if "/media/" in name)
        assert archive.read(name) == exports.qr_png(made.address)
    expected = [list(row) for row in segno.make(made.address, error="m", micro=False).matrix]
    assert modules(exports.qr_png(made.address)) == expected


def modules(png: bytes) -> list[list[int]]:
    """The dark (1) and light (0) modules of a QR picture, from its pixels; one bit a pixel, no filter."""
    import zlib

    width = int.from_bytes(png[16:20], "big")
    at, packed = 8, b""
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, stride = zlib.decompress(packed), (width + 7) // 8 + 1
    lines = [raw[start + 1 : start + stride] for start in range(0, len(raw), stride)]
    pixels = [[line[x // 8] >> (7 - x % 8) & 1 for x in range(width)] for line in lines]
    scale, border = 6, 4
    inner = [
        row[border * scale : -border * scale : scale]
        for row in pixels[border * scale : -border * scale : scale]
    ]
    return [[1 - pixel for pixel in row] for row in inner]


def test_what_looks_like_a_formula_stays_text() -> None:
    form = compiled("report")
    content = valid("report")
    for number, text in enumerate(('=HYPERLINK("http://x","y")', "+1", "-2+3", "@SUM(A1)")):
        content["targets"] = [*content["targets"], {"level": "overall", "name": text, "unit": f"={number}"}]
    content["accident_detail"] = "=1+1"
    file = exports.workbook(paper(form, content))
    archive = zipfile.ZipFile(io.BytesIO(file))
    assert not any(
        b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in archive.namelist()
    )
    cells = [
        cell for row in openpyxl.load_workbook(io.BytesIO(file)).worksheets[2].iter_rows() for cell in row
    ]
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-2", "@"))]
    assert len(risky) == 8
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_numbers_are_numbers_with_the_digits_that_were_typed() -> None:
    form, content = compiled("recommendation"), valid("recommendation")
    typed = {"t3": "0.10", "t2": "9.7", "t1": "123456789012345.67"}
    content["overall"]["value_added"] = typed
    file = exports.workbook(paper(form, content))
    sheet = openpyxl.load_workbook(io.BytesIO(file))["近三年工业总体情况"]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[3][1:]] == [
        (0.1, "n", "0.00"),
        (9.7, "n", "0.0"),
        ("123456789012345.67", "s", "@"),
    ]
    assert b"<v>0.10</v>" in zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet2.xml")


def test_rich_text_keeps_its_paragraphs_lists_bold_and_tables() -> None:
    html = (
        "<h3>进展</h3><p>完成<strong>三项</strong>，<u>详</u>见：<br>附表。</p>"
        "<ol><li><p>一是甲</p><ul><li>细目</li></ul></li><li>二是乙</li></ol>"
        '<table><caption>表1</caption><tbody><tr><th rowspan="2">甲</th><td>1</td></tr><tr><td>2</td></tr>'
        '<tr><td colspan="2">合计 3</td></tr></tbody></table><blockquote><p>引文</p></blockquote>'
    )
    form = compiled("report")
    content = valid("report") | {"overview": html}
    word = word_of(paper(form, content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    start = lines.index("进展")
    assert lines[start + 1 : start + 6] == [
        "完成三项，详见：\n附表。",
        "1. 一是甲",
        "• 细目",
        "2. 二是乙",
        "表1",
    ]
    runs = word.paragraphs[start + 1].runs
    assert [(run.text, run.bold, run.underline) for run in runs[:4]] == [
        ("完成", None, None),
        ("三项", True, None),
        ("，", None, None),
        ("详", None, True),
    ]
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert rows == [["甲", "1"], ["甲", "2"], ["合计 3", "合计 3"]]


def test_a_chapter_that_no_cell_can_hold_goes_on_below() -> None:
    form = compiled("report")
    long = "工业" * 20_000
    sheet = excel_of(paper(form, valid("report") | {"overview": f"<p>{long}</p>"}))["表单"]
    label = "申报市（州）工业发展基本情况"
    parts = [row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value == label]
    assert len(parts) == 2
    assert "".join(parts) == long


@given(st.text(), st.sets(st.sampled_from(["表单", "a", "表"])))
def test_excel_takes_every_name_of_a_sheet(title: str, taken: set[str]) -> None:
    name = sheets.name(title, taken)
    openpyxl.Workbook().create_sheet(name)
    assert 0 < len(name) <= 31
    assert name.casefold() in taken


# Codes


def row(**changes: Any) -> FormSubmission:
    values: dict[str, Any] = {
        "id": "0123456789abcdef0123456789abcdef",
        "business_key": "application:1",
        "form_key": "report",
        "number": 1,
        "definition_digest": "0" * 64,
        "content": {"a": "1"},
        "submitted_by": "p1",
        "submitted_at": AT,
        "user_task_id": "t1",
        "salt": "s",
    }
    return FormSubmission(**values | changes)


def test_a_code_is_of_one_submission_and_of_what_it_says() -> None:
    code = exports.code(row())
    assert exports.code(row()) == code
    assert exports.code(row(content={"a": "2"}))[:9] == code[:9]
    others = [row(content={"a": "2"}), row(number=2), row(id="f" * 32), row(salt="t")]
    assert len({code, *(exports.code(other) for other in others)}) == 5


def test_a_code_is_read_however_it_was_typed() -> None:
    code = exports.code(row())
    bare = code.replace("-", "")
    for typed in (code.lower(), bare, f" {code} ", bare.replace("0", "O").replace("1", "l"), "　".join(bare)):
        assert codes.read(typed) == bare
    for wrong in ("", "1", bare[:-1], bare + "0", "U" * 16, "３" * 5_000):
        assert codes.read(wrong) is None


@given(st.binary(min_size=21, max_size=21), st.integers(0, 15), st.integers(0, 15), st.integers(1, 31))
def test_one_wrong_character_and_two_changed_places_are_noticed(
    seed: bytes, first: int, second: int, step: int
) -> None:
    bare = exports.code(row(id=seed[:16].hex(), salt=seed.hex())).replace("-", "")
    at = codes.ALPHABET.index(bare[first])
    wrong = bare[:first] + codes.ALPHABET[(at + step) % 32] + bare[first + 1 :]
    assert codes.read(wrong) is None
    swapped = list(bare)
    swapped[first], swapped[second] = bare[second], bare[first]
    if bare[first] != bare[second]:
        assert codes.read("".join(swapped)) is None


def test_columns_share_the_width_of_the_page_by_what_stands_in_them() -> None:
    form = compiled("conditions")
    document = word_of(paper(form, valid("conditions")))
    (table,) = (each for each in document.tables if each.rows[0].cells[0].text == "定性条件逐项核实")
    title, met, basis = [column.width.mm for column in table.columns]
    assert 155 <= title + met + basis <= 157
    assert title > basis > met
    for row in table.rows[1:]:
        assert [round(cell.width.mm) for cell in row.cells] == [round(title), round(met), round(basis)]


@pytest.mark.parametrize("exceeds", [True, False, None])
def test_a_section_of_nothing_but_hidden_fields_is_on_no_paper(exceeds: bool | None) -> None:
    made = paper(HIDING, {} if exceeds is None else {"exceeds": exceeds})
    cells = [cell.value for row in excel_of(made)["表单"].iter_rows() for cell in row]
    for text in (words(word_of(made)), cells):
        assert "比选" in text
        assert ("超过推荐数量的" in text) == bool(exceeds)
