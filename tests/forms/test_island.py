"""The form island in a real Chromium, under the strict policy: typing, pasting, saving, being refused."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from service.domain import forms
from tests.forms.form_server import FormServer, running
from tests.forms.hiding import HIDING
from tests.forms.shipped import APPLICATIONS, compiled, valid

Serve = Callable[..., FormServer]
LATIN = re.compile(r"[A-Za-z]{3,}")


SHARES = """
title: 分解
sections:
  - title: 分解
    fields:
      - {key: total, title: 全市目标（台）, kind: integer, source: city}
      - {key: share, title: 上城区（台）, kind: integer}
checks:
  - key: sum
    at: /total
    expression: number(share) >= number(total)
    message: 合计 {share} 台，少于全市目标 {total} 台；请核对。
    severity: warning
"""


@pytest.fixture
def serve(page: Page) -> Iterator[Serve]:
    """`serve("report", "fill_in", {…})` opens the form's page and gives its server."""
    with ExitStack() as stack:

        def opened(
            key: str,
            step: str | None = None,
            content: dict[str, Any] | None = None,
            form: forms.Compiled | None = None,
        ) -> FormServer:
            server = stack.enter_context(running(FormServer(form or compiled(key, step), content)))
            page.goto(server.url)
            page.wait_for_selector("html[data-forms=ready]")
            return server

        yield opened


def status(page: Page) -> Locator:
    return page.locator(".form-status")


def saved(page: Page) -> None:
    expect(status(page)).to_have_attribute("data-state", "saved")


def cell(page: Page, pointer: str, form: str = "recommendation") -> Locator:
    return page.locator(f"[id='{form}{pointer.replace('/', '--')}']")


def paste(target: Locator, text: str) -> None:
    target.evaluate(
        """(element, text) => {
            const clipboardData = new DataTransfer()
            clipboardData.setData('text/plain', text)
            const options = { clipboardData, bubbles: true, cancelable: true }
            element.dispatchEvent(new ClipboardEvent('paste', options))
        }""",
        text,
    )


@pytest.mark.parametrize("key", ["recommendation", "report", "committee", "score_sheet", "intake"])
def test_a_form_is_accessible_and_chinese_refused_and_filled_in(
    page: Page, serve: Serve, axe: Callable[[Page], list[str]], key: str
) -> None:
    server = serve(key)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(r"还有 \d+ 处需要修改"))).to_be_visible()
    assert axe(page) == []
    assert not LATIN.search(page.locator("main").inner_text().replace("GDP", ""))
    server.content = valid(key)
    page.goto(server.url)
    page.wait_for_selector("html[data-forms=ready]")
    assert axe(page) == []


def test_what_is_typed_is_saved_as_it_was_typed(page: Page, serve: Serve) -> None:
    server = serve("recommendation", "fill_in")
    expect(status(page)).to_have_attribute("data-state", "clean")
    page.get_by_label("市（州）名称 必填").fill("湖州市")
    page.get_by_label("2015年工业增加值（亿元）").fill("0")
    page.get_by_label("2016年工业增加值（亿元）").fill("1,234.50")
    expect(status(page)).to_contain_text("草稿已保存（10:00:00）")
    assert server.content["city"] == "湖州市"
    assert server.content["overall"]["value_added"] == {"t3": "0", "t2": "1,234.50"}
    page.get_by_label("2015年工业增加值（亿元）").fill("")
    saved(page)
    page.wait_for_timeout(50)
    saved(page)
    assert server.content["overall"]["value_added"]["t3"] == ""


def test_a_page_that_nobody_touched_saves_nothing(page: Page, serve: Serve) -> None:
    server = serve("report", "fill_in", valid("report"))
    page.wait_for_selector(".form-rich[role=textbox]")
    page.wait_for_timeout(1200)
    assert server.version == 0


