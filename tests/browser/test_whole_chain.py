"""A county's application to an award, in a real Chromium on the served demo, as its officials would do it."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from service.clock import SHANGHAI
from tests.browser.conftest import Caller, Demo, Worker

EXPERTS = ("bureau1", "bureau2", "bureau3", *(f"expert{number}" for number in range(1, 7)))


def apply(county: Worker) -> None:
    """余杭区 begins its application, is told of a wrong cell at that cell, mends it and hands in."""
    county.open("/rounds")
    county.page.get_by_role("link", name=re.compile("2018年度")).click()
    county.judge()
    county.page.get_by_role("button", name="开始申报").click()
    county.page.get_by_role("heading", level=1, name="编制申报书和推荐表").wait_for()
    county.wait_for_islands()
    county.judge()
    county.fill(county.page.url.rsplit("/", 1)[1], {})
    county.page.get_by_role("tab", name="推荐表").click()
    population = county.page.get_by_label(re.compile("^人口"))
    right = population.input_value()
    population.fill("约八百")
    county.page.get_by_role("radio", name="提交申报材料").check()
    county.page.locator("#complete button[type=submit]").click()
    county.page.get_by_role("heading", name="表单有 1 处需要改正，任务没有提交").wait_for()
    county.wait_for_islands()
    expect(population).to_have_value("约八百")
    expect(population).to_have_attribute("aria-invalid", "true")
    expect(population).to_be_focused()
    expect(county.page.get_by_role("radio", name="提交申报材料")).to_be_checked()
    county.judge()
    population.fill(right)
    county.hand_in("提交申报材料")


def judge_conditions(province: Worker) -> None:
    """The province first marks a condition as not met, and cannot agree."""
    province.fill(province.open_task("推荐单位审核"), {})
    province.page.get_by_role("tab", name="基本条件核实").click()
    brands = province.page.get_by_label("第6条第（4）项是否符合")
    brands.select_option("不符合")
    province.page.get_by_role("radio", name="同意，列入评选推荐").check()
    province.page.get_by_label("意见", exact=True).fill("同意。")
    province.page.locator("#complete button[type=submit]").click()
    province.page.get_by_role("heading", name="表单有 1 处需要改正，任务没有提交").wait_for()
    province.wait_for_islands()
    expect(brands).to_be_focused()
    expect(province.page.get_by_text("第6条第（4）项标为“不符合”，不能同意申报。").first).to_be_visible()
    province.judge()
    brands.select_option("符合")
    province.hand_in("同意，列入评选推荐")


def score(expert: Worker, points: int) -> None:
    """A member types a score into the sheet."""
    task_id = expert.open_task("评议审查并打分")
    expert.fill(task_id, {"score_sheet": {"scores.*.score": "1", "scores.*.recused": False}})
    cell = expert.page.get_by_role("row", name=re.compile("余杭区")).get_by_role("textbox").first
    cell.fill(f"{points}.5")
    expert.hand_in("提交评分")


def advance_to_next_deadline(admin: Worker) -> None:
    admin.open("/demo-clock")
    admin.judge()
    admin.page.get_by_role("button", name="推进到下一个期限").click()
    admin.page.get_by_text("演示时间已推进到").wait_for()


def test_a_county_goes_from_application_to_award(
    demo: Demo,
    sign_in: Callable[[str], Worker],
    new_context: Callable[..., BrowserContext],
    axe: Callable[[Page], list[str]],
    playwright: Playwright,
) -> None:
    apply(sign_in("yuhang"))
    sign_in("hangzhou").do("市级主管部门审核", "同意，报推荐单位")
    province = sign_in("zhejiang")
    judge_conditions(province)
    province.do("比较遴选申报", "提出推荐名单", {"selection": {"applications.*.recommended": True}})
    province.do("出具推荐函和声明", "报请政府同意")
    sign_in("zhejiang-gov").do("审定推荐名单", "同意推荐")
    province.do("提交申报材料", "报主办部门")

    ministry, admin = sign_in("ministry"), sign_in("admin")
    ministry.do("受理审查申报材料", "予以受理，送评审委员会")
    advance_to_next_deadline(admin)
    ministry.do("办结受理审查", "受理审查已全部办结")
    ministry.do("组建评审委员会", "组建完毕", {"committee": {"members": members(demo)}})
    ministry.do("确定年度遴选数量", "确定数量", {"quota": {"quota": "10"}})
    ministry.open("/rounds")
    ministry.page.get_by_role("link", name=re.compile("2018年度")).click()
    ministry.page.get_by_role("link", name="更换委员").click()
    expect(ministry.page.get_by_label("接任的委员", exact=True)).to_be_visible()
    ministry.judge()
    chair = sign_in(EXPERTS[0])
    score(chair, 80)
    for number, login in enumerate(EXPERTS[1:], start=1):
        sheet = {"scores.*.score": f"{80 + number}.5", "scores.*.recused": False}
        member = Caller(demo, login, playwright.request.new_context())
        member.do("评议审查并打分", "submit", {"score_sheet": sheet})
    chair.do("提出评审意见和初选建议名单", "提出初选建议名单")
    ministry.do("研究确定拟入选名单", "确定拟入选名单")
    ministry.do("拟定并发布公示", "发布公示")

    public = new_context().new_page()
    public.goto(demo.address)
    public.get_by_role("link", name=re.compile("公示")).last.click()
    expect(public.get_by_role("listitem").filter(has_text="余杭区")).to_be_visible()
    assert axe(public) == []

    advance_to_next_deadline(admin)
    public.reload()
    expect(public.get_by_text("公示已经结束，不再接受异议。")).to_be_visible()
    ministry.do("报请批复", "上报")
    sign_in("council").do("批复入选名单", "批复同意")
    today = {"date": demo.now().astimezone(SHANGHAI).date().isoformat()}
    ministry.do("公布入选名单", "公布名单", {"announcement": today})

    ministry.open("/rounds")
    ministry.page.get_by_role("link", name=re.compile("2018年度")).click()
    ministry.wait_for_islands()
    expect(ministry.page.get_by_role("row", name=re.compile("^1 .*余杭区 84.50"))).to_be_visible()
    ministry.judge()
    ministry.open("/applications")
    ministry.page.get_by_role("link", name=re.compile("余杭区")).click()
    conditions = ministry.page.get_by_role("region", name="推荐单位核实的条件")
    expect(conditions.get_by_role("row", name=re.compile("知名工业品牌.*符合"))).to_be_visible()
    ministry.judge()
    county = sign_in("yuhang")
    county.open("/applications")
    county.page.get_by_role("link", name=re.compile("余杭区")).click()
    county.wait_for_islands()
    expect(county.page.get_by_text("入选", exact=True).first).to_be_visible()
    county.judge()


def members(demo: Demo) -> list[dict[str, object]]:
    """The nine of the committee, the first its chair."""
    return [
        {
            "person": demo.person_id(login),
            "role": "bureau" if number < 3 else "expert",
            "chair": number == 0,
        }
        for number, login in enumerate(EXPERTS)
    ]
