"""A county's application to an award, through HTTP: pages and API as officials and the public use them."""

from datetime import timedelta

import pytest

from service.engine import history
from tests.web.chain import MEMBERS, Chain
from tests.web.site import Site

YEAR = 2026


@pytest.fixture
def chain(site: Site) -> Chain:
    return Chain(site)


def open_round(chain: Chain) -> str:
    """The ministry opens the round and publishes the call, with a deadline four weeks on."""
    ministry = chain.visitor("ministry")
    opened = ministry.post("/rounds", {"track": f"{chain.edition_id} main", "year": str(YEAR)})
    assert opened.status_code == 303, opened.text
    chain.do("ministry", "部署年度申报", "publish", given={"opening": {"deadline": "2026-03-30"}})
    return str(opened.location).rsplit("/", 1)[1]


def apply(chain: Chain, round_id: str) -> str:
    """余杭区 begins its application; its id."""
    county = chain.visitor("county")
    assert "余杭区申报" in county.get(f"/rounds/{round_id}").text
    begun = county.post("/applications", {"round_id": round_id, "division_code": "330110"})
    assert begun.status_code == 303, begun.text
    assert "/user-tasks/" in begun.location
    (application,) = county.api("GET", "/applications").json
    return str(application["id"])


def recommend(chain: Chain) -> None:
    """From the county's form to the province's submission."""
    chain.do("county", "编制申报书和推荐表", "submit")
    chain.do("city", "市级工信部门审核", "agree", opinion="材料属实，同意上报。")
    chain.do("province", "推荐单位审核", "agree")
    chain.do(
        "province",
        "比较遴选申报市（州）",
        "submit",
        given={"selection": {"applications.*.recommended": True}},
    )
    chain.do("province", "出具推荐函和声明", "submit")
    chain.do("government", "审定推荐名单", "agree")
    chain.do("province", "提交申报材料", "submit")


def score(chain: Chain) -> None:
    """From the end of the collection to the ministry's decision on the list."""
    chain.do("ministry", "受理审查申报材料", "accept")
    chain.pass_time(timedelta(days=30))
    chain.do("ministry", "办结受理审查", "close")
    members = [
        {
            "person": chain.site.people[login],
            "role": "bureau" if number < 3 else "expert",
            "chair": number == 0,
        }
        for number, login in enumerate(MEMBERS)
    ]
    chain.do("ministry", "组建评审委员会", "seat", given={"committee": {"members": members}})
    chain.do("ministry", "确定年度遴选数量", "record", given={"quota": {"quota": "10"}})
    for number, login in enumerate(MEMBERS):
        scores = {"scores.*.score": f"{80 + number}", "scores.*.recused": False}
        chain.do(login, "评议审查并打分", "submit", given={"score_sheet": scores})
    chain.do("chair", "提出评审意见和初选建议名单", "propose")
    chain.do("ministry", "研究确定拟入选名单", "agree")
    chain.do("ministry", "拟定并发布公示", "publish")


def approve(chain: Chain) -> None:
    """From the end of the notice to the award."""
    chain.do("ministry", "报国务院办公厅", "report")
    chain.do("council", "批复入选名单", "agree")
    chain.do("ministry", "公布入选名单", "announce")


def test_a_county_goes_from_application_to_award(chain: Chain) -> None:
    round_id = open_round(chain)
    application_id = apply(chain, round_id)
    recommend(chain)
    score(chain)

    stranger = chain.site.visitor()
    (notice,) = stranger.api("GET", "/notices").json
    assert (notice["starts_on"], notice["ends_on"]) == ("2026-04-01", "2026-04-09"), "清明 lies between"
    shown = stranger.get(f"/notices/{notice['id']}")
    assert "浙江省" in shown.text
    assert "余杭区" in shown.text
    assert "提出异议" in shown.text
    assert chain.tasks("ministry") == {}

    chain.pass_time(timedelta(days=9))
    assert "公示已经结束" in stranger.get(f"/notices/{notice['id']}").text
    approve(chain)

    (winner,) = stranger.api("GET", f"/rounds/{round_id}/results").json
    assert winner["division"] == "浙江省杭州市余杭区"
    application = chain.visitor("county").api("GET", f"/applications/{application_id}").json
    assert application["application"]["status"] == "awarded"
    page = chain.visitor("county").get(f"/applications/{application_id}").text
    assert "入选，激励期内" in page
    ranking = chain.visitor("ministry").api("GET", f"/rounds/{round_id}/ranking").json
    assert [(line["rank"], line["score"]) for line in ranking] == [(1, "84.00")]
    with chain.site.database.read() as session:
        assert history.verify(session) == []
