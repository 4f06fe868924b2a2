"""Last year's figures by page and API: listed with their source, filled in when asked to, and to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from tests.web.chain import YEAR, Chain

At = Callable[[str], Chain]


def a_year_later(at: At) -> tuple[Chain, str]:
    """余杭区 has applied in the year before and begins again; its open user task."""
    chain = at("begun")
    chain.do("county", "编制申报书和推荐表", "submit")
    with chain.site.database.write() as session:
        session.execute(text("UPDATE round SET year = :year"), {"year": YEAR - 1})
    chain.pass_time(timedelta(minutes=1))
    ministry = chain.visitor("ministry")
    opened = ministry.post("/rounds", {"track": f"{chain.edition_id} main", "year": str(YEAR)})
    assert opened.status_code == 303, opened.text
    chain.do("ministry", "部署年度申报", "publish", given={"opening": {"deadline": "2026-03-30"}})
    round_id = str(opened.location).rsplit("/", 1)[1]
    begun = chain.visitor("county").post("/applications", {"round_id": round_id, "division_code": "330110"})
    assert begun.status_code == 303, begun.text
    return chain, str(begun.location).rsplit("/", 1)[1]


def content_of(chain: Chain, task_id: str) -> Any:
    task = chain.visitor("county").api("GET", f"/user-tasks/{task_id}").json
    return next(form["content"] for form in task["forms"] if form["key"] == "recommendation")


def test_last_years_figures_are_listed_and_filled_in_when_asked_to(at: At) -> None:
    chain, task_id = a_year_later(at)
    county, path = chain.visitor("county"), f"/user-tasks/{task_id}/forms/recommendation/suggestions"
    draft = {"content": {"overall": {"value_added": {"t2": "0"}}}, "version": 0}
    county.api("PUT", f"/user-tasks/{task_id}/drafts/recommendation", draft)
    assert path in county.get(f"/user-tasks/{task_id}").text
    page = county.get(path).text
    assert f"{YEAR - 2}年规模以上工业利润总额（亿元）" in page
    assert "带入只填空着的格" in page
    assert "profit" not in str(content_of(chain, task_id)["overall"]["profit"])
    listed = county.api("GET", path).json
    earlier = {each["pointer"]: each["value"] for each in listed["suggestions"]}
    assert "/overall/profit/t2" in earlier
    assert "/overall/value_added/t2" not in earlier
    assert county.get(f"/submissions/{listed['submission_id']}/docx").status_code == 200
    answer = county.post(path)
    assert answer.status_code == 303
    assert f"带入 {len(earlier)} 格" in county.get(answer.location).text
    content = content_of(chain, task_id)
    assert content["overall"]["profit"]["t2"] == earlier["/overall/profit/t2"]
    assert content["overall"]["value_added"]["t2"] == "0"
    again = county.post(path)
    assert again.status_code == 409
    assert "没有可以带入的数据" in again.text
    assert county.api("POST", path).json["code"] == "nothing_to_carry_over"


def test_nothing_is_told_of_what_the_office_may_not_see(at: At) -> None:
    chain, task_id = a_year_later(at)
    path = f"/user-tasks/{task_id}/forms/recommendation/suggestions"
    for login in ("city", "province", "expert"):
        assert chain.visitor(login).get(path).status_code == 404
        assert chain.visitor(login).post(path).status_code == 404
    with chain.site.database.write() as session:
        hidden = "UPDATE user_task SET division = '330100' WHERE status = 'completed' AND division = '330110'"
        session.execute(text(hidden))
        session.execute(text("UPDATE user_task SET office = 'other' WHERE status = 'completed'"))
    county = chain.visitor("county")
    assert county.api("GET", path).json == {"source": "", "submission_id": None, "suggestions": []}
    assert "没有您可以查看的以前年度的申报" in county.get(path).text


def test_who_never_applied_before_is_offered_nothing(at: At) -> None:
    chain = at("begun")
    (task_id,) = chain.tasks("county").values()
    county = chain.visitor("county")
    assert "带入上年数据" not in county.get(f"/user-tasks/{task_id}").text
    path = f"/user-tasks/{task_id}/forms/recommendation/suggestions"
    assert county.post(path).status_code == 409
