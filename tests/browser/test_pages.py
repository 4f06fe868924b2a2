"""Every page in a real Chromium: no complaint of the policy, no error, no axe violation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Demo, Worker

PUBLIC = [
    "/sign-in",
    "/notices",
    "/ledger",
    "/objections/receipt",
    "/objections/receipt?number=YY0",
    "/nowhere",
]
SIGNED_IN = {
    "yuhang": [
        "/user-tasks",
        "/user-tasks/done",
        "/applications",
        "/rounds",
        "/editions",
        "/account",
        "/people",
    ],
    "ministry": ["/rounds/new", "/objections", "/sanctions", "/ledger/redemptions", "/ledger/sanctions"],
    "admin": [
        "/people",
        "/people/new",
        "/demo-clock",
        "/history",
        "/admin",
        "/admin/status",
        "/admin/claims",
        "/admin/calendar",
        "/admin/divisions",
    ],
}


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_accessible(
    demo: Demo, new_context: Callable[..., BrowserContext], axe: Callable[[Page], list[str]], path: str
) -> None:
    page = new_context().new_page()
    page.goto(demo.address + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("login", SIGNED_IN)
def test_pages_of_those_signed_in_are_accessible(
    sign_in: Callable[[str], Worker], axe: Callable[[Page], list[str]], login: str
) -> None:
    worker = sign_in(login)
    for path in SIGNED_IN[login]:
        worker.open(path)
        expect(worker.page.get_by_role("heading", level=1)).to_be_visible()
        assert axe(worker.page) == [], path


def test_an_edition_shows_its_articles(
    sign_in: Callable[[str], Worker], axe: Callable[[Page], list[str]]
) -> None:
    worker = sign_in("auditor")
    worker.open("/editions")
    worker.page.get_by_role("link", name=re.compile("明显市（州）激励$")).click()
    expect(worker.page.get_by_role("link", name="第15条")).to_be_visible()
    assert axe(worker.page) == []
    worker.page.get_by_role("link", name="全部条文").click()
    expect(worker.page.get_by_role("heading", name="第15条")).to_be_visible()
    expect(worker.page.get_by_text("本办法自2018年2月7日起施行。")).to_be_visible()
    assert axe(worker.page) == []
    worker.page.locator('[id="5"] summary').click()
    worker.page.get_by_role("link", name="确定年度遴选数量（record_quota）").click()
    expect(worker.page.locator('[data-element-id="record_quota"].is-marked')).to_be_visible()
    assert axe(worker.page) == []


def test_the_documentation_of_the_api_is_served_from_here(
    demo: Demo, new_context: Callable[..., BrowserContext], axe: Callable[[Page], list[str]]
) -> None:
    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(demo.address + "/api/v1/docs")
    expect(page.get_by_text("办结：内容、意见、决定一并提交，全部成立才算办结")).to_be_visible()
    assert [url for url in asked if not url.startswith((demo.address, "data:", "blob:"))] == []
    assert axe(page) == []


def test_a_search_for_people_narrows_the_list_while_typing(sign_in: Callable[[str], Worker]) -> None:
    page = sign_in("admin").page
    page.goto(sign_in("admin").demo.address + "/people")
    named = page.get_by_label("姓名或登录名")
    named.press_sequentially("林国", delay=30)
    expect(page.get_by_role("link", name="林国栋")).to_be_visible()
    named.clear()
    named.press_sequentially("沈一", delay=30)
    expect(page.get_by_role("link", name="林国栋")).to_have_count(0)
    expect(page.get_by_role("link", name="沈一鸣")).to_be_visible()


def test_what_is_wrong_at_sign_in_is_said_and_the_login_stays(
    demo: Demo, new_context: Callable[..., BrowserContext], axe: Callable[[Page], list[str]]
) -> None:
    page = new_context().new_page()
    page.goto(demo.address + "/account")
    page.get_by_label("账号").fill("nobody")
    page.get_by_label("密码").fill("wrong-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    expect(page.get_by_label("账号")).to_have_value("nobody")
    assert axe(page) == []


def test_a_page_can_be_used_on_a_telephone(
    demo: Demo, new_context: Callable[..., BrowserContext], axe: Callable[[Page], list[str]]
) -> None:
    page = new_context(viewport={"width": 390, "height": 800}).new_page()
    page.goto(demo.address + "/sign-in")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_the_drawing_in_which_a_case_waits_is_shown_and_the_others_on_request(
    sign_in: Callable[[str], Worker],
) -> None:
    worker = sign_in("ministry")
    worker.open("/rounds?year=2018")
    worker.page.locator("tbody a").first.click()
    worker.wait_for_islands()
    drawings = worker.page.get_by_role("img", name="的流程图：")
    expect(drawings).to_have_count(1)
    waiting = worker.page.get_by_role("button", name="（进行中）")
    expect(waiting).to_have_attribute("aria-pressed", "true")
    worker.page.get_by_role("button", name="公示", exact=True).click()
    expect(waiting).to_have_attribute("aria-pressed", "false")
    expect(worker.page.get_by_role("img", name="的流程图：公示")).to_be_visible()
    expect(drawings).to_have_count(1)
    worker.judge()
    waiting.click()
    expect(drawings).to_have_count(1)
