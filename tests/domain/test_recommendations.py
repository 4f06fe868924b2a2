"""Recommendations: the comparison, the letter, the government's consent, and what the others read."""

import pytest
from sqlalchemy import select

from service.domain import applications, forms, offices, recommendations, user_tasks, verifying
from service.domain.allowances import Allowance, TooManyRecommended
from service.domain.applications import Status
from service.domain.procedures.effects.recommendations import BarredRecommended, RecommendationIncomplete
from service.domain.recommendations import (
    ApplicationsChanged,
    RecommendationStatus,
    Verdict,
)
from service.domain.user_tasks import FormInvalid
from service.engine.user_tasks import UserTask
from tests.domain.contexts import context
from tests.domain.world import HANGZHOU, ZHEJIANG, World

NINGBO = "330200"
Ready = tuple[World, str, str, str]


@pytest.fixture
def ready(world: World) -> Ready:
    """Hangzhou's and Ningbo's applications are ready: world, round id, their ids."""
    round_id = world.open_round()
    return world, round_id, world.bring_up(round_id, HANGZHOU), world.bring_up(round_id, NINGBO)


def key_of(world: World, round_id: str) -> str:
    return f"recommendation:{world.recommendation(round_id, ZHEJIANG).id}"


def test_it_waits_until_an_application_is_ready(world: World) -> None:
    round_id = world.open_round()
    key = key_of(world, round_id)
    assert world.open_tasks(key) == []
    world.bring_up(round_id, HANGZHOU)
    assert world.open_tasks(key) == ["compare"]


def test_who_is_not_recommended_reads_the_reason(ready: Ready) -> None:
    world, round_id, hangzhou, ningbo = ready
    key = key_of(world, round_id)
    verdicts = world.verdicts(key, refused=[ningbo])
    verdicts["selection"]["applications"][ningbo]["reason"] = "综合比选排名靠后。"
    world.do(key, "compare", "submit", given=verdicts)
    world.do(key, "letter", "submit", given={"letter": {"number": "浙经信函〔2018〕12号"}})
    world.do(key, "government_consent", "agree")
    world.do(key, "submit_recommendation", "submit", given=world.all_there)
    world.settle()
    assert world.application(hangzhou).status == Status.RECOMMENDED
    assert world.application(ningbo).status == Status.NOT_RECOMMENDED
    assert world.application(ningbo).reason == "推荐单位比选后未予推荐：综合比选排名靠后。"
    row = world.recommendation(round_id, ZHEJIANG)
    assert (row.status, row.letter_number) == (RecommendationStatus.SUBMITTED, "浙经信函〔2018〕12号")


def test_every_ready_application_needs_a_verdict(ready: Ready) -> None:
    world, round_id, _hangzhou, ningbo = ready
    key = key_of(world, round_id)
    verdicts = world.verdicts(key)
    del verdicts["selection"]["applications"][ningbo]
    with pytest.raises((ApplicationsChanged, FormInvalid)):
        world.do(key, "compare", "submit", given=verdicts)


def test_the_cap_of_an_edition_is_kept(ready: Ready) -> None:
    world, round_id, _hangzhou, _ningbo = ready
    with world.database.write() as session:
        recommendation = recommendations.of_division(session, round_id, ZHEJIANG)
        names = applications.ready(session, recommendation.id)
        verdicts = {each: Verdict(True, "优") for each in names}
        with pytest.raises(TooManyRecommended, match="至多推荐 1 个，现在选了 2 个"):
            recommendations.choose(context(session), recommendation.id, names, verdicts, Allowance(1, False))
        recommendations.choose(context(session), recommendation.id, names, verdicts, Allowance(2, False))
        recommendations.choose(context(session), recommendation.id, names, verdicts, Allowance(None, False))


def test_a_verdict_that_misses_somebody_names_who(ready: Ready) -> None:
    world, round_id, hangzhou, _ningbo = ready
    with world.database.write() as session:
        recommendation = recommendations.of_division(session, round_id, ZHEJIANG)
        names = applications.ready(session, recommendation.id)
        with pytest.raises(ApplicationsChanged, match="浙江省宁波市"):
            recommendations.choose(
                context(session),
                recommendation.id,
                names,
                {hangzhou: Verdict(True, "优")},
                Allowance(None, False),
            )


def test_the_government_may_send_it_back_and_the_comparison_is_made_afresh(
    ready: Ready,
) -> None:
    world, round_id, hangzhou, ningbo = ready
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.do(key, "letter", "submit")
    world.do(key, "government_consent", "return", opinion="只推荐一个。")
    world.do(key, "compare", "submit", given=world.verdicts(key, refused=[hangzhou]))
    with world.database.read() as session:
        chosen = recommendations.choices(session, key.removeprefix("recommendation:"))
        assert list(verifying.broken(session)) == []
    assert {each: choice.chosen for each, choice in chosen.items()} == {hangzhou: False, ningbo: True}


def test_the_government_may_refuse_and_everybody_reads_it(ready: Ready) -> None:
    world, round_id, *both = ready
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.do(key, "letter", "submit")
    world.do(key, "government_consent", "refuse", opinion="不同意。")
    world.settle()
    for application in both:
        assert world.application(application).status == Status.NOT_RECOMMENDED
        assert world.application(application).reason == "本级政府没有同意推荐。"