def test_a_wrong_cell_is_told_once_it_was_left(page: Page, serve: Serve) -> None:
    serve("recommendation", "fill_in")
    field = cell(page, "/overall/value_added/t1")
    field.fill("约一百")
    field.blur()
    expect(field).to_have_attribute("aria-invalid", "true")
    message = page.locator(f"[id='{field.get_attribute('aria-describedby')}']")
    expect(message).to_have_text("“约一百”不符合要求，请填写数字，最多两位小数。")
    expect(page.locator(".form-message")).to_have_count(1)
    field.fill("100")
    field.blur()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(message).to_have_count(0)


def test_what_is_found_at_a_cell_that_nobody_can_enter_is_told_once_something_was_typed(page: Page) -> None:
    form = forms.compile(forms.parse(SHARES, key="shares"), year=2020)
    with running(FormServer(form, {"total": "29", "share": "3"})) as server:
        page.goto(server.url)
        page.wait_for_selector("html[data-forms=ready]")
        expect(page.locator(".form-message")).to_have_count(0)
        page.get_by_label("上城区（台）").fill("28")
        saved(page)
        expect(page.locator(".form-message")).to_have_text("合计 28 台，少于全市目标 29 台；请核对。")
        page.get_by_label("上城区（台）").fill("29")
        expect(page.locator(".form-message")).to_have_count(0)


def test_a_refused_submission_lists_what_is_wrong_and_goes_to_the_first_cell(
    page: Page, serve: Serve
) -> None:
    content = valid("recommendation")
    content["overall"]["profit"]["t2"] = ""
    content["indicators"]["champions"]["t1"] = "-3"
    server = serve("recommendation", "fill_in", content)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="还有 2 处需要修改")).to_be_visible()
    expect(cell(page, "/overall/profit/t2")).to_be_focused()
    page.get_by_role("link", name="2017年制造业单项冠军数量（个）：不能小于 0").click()
    expect(cell(page, "/indicators/champions/t1")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("3")
    cell(page, "/overall/profit/t2").fill("12.5")
    expect(page.locator(".form-summary")).to_have_count(0)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    (done,) = server.completed
    assert done["decision"] == "submit"
    assert done["content"]["indicators"]["champions"]["t1"] == "3"


def test_the_first_wrong_cell_may_be_an_editor_that_is_still_loading(page: Page, serve: Serve) -> None:
    serve("report", "fill_in", valid("report") | {"overview": ""})
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("textbox", name="申报市（州）工业发展基本情况")).to_be_focused()


def test_a_submission_waits_for_what_was_typed_last(page: Page, serve: Serve) -> None:
    server = serve("quota")
    page.get_by_label("本年度拟遴选市（州）数量（个）").fill("12")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    assert server.completed == [{"decision": "submit", "content": {"quota": "12"}}]


def test_a_submission_waits_for_a_save_that_is_under_way(page: Page, serve: Serve) -> None:
    server = serve("quota")
    server.busy = 1
    page.get_by_label("本年度拟遴选市（州）数量（个）").fill("12")
    expect(status(page)).to_have_attribute("data-state", "saving")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    assert server.completed == [{"decision": "submit", "content": {"quota": "12"}}]


def test_a_block_of_cells_is_pasted_from_excel(page: Page, serve: Serve) -> None:
    server = serve("recommendation", "fill_in")
    paste(cell(page, "/overall/value_added/t2"), '1,200\t1300.5\r\n"10.5"\t11\r\n')
    saved(page)
    assert server.content["overall"]["value_added"] == {"t2": "1,200", "t1": "1300.5"}
    assert server.content["overall"]["value_added_share"] == {"t2": "10.5", "t1": "11"}
    assert "t3" not in server.content["overall"]["value_added"]


def test_a_paste_adds_rows_and_understands_labels(page: Page, serve: Serve) -> None:
    server = serve("report", "fill_in", {"national_projects": [{}]})
    paste(
        cell(page, "/national_projects/0/category", "report"),
        "智能制造工程\t示范项目\t某集团\t2017年\n绿色制造工程\t改造项目\t某公司\t2018年\n不存在的工程\t甲\t乙\t丙",
    )
    saved(page)
    rows = server.content["national_projects"]
    assert [row["category"] for row in rows] == ["smart_manufacturing", "green_manufacturing", "不存在的工程"]
    assert rows[1]["unit"] == "某公司"
    expect(page.get_by_label("第3行项目名称")).to_have_value("甲")


