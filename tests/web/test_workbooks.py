"""The statistics workbook by page and API: who may, what the page says, what the draft holds afterwards."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from sqlalchemy import text

from tests.web.chain import Chain

At = Callable[[str], Chain]
OVERALL = "近三年工业总体情况"


def task_of(chain: Chain, login: str) -> str:
    (task_id,) = chain.tasks(login).values()
    return task_id


def with_cells(workbook: bytes, **cells: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for address, value in cells.items():
        book[OVERALL][address] = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sent(workbook: bytes, version: str = "0") -> dict[str, Any]:
    return {"file": (io.BytesIO(workbook), "统计.xlsx"), "version": version}


def content_of(chain: Chain, login: str, task_id: str) -> Any:
    task = chain.visitor(login).api("GET", f"/user-tasks/{task_id}").json
    return next(form["content"] for form in task["forms"] if form["key"] == "recommendation")


def test_a_workbook_goes_out_and_comes_back_into_the_draft(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    path = f"/user-tasks/{task_id}/forms/recommendation/workbook"
    assert path in county.get(f"/user-tasks/{task_id}").text
    assert f"{path}/template" in county.get(path).text
    template = county.get(f"{path}/template")
    assert template.status_code == 200
    answer = county.post(path, sent(with_cells(template.data, C5=0.1, D5=0)))
    assert answer.status_code == 303, answer.text
    assert "共 2 格有内容，其中改动 2 格" in county.get(answer.location).text
    overall = content_of(chain, "county", task_id)["overall"]
    assert overall["value_added"] == {"t3": "0.1", "t2": "0"}
    by_api = county.api("GET", path).data
    taken = county.client.post(
        f"/api/v1{path}",
        data=sent(with_cells(by_api, E5="7.50")),
        headers={"X-CSRF-Token": county.csrf_token},
    )
    assert (taken.status_code, taken.json["filled"], taken.json["changed"]) == (200, 3, 1)
    assert taken.json["saved"]["version"] == 2
    assert content_of(chain, "county", task_id)["overall"]["value_added"]["t1"] == "7.50"


def test_bad_cells_are_listed_and_the_draft_stays(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    path = f"/user-tasks/{task_id}/forms/recommendation/workbook"
    county.api(
        "PUT", f"/user-tasks/{task_id}/drafts/recommendation", {"content": {"area": "5"}, "version": 0}
    )
    before = content_of(chain, "county", task_id)
    wrong = with_cells(county.get(f"{path}/template").data, C5="约三百", D5="=1+1", E5=1)
    answer = county.post(path, sent(wrong))
    assert answer.status_code == 422
    assert f"工作表“{OVERALL}”C5：" in answer.text
    assert f"工作表“{OVERALL}”D5：" in answer.text
    assert "草稿没有改动" in answer.text
    by_api = county.client.post(
        f"/api/v1{path}", data=sent(wrong), headers={"X-CSRF-Token": county.csrf_token}
    )
    assert by_api.status_code == 422
    assert [each["pointer"] for each in by_api.json["problems"]] == [f"{OVERALL}!C5", f"{OVERALL}!D5"]
    nothing = county.post(path, {"version": "0"})
    assert nothing.status_code == 422
    assert "工作簿没有导入" in nothing.text
    assert content_of(chain, "county", task_id) == before


def test_who_may_not_fill_in_the_form_gets_no_workbook(at: At) -> None:
    chain = at("begun")
    task_id = task_of(chain, "county")
    path = f"/user-tasks/{task_id}/forms/recommendation/workbook"
    for login in ("city", "expert"):
        assert chain.visitor(login).get(f"{path}/template").status_code == 404
        assert chain.visitor(login).post(path, sent(b"x")).status_code == 404
    assert chain.visitor("county").get(path.replace("recommendation", "nothing")).status_code == 404
    chain.do("county", "编制申报书和推荐表", "submit")
    assert chain.visitor("county").get(f"{path}/template").status_code == 409


def test_what_a_colleague_has_saved_meanwhile_is_not_lost(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    path = f"/user-tasks/{task_id}/forms/recommendation/workbook"
    template = county.get(f"{path}/template").data
    draft = f"/user-tasks/{task_id}/drafts/recommendation"
    county.api("PUT", draft, {"content": {"area": "5"}, "version": 0})
    assert county.post(path, sent(with_cells(template, C5=1))).status_code == 303
    with chain.site.database.write() as session:
        session.execute(text("UPDATE form_draft SET saved_by = :id"), {"id": chain.site.people["city"]})
    answer = county.post(path, sent(with_cells(template, C5=2), version="1"))
    assert answer.status_code == 409
    assert "草稿已由city 某" in answer.text
