"""The ledger on its pages and by the API: awards for everybody, the rest for who may read it."""

import re
from datetime import date
from typing import Any

import pytest

from service.domain import awards, sanctions
from service.domain.divisions import Division
from service.domain.editions import Edition
from tests.web.crowds import copy
from tests.web.site import MONDAY, Site

USE = {
    "incentive": "1",
    "used_by": "杭州高新区",
    "purpose": "申报示范基地",
    "used_on": "2026-03-02",
    "document_number": "工信部规函〔2026〕3号",
}


@pytest.fixture
def awarded(site: Site) -> tuple[Site, str]:
    """A site whose 杭州市 has an award from the day before yesterday on; and the award's id."""
    content = {
        "incentives": [{"article": "10(1)", "title": "示范基地", "points": 3, "maximum": 100}],
        "tracks": [{"key": "main", "title": "主榜"}],
    }
    with site.database.write() as session:
        session.add(
            Edition(
                id="web-ledger",
                programme="miit_industry",
                key="2018",
                version=1,
                title="工业激励",
                first_year=2018,
                definitions={},
                published_at=MONDAY,
                published_by=None,
                stored={"content": content, "articles": {"10(1)": "示范基地加3分。"}},
                files={},
            )
        )
        award = awards.grant(
            session,
            programme="miit_industry",
            edition_id="web-ledger",
            round_id="r",
            track="main",
            year=2026,
            application_id="a",
            division_code="330100",
            starts_on=date(2026, 2, 28),
            years=1,
            now=MONDAY,
            actor_id=None,
        )
        sanctions.impose(
            session,
            programme="miit_industry",
            division_code="330100",
            year=2025,
            city_years=3,
            province_years=0,
            decision_number="工信处〔2025〕9号",
            decided_on=date(2025, 9, 3),
            reason="申报数据系编造。",
            subject="objection:1",
            now=MONDAY,
            actor_id=None,
        )
        return site, award.id


def test_everybody_reads_the_awards_and_strangers_nothing_else(awarded: tuple[Site, str]) -> None:
    site, award = awarded
    stranger = site.visitor()
    page = stranger.get("/ledger?division=浙江&year=2026&programme=miit_industry").text
    assert "杭州市" in page
    assert "2026年2月28日至2027年2月27日" in page
    assert award not in page
    assert "/ledger/sanctions" not in page
    assert "没有符合条件的激励" in stranger.get("/ledger?year=2025").text
    listed = stranger.api("GET", "/ledger/awards?division=330000&size=1")
    assert (listed.headers["X-Total-Count"], listed.json[0]["division_name"]) == ("1", "浙江省杭州市")
    assert listed.json[0]["status_label"] == "有效"
    entitled = stranger.api("GET", "/ledger/incentives?division=330100&on=2027-02-27").json
    assert [each["benefit"] for each in entitled[0]["incentives"]] == ["加3分（满分100分）"]
    assert stranger.api("GET", "/ledger/incentives?division=330100&on=2027-02-28").json == []
    for path in ("/ledger/redemptions", "/ledger/sanctions", f"/ledger/awards/{award}"):
        assert stranger.api("GET", path).status_code == 401


def test_counties_of_one_name_are_told_apart_and_a_document_of_one_list_is_named_alone(
    awarded: tuple[Site, str],
) -> None:
    site, first = awarded
    with site.database.write() as session:
        edition, award = session.get_one(Edition, "web-ledger"), session.get_one(awards.Award, first)
        content = edition.stored["content"] | {
            "tracks": [{"key": "main", "title": "主榜"}, {"key": "b", "title": "副榜"}]
        }
        session.add_all(
            [
                Division(code="330106", name="余杭区", level="county", parent_code="330000"),
                copy(edition, id="two-lists", version=2, stored={**edition.stored, "content": content}),
            ]
        )
        session.flush()
        session.add_all(
            [
                copy(award, id="1", application_id="b", division_code="330106"),
                copy(award, id="2", application_id="c", division_code="330110", edition_id="two-lists"),
            ]
        )
    page = site.visitor().get("/ledger").text
    assert re.findall(r"<td>(浙江省.*?)</td>\s*<td>(.*?)</td>", page) == [
        ("浙江省杭州市", "工业激励"),
        ("浙江省余杭区", "工业激励"),
        ("浙江省杭州市余杭区", "工业激励，主榜"),
    ]


def test_a_use_is_recorded_on_the_page_and_its_faults_stand_at_their_fields(
    awarded: tuple[Site, str],
) -> None:
    site, award = awarded
    province = site.signed_in("province")
    assert f'href="/ledger/awards/{award}">浙江省杭州市<' in province.get("/ledger").text
    assert "加3分（满分100分）" in province.get(f"/ledger/awards/{award}").text
    path = f"/ledger/awards/{award}/redemptions"
    early = province.post(path, {**USE, "incentive": "", "used_on": "2026-02-27"})
    assert early.status_code == 422
    assert 'id="used_on-error">激励期为2026年2月28日至2027年2月27日' in early.text
    assert 'id="incentive-error">请选择使用的是哪一项激励' in early.text
    assert 'value="杭州高新区"' in early.text
    assert province.post(path, USE).status_code == 303
    for reader, seen in ((province, 200), (site.signed_in("city"), 200), (site.signed_in("county"), 404)):
        page = reader.get(f"/ledger/awards/{award}")
        assert page.status_code == seen
        assert ("工信部规函〔2026〕3号" in page.text) == (seen == 200)
    assert award not in site.signed_in("county").get("/ledger").text  # Named there, without a dead link.
    assert "登记激励的使用" not in site.signed_in("city").get(f"/ledger/awards/{award}").text
    assert "杭州高新区" in site.signed_in("auditor").get("/ledger/redemptions").text
    assert "还没有登记激励的使用" in site.signed_in("county").get("/ledger/redemptions").text