def test_rows_are_added_and_removed_by_keyboard(page: Page, serve: Serve) -> None:
    server = serve("recommendation", "fill_in")
    adder = page.get_by_role("button", name="增加一行")
    adder.press("Enter")
    expect(page.get_by_label("第1行主导产业（产品）名称")).to_be_focused()
    page.keyboard.type("绿色家居")
    adder.press("Enter")
    page.keyboard.type("动力电池")
    page.get_by_role("button", name="删除第1行").press("Enter")
    expect(adder).to_be_focused()
    saved(page)
    assert server.content["leading_products"] == [{"name": "动力电池"}]


def test_enter_and_arrows_move_down_a_column(page: Page, serve: Serve) -> None:
    serve("recommendation", "fill_in")
    cell(page, "/overall/value_added/t1").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "/overall/value_added_share/t1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, "/overall/value_added_growth/t1")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, "/overall/value_added_share/t1")).to_be_focused()


def test_a_conflict_names_who_and_when_and_keeps_what_was_typed(page: Page, serve: Serve) -> None:
    server = serve("quota")
    server.version = 5
    page.get_by_label("本年度拟遴选市（州）数量（个）").fill("12")
    expect(status(page)).to_contain_text("草稿已由李敏于2018年3月1日 10:00修改")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(status(page)).to_be_focused()
    assert server.completed == []
    expect(page.get_by_label("本年度拟遴选市（州）数量（个）")).to_have_value("12")
    page.get_by_role("button", name="载入最新草稿").click()
    page.wait_for_selector("html[data-forms=ready]")
    expect(page.get_by_label("本年度拟遴选市（州）数量（个）")).to_have_value("")


def test_without_a_network_the_draft_waits_and_is_saved_later(page: Page, serve: Serve) -> None:
    server = serve("quota")
    page.context.set_offline(True)
    page.get_by_label("本年度拟遴选市（州）数量（个）").fill("12")
    expect(status(page)).to_contain_text("网络不通，草稿没有保存")
    page.context.set_offline(False)
    saved(page)
    assert server.content == {"quota": "12"}


def test_an_expired_session_keeps_the_page_and_can_be_retried(page: Page, serve: Serve) -> None:
    server = serve("quota")
    server.refusal = (401, "")
    page.get_by_label("本年度拟遴选市（州）数量（个）").fill("12")
    expect(status(page)).to_contain_text("登录已失效")
    server.refusal = None
    page.get_by_role("button", name="重试").click()
    saved(page)
    assert server.content == {"quota": "12"}


def test_a_content_that_the_server_refuses_is_told(page: Page, serve: Serve) -> None:
    server = serve("quota")
    server.refusal = (422, "表单内容无法接收，没有保存：内容超过 1000000 个字。")
    page.get_by_label("本年度拟遴选市（州）数量（个）").fill("12")
    expect(status(page)).to_contain_text("表单内容无法接收")


def test_sections_of_another_step_are_shown_and_cannot_be_written(page: Page, serve: Serve) -> None:
    content = valid("recommendation")
    serve("recommendation", "province_review", content)
    opinion = page.get_by_label("省级工业和信息化主管部门意见 必填")
    expect(opinion).to_be_editable()
    expect(page.get_by_text("本步骤只读")).to_have_count(4)
    expect(page.locator("td input")).to_have_count(0)
    expect(
        page.get_by_role("cell", name=content["overall"]["patents"]["t1"], exact=True).first
    ).to_be_visible()
    expect(page.get_by_role("button", name="增加一行")).to_have_count(0)


def test_the_first_tables_city_follows_the_cover(page: Page, serve: Serve) -> None:
    serve("recommendation", "fill_in")
    page.get_by_label("市（州）名称 必填").fill("湖州市")
    expect(page.locator(".form-shown", has_text="湖州市")).to_be_visible()


