"""Remarks and waivers on the page, in a real Chromium."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.forms.folders import REVIEW, Folder
from tests.forms.form_server import FormServer, running

MIIT = Folder("miit_industry/2022", 2022, {"review": REVIEW})
SHANDONG = Folder("shandong_industry/2023", 2024, {"review": REVIEW})


def opened(page: Page, server: FormServer) -> None:
    page.goto(server.url)
    page.wait_for_selector("html[data-forms=ready]")


def server_of(folder: Folder, key: str, content: dict[str, Any]) -> FormServer:
    return FormServer(folder.compiled(key), content)


def saved(page: Page) -> None:
    expect(page.locator(".form-status")).to_have_attribute("data-state", "saved")


def test_a_jump_is_asked_about_and_the_remark_beside_it_is_the_answer(page: Page) -> None:
    content = MIIT.valid("recommendation_a")
    content["indicators"]["manufacturing_share"] = {"t2": "30", "t1": ""}
    with running(server_of(MIIT, "recommendation_a", content)) as server:
        opened(page, server)
        field = page.get_by_label("2021年制造业增加值占地区国内生产总值比重（%）")
        field.fill("40")
        field.blur()
        question = page.get_by_text("由2020年的 30 变为 40，增加 10 个百分点，变动较大")
        expect(question).to_be_visible()
        page.get_by_label("制造业增加值占地区国内生产总值比重（%）备注").fill("重大项目投产。")
        expect(question).to_have_count(0)
        saved(page)
        assert server.content["indicators"]["manufacturing_share"]["remark"] == "重大项目投产。"


def test_a_block_is_pasted_over_years_and_remarks(page: Page) -> None:
    with running(server_of(MIIT, "recommendation_b", {})) as server:
        opened(page, server)
        page.get_by_label("2020年家庭千兆光纤网络覆盖率（%）").evaluate(
            """element => {
                const clipboardData = new DataTransfer()
                clipboardData.setData('text/plain', '60\\t75\\t全市覆盖\\n8\\t10\\t')
                const options = { clipboardData, bubbles: true, cancelable: true }
                element.dispatchEvent(new ClipboardEvent('paste', options))
            }"""
        )
        saved(page)
        assert server.content["indicators"]["gigabit_coverage"] == {
            "t2": "60",
            "t1": "75",
            "remark": "全市覆盖",
        }
        assert server.content["indicators"]["base_stations"]["t1"] == "10"


def test_a_waiver_appears_where_the_condition_holds_in_principle_and_nowhere_else(page: Page) -> None:
    with running(server_of(MIIT, "conditions_a", MIIT.valid("conditions_a"))) as server:
        opened(page, server)
        heading = page.get_by_role("columnheader", name="不符合的，是否按“原则上”放宽")
        expect(heading).to_have_count(0)
        page.get_by_label("第六条第（二）项是否符合").select_option(label="不符合")
        expect(heading).to_be_visible()
        page.get_by_label("第六条第（六）项是否符合").select_option(label="不符合")
        waiver = page.get_by_role("radiogroup", name="放宽")
        expect(waiver).to_have_count(1)
        waiver.get_by_label("是").check()
        page.get_by_label("第六条第（二）项放宽的理由").fill("受疫情影响。")
        page.get_by_label("第六条第（二）项批准人").fill("厅党组会")
        saved(page)
        assert server.content["items"]["growth"]["waived"] is True
        assert "waived" not in server.content["items"]["safety"]


@pytest.mark.parametrize(
    ("folder", "key"),
    [
        (MIIT, "recommendation_a"),
        (MIIT, "conditions_b"),
        (MIIT, "statistics"),
        (SHANDONG, "recommendation_county_a"),
        (SHANDONG, "recommendation_county_b"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name.split("/")[0],
)
def test_a_form_is_accessible_when_empty_and_when_filled_in(
    page: Page, axe: Callable[[Page], list[str]], folder: Folder, key: str
) -> None:
    for content in ({}, folder.valid(key)):
        with running(server_of(folder, key, content)) as server:
            opened(page, server)
            assert axe(page) == []
