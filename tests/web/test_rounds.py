"""Rounds and applications: who opens them, who may read what of them, and what a second click does."""

from collections.abc import Callable

from tests.web.chain import Chain

At = Callable[[str], Chain]


def test_the_same_form_sent_twice_opens_one_application(at: At) -> None:
    chain = at("begun")
    county = chain.visitor("county")
    form = {"round_id": chain.round_id, "division_code": "330110", "form_id": "once"}
    second = county.post("/applications", form)
    assert second.status_code == 409
    assert "余杭区已经在" in second.text
    assert "开始申报" not in county.get(f"/rounds/{chain.round_id}").text


def test_a_round_exists_once_for_a_year_and_track(at: At) -> None:
    chain = at("begun")
    again = {"track": f"{chain.edition_id} main", "year": "2026"}
    answer = chain.visitor("ministry").post("/rounds", again)
    assert answer.status_code == 409
    assert "已经建立" in answer.text
    early = chain.visitor("ministry").post("/rounds", {"track": f"{chain.edition_id} main", "year": "2017"})
    assert early.status_code == 422
    assert "自 2018 年度起施行" in early.text


def test_what_is_missing_in_a_new_round_stands_at_its_field(at: At) -> None:
    answer = at("begun").visitor("ministry").post("/rounds", {"track": "", "year": "二〇二六"})
    assert answer.status_code == 422
    assert 'id="track-error">请选择办法和名单。' in answer.text
    assert 'id="year-error">请填写四位数字的年度' in answer.text
    assert 'value="二〇二六"' in answer.text


def test_only_the_ministry_and_admins_open_rounds(at: At) -> None:
    chain = at("begun")
    assert chain.visitor("admin").get("/rounds/new").status_code == 200
    assert chain.visitor("county").get("/rounds/new").status_code == 403
    refused = chain.visitor("county").post("/rounds", {"track": f"{chain.edition_id} main", "year": "2027"})
    assert refused.status_code == 403
    misread = chain.visitor("county").post("/rounds", {"track": "", "year": "明年"})
    assert misread.status_code == 403, "the form is not shown again to whom it is not for"


def test_who_has_to_apply_reads_the_notice_of_the_round_on_its_page_and_by_the_api(at: At) -> None:
    chain = at("begun")
    call = chain.visitor("county").api("GET", f"/rounds/{chain.round_id}").json["call"]
    assert call["contact"]
    page = chain.visitor("county").get(f"/rounds/{chain.round_id}").text
    assert f"<dt>联系人</dt><dd>{call['contact']}" in page
    assert "<dt>抄送</dt>" not in page, "the document of 2018 names nobody"


def test_nobody_applies_for_anothers_division(at: At) -> None:
    chain = at("begun")
    form = {"round_id": chain.round_id, "division_code": "330100"}
    assert chain.visitor("county").post("/applications", form).status_code == 403


def test_applications_are_seen_by_the_offices_that_they_have_reached(at: At) -> None:
    chain = at("begun")
    address = f"/applications/{chain.application_id}"
    for login, status in {"county": 200, "auditor": 200, "city": 404, "ministry": 404, "admin": 404}.items():
        assert chain.visitor(login).get(address).status_code == status, login
        assert chain.visitor(login).api("GET", address).status_code == status, login
    assert chain.visitor("city").api("GET", "/applications").json == []


def test_the_ranking_is_for_those_who_judge_and_decide(at: At) -> None:
    chain = at("scored")
    address = f"/rounds/{chain.round_id}"
    for login in ("ministry", "chair", "member9", "auditor"):
        assert "84.00" in chain.visitor(login).get(address).text, login
    for login in ("county", "city", "admin"):
        assert "84.00" not in chain.visitor(login).get(address).text, login
        refused = chain.visitor(login).api("GET", f"{address}/ranking")
        assert (refused.status_code, refused.json["code"]) == (403, "ranking_hidden"), login


def test_what_a_candidate_lacks_is_for_the_organiser_and_auditors(at: At) -> None:
    chain = at("scored")
    address = f"/rounds/{chain.round_id}/prospects/{chain.application_id}"
    for login in ("ministry", "auditor"):
        assert f'href="{address}">差多少分</a>' in chain.visitor(login).get(f"/rounds/{chain.round_id}").text
        page = chain.visitor(login).get(address).text
        assert "已列入名单。" in page
        assert "得分 84.00，第 1 名" in page
        told = chain.visitor(login).api("GET", address).json
        assert (told["needed"], told["missing"], told["rules"]) == ("84.00", "0.00", [])
    assert "差多少分" not in chain.visitor("member9").get(f"/rounds/{chain.round_id}").text
    for login in ("county", "member9"):
        refused = chain.visitor(login).api("GET", address)
        assert refused.status_code == 403, login


def test_the_ranking_is_sealed_until_all_sheets_are_in(at: At) -> None:
    chain = at("begun")
    sealed = chain.visitor("ministry").api("GET", f"/rounds/{chain.round_id}/ranking")
    assert (sealed.status_code, sealed.json["code"]) == (409, "ranking_sealed")


def test_a_members_sheet_is_nobody_elses(at: At) -> None:
    chain = at("scored")
    (task_id,) = [
        row["id"]
        for row in chain.visitor("member2").api("GET", "/user-tasks?status=done").json["rows"]
        if row["name"] == "评议审查并打分"
    ]
    assert chain.visitor("member2").get(f"/user-tasks/{task_id}").status_code == 200
    for login in ("member3", "chair", "ministry", "county"):
        assert chain.visitor(login).get(f"/user-tasks/{task_id}").status_code == 404, login


def test_results_are_nobodys_before_they_are_announced(at: At) -> None:
    chain = at("noticed")
    answer = chain.site.visitor().api("GET", f"/rounds/{chain.round_id}/results")
    assert (answer.status_code, answer.json["code"]) == (409, "not_announced")


def test_the_page_of_applications_offers_what_is_open_to_whoever_may_apply(at: At) -> None:
    chain = at("begun")
    page = chain.visitor("city").get("/applications").text
    assert "杭州市申报" in page
    assert f'name="round_id" value="{chain.round_id}"' in page
    assert "2026年3月30日24:00 截止" in page
    for login in ("county", "province", "ministry", "expert", "auditor"):
        assert "开始申报" not in chain.visitor(login).get("/applications").text, login


def test_what_a_round_goes_by_is_linked_to_its_article(at: At) -> None:
    chain = at("begun")
    page = chain.visitor("county").get(f"/rounds/{chain.round_id}").text
    assert "10 至 15 个" in page
    quota = "工业稳增长和转型升级成效明显市（州）以地级及以上行政区（含计划单列市）"
    assert f'href="/editions/{chain.edition_id}/articles#5" title="{quota}' in page
    assert f'href="/editions/{chain.edition_id}/articles">条文</a>' in page
