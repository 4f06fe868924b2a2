"""The page of a user task: what it shows to whom, what stays when something is wrong, two at once."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from service.domain import wordings
from tests.web.chain import Chain

At = Callable[[str], Chain]
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def task_of(chain: Chain, login: str) -> str:
    (task_id,) = chain.tasks(login).values()
    return task_id


def island(page: str, form: str) -> Any:
    found = re.search(
        rf'data-form="{form}".*?<script type="application/json">(.*?)</script>', page, re.DOTALL
    )
    assert found is not None
    return json.loads(found.group(1))


def test_the_list_tells_the_deadline_and_how_far_it_is(at: At) -> None:
    chain = at("begun")
    page = chain.visitor("county").get("/user-tasks").text
    assert "编制申报书和推荐表" in page
    assert "余杭区 · 2026年度" in page
    assert "2026年3月30日24:00" in page
    assert "还有28天" in page


def test_the_page_explains_itself_by_the_article(at: At) -> None:
    chain = at("begun")
    page = chain.visitor("county").get(f"/user-tasks/{task_of(chain, 'county')}").text
    assert "办理依据：第7条（1）" in page
    assert "按照要求（附件1）编制" in page


def test_wrong_cells_are_told_apart_and_what_was_typed_stays(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    samples = chain.samples("county", task_id, {})
    samples["recommendation"]["population"] = "约八百"
    del samples["recommendation"]["area"]
    for key, content in samples.items():
        county.api("PUT", f"/user-tasks/{task_id}/drafts/{key}", {"content": content, "version": 0})
    answer = county.post(f"/user-tasks/{task_id}/complete", {"decision": "submit"})
    assert answer.status_code == 422
    assert "表单有 2 处需要改正，任务没有提交" in answer.text
    shown = island(answer.text, "recommendation")
    assert {problem["pointer"] for problem in shown["problems"]} == {"/population", "/area"}
    assert shown["content"]["population"] == "约八百"
    assert island(answer.text, "report")["problems"] == []
    assert re.search(r'value="submit" checked', answer.text)
    by_api = county.api("POST", f"/user-tasks/{task_id}/complete", {"decision": "submit"})
    assert by_api.status_code == 422
    assert {(each["form"], each["pointer"]) for each in by_api.json["problems"]} == {
        ("recommendation", "/population"),
        ("recommendation", "/area"),
    }


def test_a_condition_that_is_not_met_is_told_at_its_cell_to_who_agrees(at: At) -> None:
    chain = at("begun")
    chain.do("county", "编制申报书和推荐表", "submit")
    chain.do("city", "市级主管部门审核", "agree")
    province, task_id = chain.visitor("province"), task_of(chain, "province")
    chain.fill("province", task_id, {"conditions": {"items.quality.met": "unmet"}})
    agreed = {"decision": "agree", "opinion": "同意。"}
    answer = province.post(f"/user-tasks/{task_id}/complete", agreed)
    assert answer.status_code == 422
    shown = island(answer.text, "conditions")
    assert [problem["pointer"] for problem in shown["problems"]] == ["/items/quality/met"]
    assert shown["problems"][0]["message"].startswith("第6条第（4）项标为“不符合”，不能同意申报。")
    assert shown["content"]["items"]["quality"]["met"] == "unmet"
    by_api = province.api("POST", f"/user-tasks/{task_id}/complete", agreed)
    assert by_api.status_code == 422
    assert by_api.json["message"].startswith("基本条件中第6条第（4）项标为“不符合”，不能同意申报。")
    (problem,) = by_api.json["problems"]
    assert (problem["form"], problem["pointer"]) == ("conditions", "/items/quality/met")
    refused = {"decision": "refuse", "opinion": "品牌建设不足。"}
    assert province.post(f"/user-tasks/{task_id}/complete", refused).status_code == 303
    page = chain.visitor("county").get(f"/applications/{chain.application_id}").text
    assert "品牌建设不足。核实不符合的基本条件：第6条第（4）项" in re.sub("</?a[^>]*>", "", page)
    assert f'href="/editions/{chain.edition_id}/articles#6(4)"' in page


def test_no_decision_is_asked_for(at: At) -> None:
    chain = at("begun")
    task_id = task_of(chain, "county")
    for key, content in chain.samples("county", task_id, {}).items():
        draft = {"content": content, "version": 0}
        chain.visitor("county").api("PUT", f"/user-tasks/{task_id}/drafts/{key}", draft)
    answer = chain.visitor("county").post(f"/user-tasks/{task_id}/complete", {})
    assert answer.status_code == 422
    assert "请选择" in answer.text


def test_a_second_submission_loses_nothing_and_says_who_was_first(at: At) -> None:
    chain = at("begun")
    task_id = task_of(chain, "county")
    chain.do("county", "编制申报书和推荐表", "submit")
    again = chain.visitor("county").post(f"/user-tasks/{task_id}/complete", {"decision": "submit"})
    assert again.status_code == 409
    assert "已由county 某于2026年3月2日" in again.text
    by_api = chain.visitor("county").api("POST", f"/user-tasks/{task_id}/complete", {"decision": "submit"})
    assert (by_api.status_code, by_api.json["code"]) == (409, "user_task_closed")


def test_a_draft_that_somebody_else_changed_is_not_overwritten(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    address = f"/user-tasks/{task_id}/drafts/report"
    assert county.api("PUT", address, {"content": {}, "version": 0}).json["version"] == 1
    late = county.api("PUT", address, {"content": {}, "version": 0})
    assert (late.status_code, late.json["code"]) == (409, "draft_changed")
    assert "草稿已由county 某" in late.json["message"]


def test_a_task_is_claimed_and_given_back(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    county.post(f"/user-tasks/{task_id}/claim")
    page = county.get(f"/user-tasks/{task_id}").text
    assert "county 某 已签收" in page
    assert "退回签收" in page
    county.post(f"/user-tasks/{task_id}/release")
    assert "已签收" not in county.get("/user-tasks").text


def test_others_do_not_even_learn_that_the_task_exists(at: At) -> None:
    chain = at("begun")
    task_id = task_of(chain, "county")
    for login in ("city", "province", "ministry", "expert", "admin"):
        assert chain.visitor(login).get(f"/user-tasks/{task_id}").status_code == 404, login
        assert chain.visitor(login).api("GET", f"/user-tasks/{task_id}").status_code == 404, login
    assert chain.visitor("auditor").get(f"/user-tasks/{task_id}").status_code == 200


def test_who_may_look_may_not_therefore_act(at: At) -> None:
    chain = at("begun")
    chain.do("county", "编制申报书和推荐表", "submit")
    task_id = task_of(chain, "city")
    county = chain.visitor("county")
    page = county.get(f"/user-tasks/{task_id}")
    assert page.status_code == 200
    assert 'id="complete"' not in page.text
    refused = county.post(f"/user-tasks/{task_id}/complete", {"decision": "agree"})
    assert refused.status_code == 403
    assert "由杭州市工业和信息化主管部门办理" in refused.text


def test_a_reviewer_reads_what_was_submitted_and_must_give_reasons_to_return_it(at: At) -> None:
    chain = at("begun")
    chain.do("county", "编制申报书和推荐表", "submit")
    city, task_id = chain.visitor("city"), task_of(chain, "city")
    page = city.get(f"/user-tasks/{task_id}").text
    assert "近三年工业总体情况" in page
    assert "工业增加值（亿元）" in page
    for heading in (
        ' colspan="3">指标<',
        ' rowspan="10">五大工程<',
        ' rowspan="2">制造业创新中心<',
        ' colspan="2">技术改造投资增速',
    ):
        assert page.count(f'<th scope="row"{heading}') + page.count(f'<th scope="col"{heading}') == 1
    answer = city.post(f"/user-tasks/{task_id}/complete", {"decision": "return"})
    assert answer.status_code == 422
    assert 'id="opinion-error">请填写意见' in answer.text


def test_attachments_are_kept_by_hash_and_hidden_from_strangers(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    upload = {"files": (io.BytesIO(PDF), "证明 材料.pdf")}
    answer = county.post(f"/user-tasks/{task_id}/attachments", upload)
    assert answer.status_code == 303, answer.text
    page = county.get(f"/user-tasks/{task_id}").text
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert f"SHA-256 {sha256}" in page
    (address,) = set(re.findall(r"/attachments/\w+(?=\")", page))
    with county.get(address) as sent:
        assert sent.data == PDF
        assert sent.headers["Content-Disposition"].startswith("attachment;")
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
    with county.get(f"/cases/application:{chain.application_id}/files/{sha256}") as by_hash:
        assert by_hash.data == PDF
    for login in ("city", "ministry", "admin", "expert"):
        assert chain.visitor(login).get(address).status_code == 404, login
    removal = re.findall(r"/user-tasks/\w+/attachments/\w+/remove", page)[0]
    assert county.post(removal).status_code == 303
    assert county.get(address).status_code == 404


def test_a_file_that_is_not_what_its_name_says_is_refused_with_the_reason(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    upload = {"files": (io.BytesIO(b"<script>alert(1)</script>"), "report.pdf")}
    answer = county.post(f"/user-tasks/{task_id}/attachments", upload)
    assert answer.status_code == 422
    assert "report.pdf" in answer.text
    by_api = county.client.post(
        f"/api/v1/user-tasks/{task_id}/attachments",
        data={"file": (io.BytesIO(b"MZ"), "run.exe")},
        headers={"X-CSRF-Token": county.csrf_token},
    )
    assert (by_api.status_code, by_api.json["code"]) == (422, "file_refused")


def test_the_diagram_marks_what_was_passed_and_where_it_waits(at: At) -> None:
    chain = at("begun")
    chain.do("county", "编制申报书和推荐表", "submit")
    drawing = chain.visitor("county").get(f"/diagrams/application:{chain.application_id}").json
    assert "fill_in" in drawing["passed"]
    assert "city_review" in drawing["current"]
    assert next(iter(drawing["files"].values())).startswith("<?xml")
    assert chain.visitor("province").get(f"/diagrams/application:{chain.application_id}").status_code == 404


def test_the_history_is_told_to_those_who_see_the_case_only(at: At) -> None:
    chain = at("begun")
    address = f"/cases/application:{chain.application_id}/history"
    events = chain.visitor("county").api("GET", address).json
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(after["previous_hash"] == before["hash"] for before, after in pairwise(events))
    assert chain.visitor("city").api("GET", address).status_code == 404
    assert chain.visitor("city").get(address).status_code == 404


def test_the_history_says_who_did_what_decided_what_and_said_what(at: At) -> None:
    chain = at("noticed")
    address = f"/cases/application:{chain.application_id}/history"
    sentences = {
        event["type"] + event["element_id"]: event["sentence"]
        for event in chain.visitor("city").api("GET", f"{address}?size=100").json
        if event["element_id"]
    }
    county, city = "余杭区工业和信息化主管部门 county 某", "杭州市工业和信息化主管部门 city 某"
    forms = "《工业稳增长和转型升级成效明显市（州）申报书》《工业稳增长和转型升级成效明显市（州）推荐表》"
    assert (
        sentences["user_task_completedfill_in"]
        == f"{county} 办结任务“编制申报书和推荐表”，提交{forms}，决定为“提交申报材料”"
    )
    assert sentences["user_task_completedcity_review"] == (
        f"{city} 办结任务“市级主管部门审核”，决定为“同意，报推荐单位”"
    )
    page = chain.visitor("city").get(address).text
    assert "2026年3月2日 09:00" in page
    assert '<div class="article-text">材料属实，同意上报。</div>' in page


def test_the_history_of_every_case_and_of_the_system_is_known_in_full(at: At) -> None:
    chain = at("noticed")
    auditor = chain.visitor("auditor")
    for key in (f"application:{chain.application_id}", f"round:{chain.round_id}", "system"):
        total, seen, number = 1, 0, 1
        while seen < total:
            answer = auditor.api("GET", f"/cases/{key}/history?size=100&page={number}")
            total, seen, number = int(answer.headers["X-Total-Count"]), seen + len(answer.json), number + 1
            vague = [event["sentence"] for event in answer.json if wordings.UNKNOWN in event["sentence"]]
            assert vague == []
            started = [each["sentence"] for each in answer.json if each["type"] == "instance_started"]
            assert all(" · " in each or "年度" in each for each in started) or key != "system"
    newest = auditor.api("GET", "/cases/system/history?size=1")
    assert newest.json[0]["seq"] == int(newest.headers["X-Total-Count"])
    assert f"第 {newest.json[0]['seq']} 条的校验信息" in auditor.get("/history").text


def test_the_history_keeps_to_itself_what_one_member_handed_in(at: At) -> None:
    chain = at("scored")
    address = f"/cases/round:{chain.round_id}/history?size=100"
    events = [
        each for page in (1, 2) for each in chain.visitor("chair").api("GET", f"{address}&page={page}").json
    ]
    sheets = [
        each for each in events if each["type"] == "user_task_completed" and each["element_id"] == "score"
    ]
    own = chain.site.people["chair"]
    assert {each["actor_id"] == own: bool(each["data"]) for each in sheets} == {True: True, False: False}
    assert {"决定" in each["sentence"] for each in sheets if each["actor_id"] != own} == {False}


def test_a_reviewer_keeps_the_opinion_that_was_typed_when_the_decision_is_missing(at: At) -> None:
    chain = at("begun")
    chain.do("county", "编制申报书和推荐表", "submit")
    task_id = task_of(chain, "city")
    answer = chain.visitor("city").post(f"/user-tasks/{task_id}/complete", {"opinion": "材料属实。"})
    assert answer.status_code == 422
    assert "材料属实。</textarea>" in answer.text


def test_who_proposes_the_list_sees_the_ranking_and_the_drawing_of_the_round_first(at: At) -> None:
    chain = at("scored")
    page = chain.visitor("chair").get(f"/user-tasks/{task_of(chain, 'chair')}").text
    assert "84.00" in page
    assert f'href="/rounds/{chain.round_id}"' in page
    files = chain.visitor("chair").get(f"/diagrams/round:{chain.round_id}").json["files"]
    assert [name.rpartition("/")[2] for name in files] == ["round.bpmn", "public_notice.bpmn"]


def test_the_list_names_the_office_and_who_has_claimed_the_task(at: At) -> None:
    chain = at("begun")
    county = chain.visitor("county")
    county.post(f"/user-tasks/{task_of(chain, 'county')}/claim")
    page = county.get("/user-tasks").text
    assert '余杭区工业和信息化主管部门 <span class="mark">county 某 已签收</span>' in page
    assert "本人" not in page


def test_two_members_with_open_pages_both_hand_in(at: At) -> None:
    chain = at("begun")
    chain.recommend()
    chain.seat()
    pages = {}
    for login in ("chair", "member2"):
        task_id = chain.tasks(login)["评议审查并打分"]
        assert "<td>本人</td>" in chain.visitor(login).get("/user-tasks").text
        shown = chain.visitor(login).get(f"/user-tasks/{task_id}").text
        pages[login] = task_id, dict(re.findall(r'name="(version)" value="(\d+)"', shown))
    for login, (task_id, version) in pages.items():
        chain.fill(login, task_id, {"score_sheet": {"scores.*.score": "80", "scores.*.recused": False}})
        answer = chain.visitor(login).post(
            f"/user-tasks/{task_id}/complete", {"decision": "submit", **version}
        )
        assert answer.status_code == 303, login
