"""Timers: due by the injected clock, fired once whichever worker comes, kept as rows while they wait."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.clock import VirtualClock
from service.engine import history
from service.engine.engine import ProcessEngine
from service.engine.services import Context, Services
from service.engine.timers import Timer
from tests.engine.engines import START, World
from tests.engine.processes import (
    boundary,
    bpmn,
    catch,
    date_timer,
    duration_timer,
    end,
    flows,
    process,
    service,
    start,
    user,
)

DAY = timedelta(days=1)
WAITING = bpmn(
    process(
        start(),
        catch("wait", date_timer("ends_at")),
        user("act"),
        boundary("late", "act", duration_timer('"P2D"')),
        user("chase"),
        end("done", "over"),
        flows("begin>wait", "wait>act", "act>done", "late>chase", "chase>over"),
    )
)


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def world(database_url: str, services: Services) -> Iterator[World]:
    world = World(database_url, services)
    yield world
    world.database.dispose()


def timers(world: World) -> list[Timer]:
    with world.read() as session:
        return list(session.scalars(select(Timer).order_by(Timer.due_at)))


def test_a_timer_waits_as_a_row_and_fires_at_its_instant(world: World) -> None:
    case = world.start(world.deploy(WAITING)["main"], ends_at="2026-03-05T00:00:00+08:00")
    (timer,) = timers(world)
    assert (timer.element_id, timer.due_at.isoformat()) == ("wait", "2026-03-04T16:00:00+00:00")
    world.clock.advance_to(timer.due_at - timedelta(microseconds=1))
    assert world.work() == 0
    world.clock.advance_to(timer.due_at)
    assert world.work() == 1
    assert world.open(case) == ["act"]
    assert [found.element_id for found in timers(world)] == ["late"]


def test_a_clock_can_be_moved_from_one_due_time_to_the_next(world: World) -> None:
    case = world.start(world.deploy(WAITING)["main"], ends_at=(START + 3 * DAY).isoformat())
    instants = []
    while True:
        with world.read() as session:
            due = world.engine.next_due(session)
        if due is None:
            break
        instants.append(due)
        world.clock.advance_to(due)
        assert world.work() == 1
    assert instants == [START + 3 * DAY, START + 5 * DAY]
    assert world.open(case) == ["chase"]


def test_a_user_task_that_is_done_in_time_takes_its_timer_with_it(world: World) -> None:
    case = world.start(world.deploy(WAITING)["main"], ends_at=START.isoformat())
    assert world.open(case) == ["act"], "an instant that has come is not waited for"
    world.complete(case, "act")
    assert timers(world) == []
    world.clock.advance(9 * DAY)
    assert world.work() == 0


def test_a_timer_that_fired_says_when_it_was_due(world: World) -> None:
    case = world.start(world.deploy(WAITING)["main"], ends_at=(START + DAY).isoformat())
    world.clock.advance(2 * DAY)
    world.work()
    with world.read() as session:
        (fired,) = [event for event in history.of_chain(session, case.id) if event.type == "timer_fired"]
    assert (fired.element_id, fired.data, fired.at) == (
        "wait",
        {"due_at": (START + DAY).isoformat()},
        START + 2 * DAY,
    )


def test_a_suspended_instance_s_overdue_timer_fires_after_it_is_resumed(world: World) -> None:
    case = world.start(world.deploy(WAITING)["main"], ends_at=(START + DAY).isoformat())
    world.write("suspend", case.id, None, "停")
    world.clock.advance(2 * DAY)
    assert world.work() == 0
    assert world.open(case) == []
    world.write("resume", case.id, None, "续")
    assert world.work() == 1
    assert world.open(case) == ["act"]


def test_firing_with_nothing_due_changes_nothing(world: World) -> None:
    case = world.start(world.deploy(WAITING)["main"], ends_at=(START + DAY).isoformat())
    assert world.write("fire", case.id).version == case.version


def test_each_timer_fires_once_whichever_of_several_workers_runs(world: World) -> None:
    definition = world.deploy(WAITING)["main"]
    cases = [world.start(definition, ends_at=(START + DAY).isoformat()) for _ in range(24)]
    world.clock.advance(DAY)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: world.engine.run_due(world.database, strict=True), range(3)))
    assert sum(done) == 24
    assert {tuple(world.open(case)) for case in cases} == {("act",)}
    with world.read() as session:
        assert history.verify(session) == []
        for case in cases:
            types = [event.type for event in history.of_chain(session, case.id)]
            assert types.count("timer_fired") == 1


def test_two_engines_on_two_clocks_leave_each_other_s_instances_their_own_time(world: World) -> None:
    definition = world.deploy(WAITING)["main"]
    case = world.start(definition, ends_at=(START + DAY).isoformat())
    ahead = ProcessEngine(VirtualClock(START + 9 * DAY), world.services)
    with world.database.write() as session:
        rehearsed = ahead.start(
            session, definition, business_key="trial:1", variables={"ends_at": START.isoformat()}
        )
    assert (world.open(case), world.open(rehearsed)) == ([], ["act"])


def test_a_timer_whose_consequence_fails_is_kept_and_tried_again(world: World, services: Services) -> None:
    working = {"now": False}

    @services.service("fragile")
    def fragile(context: Context) -> None:
        if not working["now"]:
            raise ValueError("坏了")

    parts = (
        start(),
        catch("wait", date_timer("ends_at")),
        service("work", "fragile"),
        user("act"),
        end(),
        flows("begin>wait", "wait>work", "work>act", "act>done"),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"], ends_at=(START + DAY).isoformat())
    world.clock.advance(DAY)
    assert world.engine.run_due(world.database) == 0
    (kept,) = timers(world)
    assert (kept.failures, kept.error, kept.due_at) == (1, "ValueError: 坏了", START + DAY)
    assert kept.run_at > world.clock.now()
    working["now"] = True
    world.clock.advance_to(kept.run_at)
    assert world.engine.run_due(world.database) == 1
    assert world.open(case) == ["act"]