def test_a_conditional_field_appears_with_its_condition(page: Page, serve: Serve) -> None:
    serve("report", "fill_in")
    detail = page.get_by_label("发生的时间、经过和处理情况")
    expect(detail).to_have_count(0)
    group = page.get_by_role("radiogroup", name=re.compile("重大环境事故"))
    group.get_by_label("是").check()
    expect(detail).to_be_visible()
    group.get_by_label("否").check()
    expect(detail).to_have_count(0)


def test_a_section_appears_with_the_first_of_its_fields(page: Page, serve: Serve) -> None:
    serve("selection", form=HIDING)
    section = page.get_by_role("region", name="超过推荐数量的")
    expect(page.get_by_role("region", name="比选")).to_be_visible()
    expect(section).to_have_count(0)
    page.get_by_role("radio", name="是", exact=True).check()
    expect(section.get_by_label("理由")).to_be_visible()
    page.get_by_role("radio", name="否", exact=True).check()
    expect(section).to_have_count(0)


def test_a_score_is_asked_only_where_nobody_withdraws(page: Page, serve: Serve) -> None:
    server = serve("score_sheet")
    row = page.get_by_role("row", name=re.compile(APPLICATIONS[0][1]))
    expect(row.get_by_role("textbox")).to_have_count(1)
    row.get_by_label("否").check()
    row.get_by_label("得分（分）").fill("88.5")
    saved(page)
    assert server.content["scores"]["a1"] == {"recused": False, "score": "88.5"}
    row.get_by_label("是").check()
    expect(row.get_by_label("得分（分）")).to_have_count(0)


def test_files_show_name_size_and_hash_and_can_be_removed(page: Page, serve: Serve) -> None:
    server = serve("letter")
    files: list[FilePayload] = [
        {"name": "推荐函.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2048},
        {"name": "空.pdf", "mimeType": "application/pdf", "buffer": b""},
    ]
    page.locator("[id='letter--files']").set_input_files(files)
    item = page.get_by_role("listitem").filter(has_text="推荐函.pdf")
    expect(item).to_contain_text("2.0 KB · SHA-256")
    expect(page.get_by_role("alert")).to_have_text("文件“空.pdf”没有收下：它是空的。")
    saved(page)
    (file,) = server.content["files"]
    assert (file["name"], file["size"], len(file["sha256"])) == ("推荐函.pdf", 2048, 64)
    page.get_by_role("button", name="移除 推荐函.pdf").click()
    expect(item).to_have_count(0)


def test_rich_text_is_written_with_the_keyboard(page: Page, serve: Serve) -> None:
    server = serve("notice")
    editor = page.get_by_role("textbox", name="公示说明")
    editor.click()
    page.keyboard.type("现予公示。")
    page.get_by_role("toolbar").get_by_role("button", name="插入表格").click()
    page.keyboard.type("联系方式")
    saved(page)
    expect(page.get_by_role("button", name="删除表格")).to_be_visible()
    assert "<p>现予公示。</p>" in server.content["text"]
    assert "<table" in server.content["text"]
    assert "联系方式" in server.content["text"]


def test_several_of_a_list_are_chosen(page: Page, serve: Serve) -> None:
    server = serve("committee", content={"members": [{}]})
    page.get_by_label("第1行须回避的申报：未选").click()
    page.get_by_label(APPLICATIONS[1][1]).check()
    page.get_by_label("第1行姓名").select_option(label="委员3")
    saved(page)
    assert server.content["members"] == [{"recused": ["a2"], "person": "p3"}]
    expect(page.get_by_label(f"第1行须回避的申报：{APPLICATIONS[1][1]}")).to_be_visible()


def test_a_script_in_the_content_is_shown_as_text(
    page: Page, serve: Serve, page_complaints: list[str]
) -> None:
    evil = "</script><script>document.title='x'</script><img src=x onerror=document.title='x'>"
    content = valid("report") | {"overview": evil, "safety_accident": True, "accident_detail": evil}
    serve("report", "city_review", content)
    expect(page.locator(".form-shown", has_text="</script>")).to_be_visible()
    assert page.title() != "x"
    assert page_complaints == []
