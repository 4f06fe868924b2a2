"""What administrators do on the pages and by the API: claims, registers, sanctions, how the system runs."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from service.domain import demo_clocks, editions, sanctions, workers
from service.domain.demos import PASSWORD
from service.domain.editions import EditionFolder
from service.domain.procedures import build_services
from service.domain.sanctions import Sanction
from service.engine import history
from service.engine.jobs import Kind
from service.engine.timers import Timer
from service.jobs import Worker
from tests.domain.test_calendars import HEADER, YEAR_2027
from tests.web.chain import ROOT, Chain
from tests.web.site import MONDAY, Site, Visitor

At = Callable[[str], Chain]
REASON = "休假两周，材料本周须报出。"


def last_event(site: Site) -> tuple[str, str | None]:
    with site.database.read() as session:
        event = history.of_chain(session, history.SYSTEM)[-1]
        return event.type, event.actor_id


def upload(visitor: Visitor, path: str, content: bytes) -> Any:
    return visitor.post(path, {"file": (io.BytesIO(content), "file.csv")}, content_type="multipart/form-data")


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the form that confirms what is shown."""
    form = page.split('name="content"', 1)[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(standing|approved)" value="([^"]*)"', form))
    content = re.search(r'name="content" value="([^"]*)"', page)
    assert content is not None
    return {**fields, "content": content[1]}


# Claims.


def test_an_admin_releases_a_claim_and_the_one_who_had_it_reads_why(at: At) -> None:
    chain = at("begun")
    county, admin = chain.visitor("county"), chain.visitor("admin")
    task = next(iter(chain.tasks("county").values()))
    county.post(f"/user-tasks/{task}/claim")
    assert "county 某" in admin.get("/admin/claims").text
    page = admin.get(f"/admin/claims/{task}").text
    claimed_at = re.search(r'name="claimed_at" value="([^"]+)"', page)
    assert claimed_at is not None
    form = {"claimed_at": claimed_at[1].replace("&#43;", "+")}
    empty = admin.post(f"/admin/claims/{task}/release", {**form, "reason": " "})
    assert empty.status_code == 422
    assert 'id="reason-error">请填写解除签收的理由' in empty.text
    released = admin.post(f"/admin/claims/{task}/release", {**form, "reason": REASON})
    assert (released.status_code, released.location) == (303, "/admin/claims")
    assert last_event(chain.site) == ("claim_released", chain.site.people["admin"])
    again = admin.post(f"/admin/claims/{task}/release", {**form, "reason": REASON})
    assert (again.status_code, "现在没有人签收" in again.text) == (409, True)
    page = county.get(f"/user-tasks/{task}").text
    assert (
        f"已由admin 某于2026年3月2日 09:00解除，理由：{REASON.rstrip('。')}。如仍由您办理，请重新签收" in page
    )
    assert 'id="complete"' not in page
    refused = county.api("POST", f"/user-tasks/{task}/complete", {"decision": "withdraw", "opinion": "略"})
    assert (refused.status_code, refused.json["code"]) == (409, "claim_released")
    assert REASON.rstrip("。") in refused.json["message"]
    assert county.post(f"/user-tasks/{task}/claim").status_code == 303
    assert 'id="complete"' in county.get(f"/user-tasks/{task}").text


def test_claims_are_released_by_the_api_too(at: At) -> None:
    chain = at("begun")
    task = next(iter(chain.tasks("county").values()))
    chain.visitor("county").api("POST", f"/user-tasks/{task}/claim")
    admin = chain.visitor("admin")
    answer = admin.api("GET", "/claims")
    (line,) = answer.json
    assert (line["holder"], line["user_task_id"], answer.headers["X-Total-Count"]) == ("county 某", task, "1")
    assert admin.api("POST", f"/claims/{task}/release", {}).json["problems"][0]["pointer"] == "/reason"
    later = {"reason": REASON, "claimed_at": "2026-03-02T01:00:01+00:00"}
    assert admin.api("POST", f"/claims/{task}/release", later).json["code"] == "claim_changed"
    body = {"reason": REASON, "claimed_at": line["claimed_at"]}
    assert admin.api("POST", f"/claims/{task}/release", body).json["reason"] == REASON
    told = chain.visitor("county").api("GET", f"/user-tasks/{task}").json
    assert (told["may_complete"], told["may_claim"], told["released"]["by"]) == (False, True, "admin 某")
    assert admin.api("GET", "/claims").json == []
    assert admin.api("GET", f"/claims/{task}").status_code == 404


# The work calendar.


def test_an_admin_sees_the_changes_of_a_year_and_then_loads_it(site: Site) -> None:
    admin = site.signed_in("admin")
    before = admin.get("/admin/calendar").text
    assert re.search(r"2027 年</td>\s*<td><span class=\"mark mark-bad\">没有", before)
    shown = upload(admin, "/admin/calendar/plan", YEAR_2027.encode())
    assert shown.status_code == 200
    assert "2027 年的变动（9 天），尚未载入" in shown.text
    assert "2027年2月13日，星期六" in shown.text
    assert "没有</span>" in admin.get("/admin/calendar").text  # Nothing has been loaded yet.
    loaded = admin.post("/admin/calendar", carried(shown.text))
    assert (loaded.status_code, loaded.location) == (303, "/admin/calendar")
    assert last_event(site) == ("holidays_loaded", site.people["admin"])
    assert re.search(r"2027 年</td>\s*<td><span class=\"mark mark-good\">有", admin.get(loaded.location).text)
    stale = admin.post("/admin/calendar", {**carried(shown.text), "standing": ""})
    assert (stale.status_code, "刚由别人载入过" in stale.text) == (409, True)


def test_every_fault_of_a_file_is_told_with_its_line(sqlite_site: Site) -> None:
    admin = sqlite_site.signed_in("admin")
    faulty = upload(
        admin, "/admin/calendar/plan", (HEADER + "2027-02-30,no,春节\n2027-03-01,maybe,甲\n").encode()
    )
    assert faulty.status_code == 422
    assert "第2行：日期“2027-02-30”应写作" in faulty.text
    assert "第3行：“maybe”应为 yes" in faulty.text
    assert "请选择要载入的文件" in admin.post("/admin/calendar/plan").text


def test_days_that_have_passed_stay_and_running_notices_are_named(at: At) -> None:
    chain = at("noticed")
    admin = chain.visitor("admin")
    today = chain.site.clock.now().date()
    past, soon = today - timedelta(days=7), today + timedelta(days=1)
    assert past.year == soon.year
    for day in (past, soon):
        assert day.weekday() < 5, "a working day is taken off"
    refused = upload(admin, "/admin/calendar/plan", f"{HEADER}{past},no,停工\n".encode())
    assert refused.status_code == 422
    assert f"第2行：{past} 已经过去，不能由上班改为放假" in refused.text
    shown = upload(admin, "/admin/calendar/plan", f"{HEADER}{soon},no,停工\n".encode())
    assert shown.status_code == 200
    assert "有正在进行的公示经过这些日子" in shown.text
    planned = admin.api("POST", "/registers/calendar/plan", {"content": f"{HEADER}{soon},no,停工\n"}).json
    assert len(planned["notices"]) == 1
    assert planned["changes"] == [{"day": str(soon), "name": "停工", "before": True, "after": False}]
    loaded = admin.api(
        "POST", "/registers/calendar", {"content": f"{HEADER}{soon},no,停工\n", "standing": ""}
    )
    assert loaded.status_code == 200
    assert {"year": soon.year, "days": 1, "missing": False} in [
        {key: year[key] for key in ("year", "days", "missing")}
        for year in admin.api("GET", "/registers/calendar").json
    ]


# Divisions.


TABLE = """code,name,level,parent,region,tag
000000,全国,nation,,,
330000,浙江省,province,000000,east,
330100,杭州市,city,330000,east,
330111,富阳区,county,330100,east,
"""


def test_an_admin_sees_what_a_table_of_divisions_changes_and_then_loads_it(site: Site) -> None:
    admin = site.signed_in("admin")
    shown = upload(admin, "/admin/divisions/plan", TABLE.encode())
    assert "新增 1 个，修改 2 个，停用 1 个，尚未载入" in shown.text
    assert "地区：空 → east" in shown.text
    assert re.search(r"330110</td><td>停用</td><td>余杭区", shown.text)
    assert "县级 1 个" in admin.get("/admin/divisions").text
    loaded = admin.post("/admin/divisions", carried(shown.text))
    assert (loaded.status_code, loaded.location) == (303, "/admin/divisions")
    assert last_event(site) == ("divisions_loaded", site.people["admin"])
    stale = admin.post("/admin/divisions", carried(shown.text))
    assert (stale.status_code, "刚由别人载入过" in stale.text) == (409, True)
    faulty = admin.api("POST", "/registers/divisions/plan", {"content": TABLE + "33,甲,city,,east,\n"})
    assert [problem["pointer"] for problem in faulty.json["problems"]] == ["第6行", "第6行"]
    unchanged = admin.api("POST", "/registers/divisions", {"content": TABLE})
    assert (unchanged.json["unchanged"], unchanged.json["added"]) == (4, [])


# Sanctions.


@pytest.fixture
def sanctioned(site: Site) -> tuple[Site, list[str]]:
    with site.database.write() as session:
        # Whose sanctions they are, the programme's edition says.
        folder = EditionFolder.read(ROOT, "miit_industry/2018")
        editions.publish(session, folder, editions.known(build_services()), now=MONDAY)
        imposed = sanctions.impose(
            session,
            programme="miit_industry",
            division_code="330100",
            year=2025,
            city_years=3,
            province_years=3,
            decision_number="工信部规函〔2025〕99号",
            decided_on=date(2025, 9, 3),
            reason="申报数据系编造。",
            subject="objection:1",
            now=MONDAY,
            actor_id=site.people["ministry"],
        )
        ids = [each.id for each in imposed]
    return site, ids


def test_the_ministry_lifts_a_sanction_with_decision_day_and_reason(
    sanctioned: tuple[Site, list[str]],
) -> None:
    site, (city, _) = sanctioned
    ministry = site.signed_in("ministry")
    page = ministry.get("/sanctions").text
    assert f'href="/sanctions/{city}">浙江省杭州市' in page
    assert "2026至2028年度" in page
    typed = {"appeal_number": "复议〔2026〕1号", "lifted_on": "2026-03-03", "reason": "原认定的事实不清。"}
    early = ministry.post(f"/sanctions/{city}/lift", typed)
    assert early.status_code == 422
    assert 'id="lifted_on-error">解除的日期不能晚于今天' in early.text
    assert 'value="复议〔2026〕1号"' in early.text
    assert ministry.post(f"/sanctions/{city}/lift", typed | {"lifted_on": "2026-03-02"}).status_code == 303
    assert last_event(site) == ("sanction_lifted", site.people["ministry"])
    page = ministry.get(f"/sanctions/{city}").text
    assert "已解除" in page
    assert "工信部规函〔2025〕99号" in page
    assert "原认定的事实不清。" in page
    assert "/lift" not in page
    with site.database.read() as session:
        assert sanctions.check(session, "330110", "miit_industry", 2026) is not None  # The province's stands.


def test_the_api_lifts_a_sanction_and_others_do_not_see_them(sanctioned: tuple[Site, list[str]]) -> None:
    site, (city, province) = sanctioned
    ministry, auditor, county = (site.signed_in(login) for login in ("ministry", "auditor", "county"))
    listed = ministry.api("GET", "/sanctions?size=1")
    assert (len(listed.json), listed.headers["X-Total-Count"]) == (1, "2")
    body = {"appeal_number": "复议〔2026〕1号", "lifted_on": "2026-03-02", "reason": "事实不清。"}
    assert ministry.api("POST", f"/sanctions/{province}/lift", body).json["lift_reason"] == "事实不清。"
    assert ministry.api("POST", f"/sanctions/{province}/lift", body).json["code"] == "sanction_lifted"
    assert auditor.api("GET", f"/sanctions/{province}").json["lifted_on"] == "2026-03-02"
    assert "限制中" in auditor.get("/sanctions").text
    assert auditor.api("POST", f"/sanctions/{city}/lift", body).status_code == 403
    for path in ("/sanctions", f"/sanctions/{city}"):
        assert county.get(path).status_code == 403
        assert county.api("GET", path).status_code == 403
    with site.database.read() as session:
        assert session.get_one(Sanction, city).lifted_on is None


# How the system runs.


def test_a_failing_deadline_is_shown_and_tried_again_at_once(at: At) -> None:
    chain = at("begun")
    assert "没有。到期的事项和消息都已办成" in chain.visitor("admin").get("/admin/status").text
    with chain.site.database.write() as session:
        later = chain.site.clock.now() + timedelta(days=60)
        failing = update(Timer).values(failures=3, error="StepFailed: 流程走到“截止”时出错。", run_at=later)
        session.execute(failing)
    chain.pass_time(timedelta(days=30))
    admin = chain.visitor("admin")
    status = admin.api("GET", "/status").json
    failure = next(each for each in status["failures"] if "余杭区" in each["subject"])
    assert (failure["kind"], failure["failures"]) == (Kind.TIMERS, 3)
    assert failure["name"].startswith("到期事项“")
    assert failure["error"] == "流程走到“截止”时出错。"
    page = admin.get("/admin/status").text
    assert "流程走到“截止”时出错。" in page
    assert chain.visitor("auditor").get("/admin/status").text.count("立即重试") == 0
    tried = admin.post(f"/admin/status/jobs/timers/{failure['id']}/retry")
    assert (tried.status_code, tried.location) == (303, "/admin/status")
    with chain.site.database.read() as session:
        events = history.of_chain(session, history.SYSTEM)
        assert ("job_retried", chain.site.people["admin"]) in [(e.type, e.actor_id) for e in events]
    gone = admin.api("POST", "/status/jobs/delivery/nothing/retry")
    assert (gone.status_code, gone.json["code"]) == (409, "failure_gone")
    assert not any(each["id"] == failure["id"] for each in admin.api("GET", "/status").json["failures"])


def test_the_last_step_of_the_worker_is_shown_and_its_silence_too(site: Site) -> None:
    admin = site.signed_in("admin")
    assert "没有进程在办理到期事项" in admin.get("/admin/status").text
    worker = Worker(site.database, site.app.process_engine, site.clock, site.config.uploads)
    worker.tick()
    (shown,) = admin.api("GET", "/status").json["workers"]
    assert (shown["done"], shown["error"]) == (0, None)
    assert "没有进程在办理到期事项" not in admin.get("/admin/status").text
    site.clock.advance(timedelta(seconds=10))
    worker.tick()  # Too soon to write again.
    assert admin.api("GET", "/status").json["workers"] == [shown]
    site.clock.advance(workers.LATE_AFTER)
    assert admin.api("GET", "/status").json["late"]
    worker.tick()
    assert not admin.api("GET", "/status").json["late"]
    site.clock.advance(timedelta(days=2))
    worker.keep_house()
    assert site.signed_in("admin").api("GET", "/status").json["workers"] == []


def test_the_pages_for_admins_say_where_they_are(sqlite_site: Site) -> None:
    for login, seen in (("admin", "/admin/claims"), ("auditor", "/sanctions")):
        overview = sqlite_site.signed_in(login).get("/admin").text
        assert f'href="{seen}"' in overview
        assert 'href="/admin" aria-current="page">管理' in overview
    assert ">管理</a>" not in sqlite_site.signed_in("ministry").get("/rounds").text


# Editions.


def test_the_files_of_an_edition_come_out_as_they_went_in(at: At, tmp_path: Path) -> None:
    chain = at("begun")
    county = chain.visitor("county")
    for path in (f"/editions/{chain.edition_id}/files", f"/api/v1/editions/{chain.edition_id}/files"):
        answer = county.get(path)
        assert answer.mimetype == "application/zip"
        assert "miit_industry-2018-v1.zip" in answer.headers["Content-Disposition"]
        folder = tmp_path / path.strip("/").replace("/", "-")
        zipfile.ZipFile(io.BytesIO(answer.data)).extractall(folder)
        assert EditionFolder.read(folder, "miit_industry/2018").digest == chain.edition_id
    with chain.site.database.read() as session:
        edition = editions.get(session, chain.edition_id)
        assert editions.archive(edition) == editions.archive(edition)


# The sign-in page.


@pytest.mark.parametrize("demo", [True, False])
def test_demo_accounts_are_shown_in_a_demo_that_was_set_up_as_one_and_nowhere_else(
    sqlite_url: str, tmp_path: Path, demo: bool
) -> None:
    site = Site(sqlite_url, tmp_path, demo=True)
    site.set_up()
    if demo:
        with site.database.write() as session:
            demo_clocks.start_at(session, MONDAY, MONDAY)
    page = site.visitor().get("/sign-in").text
    assert ("演示账号" in page, PASSWORD in page) == (demo, demo)
    assert ("ministry" in page, "yuhang" in page) == (demo, False)  # Only who is there.
    site.database.dispose()
