"""Reading 13: one city in both tracks of a year is allowed, and everybody concerned is told."""

from service.domain import overviews, parallels, subjects, user_tasks
from service.domain.access import Actor
from service.domain.offices import INDUSTRY
from tests.domain.world import HANGZHOU, MINISTRY, ZHEJIANG, World
from tests.domain.world_2022 import World2022

NINGBO = "330200"


def official(world: World, kind: str, division: str) -> Actor:
    with world.database.write() as session:
        return world.official(session, kind, division)


def warned(world: World, actor: Actor, business_key: str) -> list[str]:
    with world.database.read() as session:
        return parallels.warnings(session, actor, subjects.get(session, business_key))


def of_task(world: World, actor: Actor, business_key: str) -> list[str]:
    with world.database.read() as session:
        (task,) = world.tasks(session, business_key)
        return user_tasks.view(session, actor, task.id).warnings


def test_the_city_is_told_when_it_applies_a_second_time(world_2022: World2022) -> None:
    world, city = world_2022, official(world_2022, INDUSTRY, HANGZHOU)
    a, b = world.open_track("a"), world.open_track("b")
    first = world.apply(a, HANGZHOU)
    assert warned(world, city, f"application:{first}") == []
    second = world.apply(b, HANGZHOU)
    (sentence,) = of_task(world, city, f"application:{second}")
    assert sentence == (
        "浙江省杭州市同时申报了“2022年度工业稳增长和转型升级成效明显市（州）”（逐级申报中）。"
        "同一单位可以同时申报几个名单，请统筹考虑。"
    )
    assert "建设信息基础设施" in warned(world, city, f"application:{first}")[0]


def test_the_recommending_unit_and_the_ministry_are_told_of_what_has_reached_them(
    world_2022: World2022,
) -> None:
    world = world_2022
    province, ministry = official(world, INDUSTRY, ZHEJIANG), official(world, *MINISTRY)
    rounds = {track: world.open_track(track) for track in ("a", "b")}
    first = world.bring_up(rounds["a"], HANGZHOU)
    key = f"recommendation:{world.recommendation(rounds['a'], ZHEJIANG).id}"
    second = world.apply(rounds["b"], HANGZHOU)
    assert of_task(world, province, key) == [], "what the city is still writing is its own affair"
    world.do(f"application:{second}", "fill_in", "submit")
    world.do(f"application:{second}", "statistics_check", "agree")
    assert len(of_task(world, province, key)) == 1
    with world.database.read() as session:
        assert len(overviews.of_application(session, province, first).warnings) == 1
    world.do(f"application:{second}", "province_review", "agree")
    world.settle()
    world.recommend(rounds["a"], ZHEJIANG)
    assert of_task(world, ministry, f"application:{first}") == []
    world.recommend(rounds["b"], ZHEJIANG)
    for application in (first, second):
        (sentence,) = of_task(world, ministry, f"application:{application}")
        assert sentence.startswith("浙江省杭州市同时申报了")
        world.accept(application)
    assert len(warned(world, ministry, f"round:{rounds['a']}")) == 1


def test_nothing_is_said_of_others_of_the_past_and_of_what_was_withdrawn(world_2022: World2022) -> None:
    world, city = world_2022, official(world_2022, INDUSTRY, HANGZHOU)
    a, b = world.open_track("a"), world.open_track("b")
    world.apply(a, NINGBO)
    first = world.apply(a, HANGZHOU)
    world.do(f"application:{first}", "fill_in", "withdraw")
    world.settle()
    second = world.apply(b, HANGZHOU)
    assert warned(world, city, f"application:{second}") == []


def test_an_edition_with_one_list_warns_of_nothing(world: World) -> None:
    application = world.apply(world.open_round(), HANGZHOU)
    assert of_task(world, official(world, INDUSTRY, HANGZHOU), f"application:{application}") == []
