"""Articles on pages and in the API: text, what carries them out, and the links from all that cites them."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import g

from service.domain import sanctions
from service.web import articles
from tests.web.chain import Chain
from tests.web.site import Site

At = Callable[[str], Chain]


def linked(chain: Chain, anchor: str) -> str:
    return f'href="/editions/{chain.edition_id}/articles#{anchor}"'


def test_every_article_stands_there_word_for_word_with_an_anchor_of_its_own(at: At) -> None:
    chain = at("begun")
    page = chain.visitor("county").get(f"/editions/{chain.edition_id}/articles").text
    for anchor in ("1", "6", "6(2)", "7(1)2", "15", "附件1", "reading-2"):
        assert page.count(f'id="{anchor}"') == 1, anchor
    assert "本办法自2018年2月7日起施行。" in page
    item = page[page.index('id="6(3)"') : page.index('id="6(4)"')]
    assert "本年度技术改造投资占工业投资比重在40%以上，年度增速超过15%。" in item
    assert page.count("本年度技术改造投资占工业投资比重在40%以上，年度增速超过15%。") == 1


def test_an_article_says_what_carries_it_out_and_leads_there(at: At) -> None:
    chain = at("begun")
    county = chain.visitor("county")
    page = county.get(f"/editions/{chain.edition_id}/articles").text
    fifth = page[page.index('id="5"') : page.index('id="6"')]
    assert "名额是范围之内的一个数" in fifth
    link = re.search(r'href="([^"]+element=record_quota)"', fifth)
    assert link
    diagram = county.get(link[1])
    assert diagram.status_code == 200
    assert re.search(r'aria-current="true">\s*<td>确定年度遴选数量</td>', diagram.text)
    island = re.search(r'data-diagram="([^"]+)"', diagram.text)
    assert island
    drawing = county.get(island[1]).json
    assert drawing["marked"] == ["record_quota"]
    assert [*drawing["files"]] == ["processes/shared/round.bpmn"]
    first = page[page.index('id="1"') : page.index('id="2"')]
    assert "不能执行：制定依据，没有可以执行的行为。" in first


def test_all_elements_of_an_article_can_be_pointed_out(at: At) -> None:
    chain = at("begun")
    path = f"/editions/{chain.edition_id}/diagrams/round/drawing?article=5"
    assert chain.visitor("county").get(path).json["marked"] == [
        "round_started",
        "record_quota",
        "grant_awards",
    ]
    assert chain.visitor("county").get(path.replace("round/", "nothing/")).status_code == 404


def test_strangers_are_asked_to_sign_in_before_a_list_was_published(at: At) -> None:
    chain = at("begun")
    stranger = chain.site.visitor()
    assert stranger.get(f"/editions/{chain.edition_id}/articles").status_code == 302
    assert stranger.get("/editions/nothing/articles").status_code == 302
    assert stranger.api("GET", f"/editions/{chain.edition_id}/articles").status_code == 401
    assert stranger.api("GET", f"/editions/{chain.edition_id}/articles/9").status_code == 401


def test_everybody_may_read_the_articles_that_a_public_notice_cites(at: At) -> None:
    chain = at("noticed")
    stranger = chain.site.visitor()
    page = stranger.get(f"/editions/{chain.edition_id}/articles")
    assert page.status_code == 200
    assert "拟入选市（州）名单在工业和信息化部门户网站公示5个工作日。" in page.text
    assert "/diagrams/" not in page.text
    assert stranger.api("GET", f"/editions/{chain.edition_id}/articles/9").status_code == 200


def test_the_api_gives_the_same_account(at: At) -> None:
    chain = at("begun")
    county = chain.visitor("county")
    path = f"/editions/{chain.edition_id}/articles"
    listed = {each["number"]: each for each in county.api("GET", path).json}
    assert listed["6(2)"]["title"] == "第6条（2）"
    assert listed["6(2)"]["above"] == "6"
    assert {"extent": "whole", "reason": "制定依据，没有可以执行的行为。"} in listed["1"]["reasons"]
    assert listed["1"]["standing"] == "not_executable"
    kinds = {(mark["kind"], mark["key"]) for mark in listed["5"]["marks"]}
    assert {("element", "record_quota"), ("parameter", "quota")} <= kinds
    assert county.api("GET", f"{path}/5").json == listed["5"]
    assert county.api("GET", f"{path}/99").status_code == 404


def test_the_page_of_an_edition_lists_its_articles(at: At) -> None:
    chain = at("begun")
    page = chain.visitor("county").get(f"/editions/{chain.edition_id}").text
    assert linked(chain, "15") in page
    assert 'id="parameter-quota"' in page
    quota = page[page.index('id="parameter-quota"') : page.index('id="parameter-applicants"')]
    assert "每年遴选10-15个；具体数量每年记录一次，在开始评分之前" in quota
    assert "minimum：10" in quota
    assert "部分执行" in page


def test_a_notice_leads_everybody_to_the_articles_that_it_goes_by(at: At) -> None:
    chain = at("noticed")
    stranger = chain.site.visitor()
    (notice,) = stranger.api("GET", "/notices").json
    page = stranger.get(f"/notices/{notice['id']}").text
    assert linked(chain, "9") in page
    assert linked(chain, "reading-2") in page


def test_a_task_leads_to_its_article(at: At) -> None:
    chain = at("begun")
    task = next(iter(chain.tasks("county").values()))
    assert linked(chain, "7(1)") in chain.visitor("county").get(f"/user-tasks/{task}").text


def test_conditions_and_sections_of_forms_lead_to_their_article(at: At) -> None:
    chain = at("noticed")
    page = chain.visitor("ministry").get(f"/applications/{chain.application_id}").text
    assert linked(chain, "6(3)") in page
    assert re.search(rf"<h3>[^<]+<span[^>]*><a {re.escape(linked(chain, '6(7)'))}", page)


def test_a_sanction_leads_to_the_article_that_it_is_imposed_by(at: At) -> None:
    chain = at("noticed")
    with chain.site.database.write() as session:
        (sanction, _) = sanctions.impose(
            session,
            programme="miit_industry",
            division_code="330110",
            year=2026,
            city_years=3,
            province_years=3,
            decision_number="工信部〔2026〕9号",
            decided_on=date(2026, 3, 2),
            reason="提供虚假材料。",
            subject=f"application:{chain.application_id}",
            now=chain.site.clock.now(),
            actor_id=None,
        )
        sanction_id = sanction.id
    ministry = chain.visitor("ministry")
    for path in (f"/sanctions/{sanction_id}", "/sanctions", "/ledger/sanctions"):
        assert linked(chain, "13") in ministry.get(path).text, path
    told = ministry.api("GET", f"/sanctions/{sanction_id}").json
    assert (told["article"], told["edition_id"]) == ("13", chain.edition_id)


# Sentences.


@pytest.fixture
def cite(at: At) -> Callable[[str], str]:
    """A sentence with its links, without their titles."""
    chain = at("begun")

    def cite(text: str) -> str:
        app = chain.site.app
        with app.test_request_context(), app.database.read() as session:
            g.db = session
            shown = articles.with_links(text, chain.edition_id)
        return re.sub(
            r'<a href="/editions/\w+/articles#([^"]+)" title="[^"]*">', r"[\1]", str(shown)
        ).replace("</a>", "")

    return cite


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("依照第13条处理。", "依照[13]第13条处理。"),
        ("第6条（3）、附件1和释义2", "[6(3)]第6条（3）、[%E9%99%84%E4%BB%B61]附件1和[reading-2]释义2"),
        ("第99条、附件12、释义99", "第99条、附件12、释义99"),
        ("第6条第（4）项不符合", "[6(4)]第6条第（4）项不符合"),
        ("《公务员法》第9条", "《公务员法》第9条"),
        ("<b>第1条</b>", "&lt;b&gt;[1]第1条&lt;/b&gt;"),
    ],
)
def test_a_sentence_leads_to_the_articles_that_it_cites(
    cite: Callable[[str], str], text: str, shown: str
) -> None:
    assert cite(text) == shown


def test_nothing_and_silence_are_no_links(sqlite_site: Site) -> None:
    assert articles.link("", None) == ""
    assert articles.link("", "silent") == "办法未规定"