def government_opinion(world: World, application: str) -> str:
    """What the cover of the 推荐表 says of the government, as the recommending unit reads it."""
    with world.database.read() as session:
        actor = world.official(session, offices.INDUSTRY, ZHEJIANG)
        reviewed = session.scalars(
            select(UserTask.id).where(
                UserTask.business_key == f"application:{application}",
                UserTask.element_id == "province_review",
            )
        ).one()
        shown = user_tasks.view(session, actor, reviewed)
        (form,) = (each for each in [*shown.forms, *shown.materials] if each.key == "recommendation")
        cover = forms.present(form.compiled, form.content)[0]
    (cell,) = (block.cell for block in cover.blocks if block.key == "government_opinion")
    return cell.text if cell else ""


@pytest.mark.parametrize(("decision", "shown"), [("agree", "同意"), ("return", ""), ("refuse", "不同意")])
def test_the_cover_shows_what_the_government_said_of_those_put_to_it(
    ready: Ready, decision: str, shown: str
) -> None:
    world, round_id, hangzhou, ningbo = ready
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key, refused=[ningbo]))
    world.do(key, "letter", "submit")
    assert government_opinion(world, hangzhou) == ""
    world.do(key, "government_consent", decision, opinion="如题。")
    assert government_opinion(world, hangzhou) == shown
    assert government_opinion(world, ningbo) == ""


def test_who_comes_up_after_the_comparison_is_compared_before_anything_is_submitted(world: World) -> None:
    round_id = world.open_round()
    hangzhou = world.bring_up(round_id, HANGZHOU)
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.do(key, "letter", "submit")
    world.do(key, "government_consent", "agree")
    ningbo = world.bring_up(round_id, NINGBO)
    with pytest.raises(RecommendationIncomplete) as refused:
        world.do(key, "submit_recommendation", "submit", given=world.all_there)
    assert [each.message for each in refused.value.problems] == [
        "浙江省宁波市在比选之后报到，还没有比选。请选择“重新比选”。"
    ]
    world.do(key, "submit_recommendation", "return", opinion="宁波市已报到。")
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.do(key, "letter", "return", opinion="理由需要修改。")
    world.recommend(round_id, ZHEJIANG)
    assert {world.application(each).status for each in (hangzhou, ningbo)} == {Status.RECOMMENDED}


def test_who_is_barred_after_the_comparison_is_not_submitted(ready: Ready) -> None:
    world, round_id, hangzhou, ningbo = ready
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.do(key, "letter", "submit")
    world.do(key, "government_consent", "agree")
    world.bar(NINGBO, 2018)
    with pytest.raises(RecommendationIncomplete, match="报送材料不完整") as refused:
        world.do(key, "submit_recommendation", "submit", given=world.all_there)
    (problem,) = refused.value.problems
    assert problem.message.startswith("根据2017年12月1日的处理决定（工信处〔2017〕9号），宁波市")
    assert problem.message.endswith("请选择“重新比选”。")
    world.do(key, "submit_recommendation", "return", opinion="宁波市已被限制。")
    with pytest.raises(BarredRecommended) as barred:
        world.do(key, "compare", "submit", given=world.verdicts(key))
    assert [each.place for each in barred.value.problems] == [f"/applications/{ningbo}/recommended"]
    world.do(key, "compare", "submit", given=world.verdicts(key, refused=[ningbo]))
    world.do(key, "letter", "submit")
    world.do(key, "government_consent", "agree")
    world.do(key, "submit_recommendation", "submit", given=world.all_there)
    world.settle()
    assert world.application(hangzhou).status == Status.RECOMMENDED
    assert world.application(ningbo).status == Status.NOT_RECOMMENDED


def test_a_unit_may_recommend_nobody(ready: Ready) -> None:
    world, round_id, *both = ready
    world.do(key_of(world, round_id), "compare", "none", opinion="条件都不成熟。")
    world.settle()
    assert world.recommendation(round_id, ZHEJIANG).status == RecommendationStatus.NONE
    assert {world.application(each).reason for each in both} == {"推荐单位本年度没有推荐。"}


def test_what_was_not_submitted_by_the_deadline_lapses(ready: Ready) -> None:
    world, round_id, *both = ready
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.advance_to("2018-04-11")
    assert world.recommendation(round_id, ZHEJIANG).status == RecommendationStatus.LAPSED
    assert {world.application(each).reason for each in both} == {"推荐单位没有在截止日期前报送。"}


def test_who_becomes_ready_after_the_recommendation_was_submitted_is_told_so(world: World) -> None:
    round_id = world.open_round()
    late = world.apply(round_id, NINGBO)
    world.do(f"application:{late}", "fill_in", "submit")
    world.bring_up(round_id, HANGZHOU)
    world.recommend(round_id, ZHEJIANG)
    world.do(f"application:{late}", "province_review", "agree")
    world.settle()
    assert world.application(late).reason == "在推荐单位比选之后才逐级报到，未列入本次推荐。"


def test_nothing_is_submitted_before_the_material_is_complete(world: World) -> None:
    round_id = world.open_round()
    world.bring_up(round_id, HANGZHOU)
    key = key_of(world, round_id)
    world.do(key, "compare", "submit", given=world.verdicts(key))
    world.do(key, "letter", "submit")
    world.do(key, "government_consent", "agree")
    lacking = {"submission": {**world.all_there["submission"], "letter": False}}
    with pytest.raises((RecommendationIncomplete, FormInvalid)):
        world.do(key, "submit_recommendation", "submit", given=lacking)
    assert world.open_tasks(key) == ["submit_recommendation"]
