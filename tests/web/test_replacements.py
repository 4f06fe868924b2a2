"""Replacing a member of the committee: the ministry's form and call, and what everybody reads afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.chain import Chain

At = Callable[[str], Chain]
SHEET = "评议审查并打分"


@pytest.fixture
def seated(at: At) -> Chain:
    """Nine members with their score sheets before them."""
    return at("seated")


def decision(chain: Chain, **changed: Any) -> dict[str, Any]:
    """A form that is in order: an expert takes the place of another."""
    return {
        "leaver": chain.site.people["member9"],
        "alternate": chain.site.people["expert"],
        "reason": "因病住院。",
        "decision_number": "工信厅函〔2026〕12号",
        "decided_on": "2026-03-30",
        **changed,
    }


def test_the_ministry_replaces_a_member_by_the_form_on_the_rounds_page(seated: Chain) -> None:
    ministry, address = seated.visitor("ministry"), f"/rounds/{seated.round_id}"
    task_id = seated.tasks("member9")[SHEET]
    assert f'href="{address}/replacement">更换委员</a>' in ministry.get(address).text
    form = ministry.get(f"{address}/replacement").text
    assert f'<option value="{seated.site.people["member9"]}">' in form
    assert f'<option value="{seated.site.people["expert"]}">' in form
    assert '<option value="330000">浙江省</option>' in form
    assert f'name="recused" value="{seated.application_id}"' in form

    done = ministry.post(f"{address}/replacement", decision(seated, recused=[]))
    assert (done.status_code, done.location) == (303, address)
    page = ministry.get(address).text
    assert "退出，由expert 某接任" in page
    assert "原因：因病住院。" in page
    assert seated.tasks("expert")[SHEET] == task_id
    assert SHEET not in seated.tasks("member9")

    sheet = {"scores.*.score": "80", "scores.*.recused": False}
    seated.do("expert", SHEET, "submit", given={"score_sheet": sheet})


def test_who_has_left_is_told_why_wherever_the_work_was(seated: Chain) -> None:
    task_id = seated.tasks("member9")[SHEET]
    address = f"/rounds/{seated.round_id}"
    assert seated.visitor("ministry").post(f"{address}/replacement", decision(seated)).status_code == 303
    left = seated.visitor("member9")
    why = "由expert 某接任（工信厅函〔2026〕12号；原因：因病住院。），不能再查看和办理评审事项。"
    assert why in left.get(address).text
    assert "评审委员会</h2>" not in left.get(address).text
    page = left.get(f"/user-tasks/{task_id}")
    assert page.status_code == 403
    assert why in page.text
    call = left.api("POST", f"/user-tasks/{task_id}/complete", json={"decision": "submit"})
    assert (call.status_code, call.json["code"]) == (403, "member_replaced")
    assert seated.visitor("member8").get(f"/user-tasks/{task_id}").status_code == 404
    assert "因病住院" not in seated.visitor("member8").get(address).text


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(seated: Chain) -> None:
    ministry, address = seated.visitor("ministry"), f"/rounds/{seated.round_id}/replacement"
    wrong = decision(
        seated,
        leaver=seated.site.people["chair"],
        decision_number="",
        decided_on="昨天",
        recused=[seated.application_id, "别的申报"],
    )
    answer = ministry.post(address, wrong)
    assert answer.status_code == 422
    for error in (
        'id="decision_number-error">请填写决定的文号',
        'id="decided_on-error">请填写作出决定的日期。',
        'id="alternate-error">此人不是主办部门人员，不能作为主办部门代表',
        'id="chair-error">退出的是主任委员，请选择接任的主任委员。',
        'id="recused-error">回避的申报中有的已不在评审范围内',
    ):
        assert error in answer.text, error
    assert ">因病住院。</textarea>" in answer.text
    assert f'value="{seated.application_id}" checked' in answer.text
    assert seated.tasks("chair")[SHEET]


def test_a_second_click_lands_on_the_first_ones_result_and_a_second_form_reads_who_was_first(
    seated: Chain,
) -> None:
    ministry, address = seated.visitor("ministry"), f"/rounds/{seated.round_id}/replacement"
    for _ in range(2):
        assert ministry.post(address, decision(seated, form_id="once")).status_code == 303
    again = ministry.post(address, decision(seated, form_id="another"))
    assert again.status_code == 409
    assert "member9 某已于" in again.text
    assert "由ministry 某更换为expert 某（工信厅函〔2026〕12号），本次更换没有生效。" in again.text


def test_a_form_without_its_token_does_nothing(seated: Chain) -> None:
    ministry = seated.visitor("ministry")
    address = f"/rounds/{seated.round_id}/replacement"
    assert ministry.client.post(address, data=decision(seated)).status_code == 403
    assert seated.site.visitor().post(address, decision(seated)).status_code == 401
    assert SHEET in seated.tasks("member9")


def test_it_is_an_act_of_the_ministry(seated: Chain) -> None:
    address = f"/rounds/{seated.round_id}/replacement"
    for login in ("county", "province", "council"):
        assert seated.visitor(login).get(address).status_code == 403, login
        assert seated.visitor(login).post(address, decision(seated)).status_code == 403, login
    assert seated.visitor("ministry").get("/rounds/0/replacement").status_code == 404
    assert SHEET in seated.tasks("member9")


def test_nobody_is_replaced_when_the_committee_has_done_its_work(at: At) -> None:
    over = at("noticed")
    ministry, address = over.visitor("ministry"), f"/rounds/{over.round_id}"
    for answer in (
        ministry.get(f"{address}/replacement"),
        ministry.post(f"{address}/replacement", decision(over)),
    ):
        assert answer.status_code == 409
        assert "评审委员会现在没有待办的评审事项，不能更换委员。" in answer.text
    assert "更换委员</a>" not in ministry.get(address).text


def test_the_call_does_what_the_form_does(seated: Chain) -> None:
    ministry, address = seated.visitor("ministry"), f"/rounds/{seated.round_id}/replacements"
    choices = ministry.api("GET", f"{address}/choices").json
    members = {each["name"]: each for each in choices["members"]}
    assert (members["chair 某"]["chair"], members["chair 某"]["role"], members["chair 某"]["submitted"]) == (
        True,
        "bureau",
        False,
    )
    alternates = {each["name"]: each for each in choices["alternates"]}
    assert "expert" in alternates["expert 某"]["roles"]
    assert [each["application_id"] for each in choices["applicants"]] == [seated.application_id]

    chair = decision(seated, leaver=members["chair 某"]["person_id"])
    refused = ministry.api("POST", address, json=chair)
    assert (refused.status_code, refused.json["code"]) == (422, "replacement_refused")
    assert [each["pointer"] for each in refused.json["problems"]] == ["/alternate", "/chair"]
    missing = ministry.api("POST", address, json={})
    assert missing.status_code == 422
    done = ministry.api("POST", address, json=decision(seated))
    assert done.status_code == 201
    gone, came = done.json[-2:]
    assert (gone["name"], gone["replaced_by"], gone["reason"]) == ("member9 某", "expert 某", "因病住院。")
    assert (came["name"], came["ended_at"], came["role"]) == ("expert 某", None, "专家")
    again = ministry.api("POST", address, json=decision(seated))
    assert (again.status_code, again.json["code"]) == (409, "already_replaced")
    shown = ministry.api("GET", f"/rounds/{seated.round_id}").json
    assert shown["may_replace"] is True
    assert shown["committee"] == done.json
    left = seated.visitor("member9").api("GET", f"/rounds/{seated.round_id}").json
    assert left["committee"] is None
    assert "工信厅函〔2026〕12号" in left["left"]