def test_sanctions_are_shown_to_who_they_concern(awarded: tuple[Site, str]) -> None:
    site, _ = awarded
    page = site.signed_in("city").get("/ledger/sanctions").text
    assert "工信处〔2025〕9号" in page
    assert "<td>浙江省杭州市</td>" in page
    assert "没有受到限制" in site.signed_in("county").get("/ledger/sanctions").text


def test_the_api_records_a_use_and_answers_the_same(awarded: tuple[Site, str]) -> None:
    site, award = awarded
    ministry, city = site.signed_in("ministry"), site.signed_in("city")
    body: dict[str, Any] = {**USE, "incentive": 1}
    path = f"/ledger/awards/{award}/redemptions"
    late = ministry.api("POST", path, {**body, "used_on": "2026-03-03"})
    assert (late.status_code, late.json["problems"][0]["pointer"]) == (422, "/used_on")
    assert ministry.api("POST", path, body).status_code == 201
    assert city.api("POST", path, body).status_code == 403
    view = city.api("GET", f"/ledger/awards/{award}").json
    assert view["may_record"] is False
    assert view["award"]["title"] == "工业激励"
    (use,) = view["incentives"]
    assert (use["incentive"]["benefit"], use["redemptions"][0]["used_by"]) == (
        "加3分（满分100分）",
        "杭州高新区",
    )
    listed = city.api("GET", "/ledger/redemptions?programme=miit_industry&year=2026")
    assert (listed.headers["X-Total-Count"], listed.json[0]["award"]["id"]) == ("1", award)
    assert [each["decision_number"] for each in city.api("GET", "/ledger/sanctions").json] == [
        "工信处〔2025〕9号"
    ]
    county = city.api("GET", "/ledger/repeats?division=330110&programme=miit_industry&year=2026&track=main")
    assert county.json["itself"] is None
    assert county.json["city"]["id"] == award
    assert city.api("GET", "/ledger/repeats?division=330110").status_code == 422
    unknown = city.api("GET", "/ledger/repeats?division=999999&programme=miit_industry&year=2026")
    assert unknown.status_code == 404


def test_the_lists_are_narrowed_by_kind_and_status_alike_on_the_pages_and_by_the_api(
    awarded: tuple[Site, str],
) -> None:
    site, award = awarded
    auditor, stranger = site.signed_in("auditor"), site.visitor()
    for path, found, none in (
        ("/ledger", "kind=points&status=current", ("kind=amount", "status=revoked")),
        ("/ledger/sanctions", "kind=city&status=in_force", ("kind=province", "status=lifted", "status=over")),
    ):
        assert "杭州市" in auditor.get(f"{path}?{found}").text
        for query in none:
            page = auditor.get(f"{path}?{query}").text
            assert "没有符合条件的" in page
            assert " selected>" in page
        assert "杭州市" in auditor.get(f"{path}?status=unknown").text
    assert stranger.api("GET", "/ledger/awards?kind=points&status=current").json[0]["id"] == award
    for query in ("awards?kind=amount", "awards?status=revoked", "incentives?division=330100&kind=amount"):
        assert stranger.api("GET", f"/ledger/{query}").json == []
    assert auditor.api("GET", "/ledger/sanctions?kind=city&status=in_force").headers["X-Total-Count"] == "1"
    assert auditor.api("GET", "/ledger/sanctions?status=lifted").json == []
    assert auditor.api("GET", "/ledger/redemptions?kind=points").json == []
    for query in ("awards?status=unknown", "sanctions?kind=points", "redemptions?kind=city"):
        assert auditor.api("GET", f"/ledger/{query}").status_code == 422


def test_why_an_award_was_revoked_is_told_to_officials_and_not_to_strangers(
    awarded: tuple[Site, str],
) -> None:
    site, award = awarded
    with site.database.write() as session:
        reason = "申报数据系编造（工信处〔2026〕1号）。"
        awards.revoke(session, "a", reason=reason, now=MONDAY, actor_id=None)
    city = site.signed_in("city")
    assert "工信处〔2026〕1号" in city.get(f"/ledger/awards/{award}").text
    assert city.api("GET", f"/ledger/awards/{award}").json["reason"] == reason
    public = site.visitor()
    assert "已撤销" in public.get("/ledger").text
    assert "工信处〔2026〕1号" not in public.get("/ledger").text
    assert "reason" not in public.api("GET", "/ledger/awards").json[0]


def test_a_page_tells_who_has_the_award_of_a_year_already(awarded: tuple[Site, str]) -> None:
    site, _ = awarded
    city = site.signed_in("city")
    asked = "/ledger/repeats?programme=miit_industry&year=2026&division="
    assert "杭州市：主榜，2026年2月28日至2027年2月27日" in city.get(asked + "330110").text
    assert "没有这个地区代码" in city.get(asked + "999999").text
    assert "请填写地区代码" in city.get("/ledger/repeats").text
