"""A county's application to an award, through HTTP: pages and API as officials and the public use them."""

from datetime import timedelta

from service.engine import history
from tests.web.chain import Chain
from tests.web.site import Site


def test_a_county_goes_from_application_to_award(site: Site) -> None:
    chain = Chain(site)
    chain.set_up()
    chain.open_round()
    chain.apply()
    chain.recommend()
    chain.score()
    chain.publish()

    stranger = site.visitor()
    (notice,) = stranger.api("GET", "/notices").json
    assert (notice["starts_on"], notice["ends_on"]) == ("2026-04-01", "2026-04-09"), "清明 lies between"
    shown = stranger.get(f"/notices/{notice['id']}")
    assert "浙江省杭州市余杭区" in shown.text
    assert "提出异议" in shown.text
    assert chain.tasks("ministry") == {}

    chain.pass_time(timedelta(days=9))
    assert "公示已经结束" in stranger.get(f"/notices/{notice['id']}").text
    chain.approve()

    (winner,) = stranger.api("GET", f"/rounds/{chain.round_id}/results").json
    assert winner["division"] == "浙江省杭州市余杭区"
    application = chain.visitor("county").api("GET", f"/applications/{chain.application_id}").json
    assert application["application"]["status"] == "awarded"
    page = chain.visitor("county").get(f"/applications/{chain.application_id}").text
    assert ">入选<" in page
    page = chain.visitor("ministry").get(f"/applications/{chain.application_id}").text
    assert page.index("技术改造投资增速") < page.index("推荐单位核实的条件")
    assert "拥有一批具有自主知识产权的知名工业品牌。" in page
    assert "已查阅商标注册证原件。" in page
    judged = chain.visitor("ministry").api("GET", f"/applications/{chain.application_id}").json["judgements"]
    assert [(each["article"], each["met"]) for each in judged] == [(f"6({n})", True) for n in range(1, 7)]
    assert judged[3]["basis"] == "已查阅商标注册证原件。"
    ranking = chain.visitor("ministry").api("GET", f"/rounds/{chain.round_id}/ranking").json
    assert [(line["rank"], line["score"]) for line in ranking] == [(1, "84.00")]
    with site.database.read() as session:
        assert history.verify(session) == []
