"""A year's targets, from the province over a city to its counties, in a real Chromium on the served demo."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Worker

YEAR = "2019年度传统制造业改造提升目标任务"


def set_up(province: Worker) -> None:
    """The province sets the year up from 轮次, and fixes the indicators."""
    province.open("/rounds")
    province.page.get_by_role("link", name="目标任务").click()
    province.page.get_by_role("link", name="建立年度目标任务").click()
    province.page.get_by_label("办法").select_option(index=1)
    province.page.get_by_label("年度").fill("2019")
    province.judge()
    province.page.get_by_role("button", name="建立").click()
    province.page.get_by_role("heading", level=1, name=YEAR).wait_for()
    province.do("制定年度关键性量化指标", "会同省级有关部门制定")


def decompose(official: Worker, task: str, division: str, decision: str) -> None:
    """Who splits the targets is told of a wrong cell at that cell, finds the rest as it was, and mends it."""
    official.fill(official.open_task(task), {})
    row = official.page.get_by_role("row", name=re.compile(f"^{division}"))
    robots = row.get_by_label(re.compile("新增工业机器人使用量"))
    land = row.get_by_label(re.compile("盘活存量建设用地"))
    robots.fill("八台")
    land.fill("1.25")
    official.page.get_by_role("radio", name=decision, exact=True).check()
    official.page.locator("#complete button[type=submit]").click()
    official.page.get_by_role("heading", name="表单有 1 处需要改正，任务没有提交").wait_for()
    official.wait_for_islands()
    expect(robots).to_be_focused()
    expect(robots).to_have_value("八台")
    expect(row.locator(".form-message[data-severity=error]")).to_have_text("“八台”不符合要求，请填写整数。")
    expect(land).to_have_value("1.25")
    official.judge()
    robots.fill("8")
    official.hand_in(decision)


def test_targets_go_from_the_province_to_the_counties_and_on_file(sign_in: Callable[[str], Worker]) -> None:
    province, city = sign_in("zhejiang"), sign_in("hangzhou")
    set_up(province)
    decompose(province, "分解到各设区市", "杭州市", "下达各设区市转升办")
    decompose(city, "细化分解到所辖县（市、区）", "余杭区", "下达并报省转升办备案")
    province.do("备案", "予以备案")

    county = sign_in("yuhang")
    county.open("/targets")
    county.page.get_by_role("link", name=YEAR).click()
    filed = county.page.get_by_role("row", name=re.compile("^杭州市"))
    expect(filed.get_by_text("已备案")).to_be_visible()
    county.judge()
    filed.get_by_role("link", name="杭州市").click()
    targets = county.page.get_by_role("region", name="目标", exact=True)
    place = targets.get_by_role("columnheader").all_inner_texts().index("余杭区") - 1
    robots = targets.get_by_role("row", name=re.compile("^新增工业机器人使用量")).get_by_role("cell")
    expect(robots.nth(place)).to_have_text("8")
    county.judge()
