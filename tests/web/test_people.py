"""The pages about people: adding, finding, resetting, closing an account."""

from service.auth import passwords
from service.domain import offices
from service.domain.people import Person
from service.web.people import KINDS
from tests.web.site import Site

NEW = {
    "name": "沈一鸣",
    "login": "shenyiming",
    "password": "a-first-password",
    "role": "official",
    "office": "industry",
    "division": "330110",
}


def test_an_admin_adds_an_official_who_can_then_sign_in(site: Site) -> None:
    admin = site.signed_in("admin")
    answer = admin.post("/people", NEW)
    assert answer.location == "/people?search=shenyiming"
    page = admin.get(answer.location).text
    assert "已新增 沈一鸣" in page
    assert "余杭区工业和信息化主管部门" in page
    signed_in = site.visitor().post("/sign-in", {"login": "shenyiming", "password": "a-first-password"})
    assert signed_in.status_code == 303


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(sqlite_site: Site) -> None:
    admin = sqlite_site.signed_in("admin")
    answer = admin.post("/people", NEW | {"login": "沈一鸣"})
    assert answer.status_code == 422
    assert 'id="login-error">登录名应为' in answer.text
    assert 'value="沈一鸣"' in answer.text
    assert "a-first-password" not in answer.text
    unknown = admin.post("/people", NEW | {"division": "999999"})
    assert "没有代码为 999999 的行政区划" in unknown.text
    taken = admin.post("/people", NEW | {"login": "county"})
    assert taken.status_code == 409
    assert "已有人使用" in taken.text


def test_the_same_form_sent_twice_adds_one_person(sqlite_site: Site) -> None:
    admin = sqlite_site.signed_in("admin")
    first = admin.post("/people", NEW | {"form_id": "once"})
    second = admin.post("/people", NEW | {"form_id": "once"})
    assert (second.status_code, second.location) == (303, first.location)


def test_the_list_is_searched_by_name_and_login(sqlite_site: Site) -> None:
    page = sqlite_site.signed_in("auditor").get("/people?search=count").text
    assert "county 某" in page
    assert "ministry 某" not in page
    assert "没有找到" in sqlite_site.signed_in("auditor").get("/people?search=nobody").text


def test_the_api_finds_people_page_by_page(sqlite_site: Site) -> None:
    auditor = sqlite_site.signed_in("auditor")
    found = auditor.get("/api/v1/people?search=COUNT&size=1").json
    assert (found["number"], found["size"], found["total"]) == (1, 1, 1)
    assert [row["login"] for row in found["rows"]] == ["county"]
    assert auditor.get("/api/v1/people?search=%25").json["rows"] == [], "a per cent sign is no wildcard"


def test_a_reset_password_ends_the_persons_sessions(site: Site) -> None:
    county, admin = site.signed_in("county"), site.signed_in("admin")
    reset = f"/people/{site.people['county']}/password"
    assert admin.post(reset, {"new": "short"}).status_code == 422
    assert county.get("/account").status_code == 200
    assert admin.post(reset, {"new": "given-by-the-admin"}).status_code == 303
    assert county.get("/account").status_code == 302
    with site.database.read() as session:
        kept = session.get_one(Person, site.people["county"]).password_hash
    assert passwords.matches(kept, "given-by-the-admin")


def test_a_closed_account_is_out_and_can_be_opened_again(sqlite_site: Site) -> None:
    county, admin = sqlite_site.signed_in("county"), sqlite_site.signed_in("admin")
    address = f"/people/{sqlite_site.people['county']}/active"
    admin.post(address, {"active": "no"})
    assert county.get("/account").status_code == 302
    admin.post(address, {"active": "yes"})
    assert county.get("/account").status_code == 200


def test_the_last_administrator_is_told_why_nobody_may_remove_it(sqlite_site: Site) -> None:
    admin = sqlite_site.signed_in("admin")
    page = f"/people/{sqlite_site.people['admin']}"
    (role,) = admin.api("GET", page).json["memberships"]
    for act in (
        lambda: admin.post(f"{page}/active", {"active": "no"}),
        lambda: admin.post(f"{page}/memberships/{role['id']}/end"),
        lambda: admin.api("DELETE", f"{page}/active"),
        lambda: admin.api("DELETE", f"/people/memberships/{role['id']}"),
    ):
        refused = act()
        assert refused.status_code == 409
        told = refused.json["message"] if refused.is_json else refused.text
        assert "请先让另一人担任系统管理员" in told
    assert admin.get(page).status_code == 200


def test_a_person_who_moves_gets_the_new_office_and_leaves_the_old(site: Site) -> None:
    admin, county = site.signed_in("admin"), site.signed_in("county")
    page = f"/people/{site.people['county']}"
    (old,) = admin.api("GET", page).json["memberships"]
    moved = {"role": "official", "office": "industry", "division": "330100"}
    assert admin.post(f"{page}/memberships", moved).status_code == 303
    assert "杭州市工业和信息化主管部门" in admin.get(page).text
    ended = admin.post(f"{page}/memberships/{old['id']}/end")
    assert (ended.status_code, ended.location) == (303, page)
    assert "余杭区工业和信息化主管部门" not in admin.get(page).text
    assert "杭州市工业和信息化主管部门" in county.get("/account").text
    assert admin.post(f"{page}/memberships/{old['id']}/end").status_code == 404  # It has ended already.


def test_a_role_that_does_not_go_with_the_others_is_refused_in_words(sqlite_site: Site) -> None:
    admin = sqlite_site.signed_in("admin")
    page = f"/people/{sqlite_site.people['county']}"
    refused = admin.post(f"{page}/memberships", {"role": "auditor"})
    assert (refused.status_code, "不能兼任审计员" in refused.text) == (409, True)
    nowhere = admin.post(f"{page}/memberships", {"role": "official", "office": "industry", "division": "1"})
    assert "没有代码为 1 的行政区划" in nowhere.text
    unnamed = admin.post(f"{page}/memberships", {"role": ""})
    assert (unnamed.status_code, 'id="role-error"' in unnamed.text) == (422, True)


def test_every_kind_of_office_is_offered_by_a_chinese_name() -> None:
    assert set(KINDS) == set(offices.kinds())
