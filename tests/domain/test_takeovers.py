"""按上报数核定: what a county reported, shown beside its target and evidence, is taken over when chosen."""

from collections.abc import Iterator
from typing import Any

import pytest

from service.domain import offices, user_tasks
from service.domain.user_tasks import NothingTakenOver, NotYours
from service.store.database import Database
from tests.domain.zhejiang import ZHOUSHAN, A, Zhejiang, assessed, mechanism

I1, I2, I3 = "robots", "brands", "vocs_projects"
FORM = "city_review"


@pytest.fixture
def reviewing(sqlite_url: str) -> Iterator[tuple[Zhejiang, str]]:
    """定海区 reported three indicators, one without saying where its figure is from; the city's user task."""
    world = Zhejiang(Database(sqlite_url))
    world.file_targets({A: {I1: "200", I2: "100", I3: "50"}})
    world.advance_to("2020-03-02")
    round_id = world.set_up_round()
    world.call(round_id)
    key = f"application:{world.of_division(round_id, A).id}"
    given: dict[str, Any] = assessed({I1: "300", I2: "110", I3: "60"}, mechanism(18))
    del given["completion"][I3]["basis"]
    world.do(key, "fill_in", "submit", given={"self_assessment": given})
    with world.database.read() as session:
        (task,) = world.tasks(session, key)
    yield world, task.id
    world.database.dispose()


def test_what_a_reviewer_has_looked_at_is_taken_over_and_stays_to_be_changed(
    reviewing: tuple[Zhejiang, str],
) -> None:
    world, task = reviewing
    with world.database.write() as session:
        actor = world.official(session, offices.INDUSTRY, ZHOUSHAN)
    with world.database.read() as session:
        (table,) = user_tasks.reported(session, actor, task, FORM).tables
    assert table.columns == ("年度目标", "上报完成", "数据来源", "支撑材料")
    offers = {each.path[1]: each for each in table.offers}
    assert [*offers] == [I1, I2, I3], "only what has been reported"
    assert [each.text for each in offers[I1].cells[:3]] == ["200", "300", "台账"]
    assert {key: each.evidenced for key, each in offers.items()} == {I1: True, I2: True, I3: False}
    draft = {"completion": {I2: {"confirmed": "105"}}}
    with world.database.write() as session:
        user_tasks.save_draft(session, world.engine, actor, task, FORM, draft, version=0)
        chosen = [each.pointer for each in offers.values()]
        done = user_tasks.take_over(session, world.engine, actor, task, FORM, chosen)
        assert done.filled == 2, "what is filled in stays"
        with pytest.raises(NothingTakenOver):
            user_tasks.take_over(session, world.engine, actor, task, FORM, chosen)
    with world.database.read() as session:
        desk = user_tasks.open_desk(session, actor, task, FORM)
        rows = desk.content["completion"]
        assert isinstance(rows, dict)
        assert {key: rows[key]["confirmed"] for key in offers} == {I1: "300", I2: "105", I3: "60"}


def test_nobody_else_takes_anything_over(reviewing: tuple[Zhejiang, str]) -> None:
    world, task = reviewing
    with world.database.write() as session:
        county = world.official(session, offices.INDUSTRY, A)
        with pytest.raises(NotYours):
            user_tasks.reported(session, county, task, FORM)
        with pytest.raises(NotYours):
            user_tasks.take_over(session, world.engine, county, task, FORM, [])
