"""Messages between instances: by correlation, early or late, each receiver once, in its own transaction."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from service.engine import history
from service.engine.errors import InstanceSuspended, NotFound
from service.engine.instances import Instance
from service.engine.messages import Delivery, Message, canonical
from service.engine.services import Context, Services
from service.store.database import new_id
from tests.engine.engines import START, World
from tests.engine.processes import (
    boundary,
    bpmn,
    catch,
    date_timer,
    end,
    flows,
    gateway,
    message,
    process,
    receives,
    sends,
    service,
    start,
    throw,
    user,
)

ANNOUNCED = message("announced", "round_id", "track")
WAITER = bpmn(
    ANNOUNCED,
    process(
        start(),
        user("apply"),
        catch("told", receives("announced", "result", round_id="round_id", track="track")),
        user("read"),
        end(),
        flows("begin>apply", "apply>told", "told>read", "read>done"),
        id="waiter",
    ),
)
TELLER = bpmn(
    ANNOUNCED,
    process(
        start(),
        user("decide"),
        throw("tell", sends("announced", '{"round_id": round_id, "track": track, "list_id": list_id}')),
        end(),
        flows("begin>decide", "decide>tell", "tell>done"),
        id="teller",
    ),
)


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def world(database_url: str, services: Services) -> Iterator[World]:
    world = World(database_url, services)
    yield world
    world.database.dispose()


@pytest.fixture
def definitions(world: World) -> dict[str, str]:
    return world.deploy(WAITER, TELLER)


def waiter(world: World, definitions: dict[str, str], round_id: str, track: str = "main") -> Instance:
    case = world.start(definitions["waiter"], f"application:{round_id}", round_id=round_id, track=track)
    world.complete(case, "apply")
    return case


def tell(world: World, definitions: dict[str, str], round_id: str, track: str = "main") -> Instance:
    given = {"round_id": round_id, "track": track, "list_id": "l1"}
    teller = world.start(definitions["teller"], f"round:{round_id}", **given)
    return world.complete(teller, "decide")


def deliveries(world: World) -> list[Delivery]:
    with world.read() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.created_at)))


def test_a_message_reaches_whoever_waits_for_its_correlation_and_nobody_else(
    world: World, definitions: dict[str, str]
) -> None:
    hit = [waiter(world, definitions, "r2026") for _ in range(3)]
    missed = [waiter(world, definitions, "r2025"), waiter(world, definitions, "r2026", track="other")]
    tell(world, definitions, "r2026")
    assert [world.open(case) for case in hit] == [[], [], []], "nothing happens in the thrower's transaction"
    assert world.work() == 3
    assert [world.open(case) for case in hit] == [["read"]] * 3
    assert [world.open(case) for case in missed] == [[], []]
    assert world.work() == 0


def test_an_early_message_waits_in_the_inbox_for_those_who_come_later(
    world: World, definitions: dict[str, str]
) -> None:
    early = world.start(definitions["waiter"], round_id="r1", track="main")
    tell(world, definitions, "r1")
    assert world.work() == 0
    world.complete(early, "apply")
    late = waiter(world, definitions, "r1")
    assert world.work() == 2
    assert world.open(early) == world.open(late) == ["read"]


def test_a_receiver_gets_the_payload_under_its_variable(world: World, definitions: dict[str, str]) -> None:
    case = waiter(world, definitions, "r1")
    world.write("correlate", "announced", {"track": "main", "round_id": "r1"}, {"list_id": "l9"})
    world.work()
    with world.read() as session:
        sent = session.scalars(select(Message)).one()
        assert sent.payload == {"list_id": "l9", "track": "main", "round_id": "r1"}
        received = history.of_chain(session, case.id)[-3:]
    assert [event.type for event in received] == ["message_received", "elements_passed", "user_task_created"]
    assert received[0].data == {"message_id": sent.id, "name": "announced"}
    assert world.data(case)["result"] == sent.payload


def test_a_correlation_is_the_same_in_any_order_of_its_keys() -> None:
    assert canonical({"b": 1, "a": "市"}) == canonical({"a": "市", "b": 1}) == '{"a":"市","b":1}'


def test_one_message_is_delivered_to_an_instance_only_once(world: World, definitions: dict[str, str]) -> None:
    case = waiter(world, definitions, "r1")
    tell(world, definitions, "r1")
    (delivery,) = deliveries(world)
    world.write("deliver", delivery.id)
    version = world.instance(case).version
    world.write("deliver", delivery.id)
    assert world.instance(case).version == version
    assert world.work() == 0


def test_of_two_messages_for_one_wait_the_second_stays_in_the_inbox(
    world: World, definitions: dict[str, str]
) -> None:
    case = waiter(world, definitions, "r1")
    tell(world, definitions, "r1")
    world.clock.advance(timedelta(seconds=1))
    tell(world, definitions, "r1")
    assert len(deliveries(world)) == 2
    world.work()
    (kept,) = deliveries(world)
    assert (kept.status, kept.instance_id) == ("delivered", case.id)


def test_an_unknown_delivery_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.write("deliver", "0" * 32)


def test_a_suspended_receiver_gets_its_message_when_it_is_resumed(
    world: World, definitions: dict[str, str]
) -> None:
    case = waiter(world, definitions, "r1")
    world.write("suspend", case.id, None, "停")
    tell(world, definitions, "r1")
    assert world.work() == 0
    with world.read() as session:
        assert world.engine.next_due(session) is None
    with pytest.raises(InstanceSuspended):
        world.write("deliver", deliveries(world)[0].id)
    world.write("resume", case.id, None, "续")
    with world.read() as session:
        assert world.engine.next_due(session) == START
    assert world.work() == 1
    assert world.open(case) == ["read"]


def test_a_cancelled_receiver_is_handed_nothing(world: World, definitions: dict[str, str]) -> None:
    case = waiter(world, definitions, "r1")
    tell(world, definitions, "r1")
    world.write("cancel", case.id, None, "撤")
    assert deliveries(world) == []
    assert world.work() == 0


def test_a_failing_receiver_holds_up_nobody_else_and_is_tried_again(world: World, services: Services) -> None:
    working = {"now": False}

    @services.service("fragile")
    def fragile(context: Context) -> None:
        if context.instance.business_key == "case:bad" and not working["now"]:
            raise ValueError("坏了")

    parts = (
        start(),
        catch("told", receives("announced", round_id="round_id", track='"main"')),
        service("work", "fragile"),
        user("read"),
        end(),
        flows("begin>told", "told>work", "work>read", "read>done"),
    )
    definition = world.deploy(bpmn(ANNOUNCED, process(*parts)))["main"]
    cases = [world.start(definition, f"case:{name}", round_id="r1") for name in ("a", "bad", "b")]
    world.write("correlate", "announced", {"round_id": "r1", "track": "main"})
    assert world.engine.run_due(world.database) == 2
    assert [world.open(case) for case in cases] == [["read"], [], ["read"]]
    (failed,) = [one for one in deliveries(world) if one.status == "pending"]
    assert (failed.failures, failed.error) == (1, "ValueError: 坏了")
    assert world.engine.run_due(world.database) == 0, "not before its pause is over"
    working["now"] = True
    with world.read() as session:
        due = world.engine.next_due(session)
    assert due is not None
    world.clock.advance_to(due)
    assert world.engine.run_due(world.database) == 1
    assert world.open(cases[1]) == ["read"]
    working["now"] = False
    world.start(definition, "case:bad", round_id="r1")
    with pytest.raises(ValueError, match="坏了"):
        world.work()


def test_what_was_due_before_a_message_came_happens_before_it(world: World) -> None:
    parts = (
        start(),
        gateway("first", "event"),
        catch("told", receives("announced", round_id="round_id", track='"main"')),
        catch("late", date_timer("ends_at")),
        user("read"),
        user("give_up"),
        end("done", "over"),
        flows(
            "begin>first",
            "first>told",
            "first>late",
            "told>read",
            "late>give_up",
            "read>done",
            "give_up>over",
        ),
    )
    definition = world.deploy(bpmn(ANNOUNCED, process(*parts)))["main"]

    def told_after(hours: int) -> list[str]:
        ends_at = (world.clock.now() + timedelta(hours=2)).isoformat()
        case = world.start(definition, round_id=f"r{hours}", ends_at=ends_at)
        world.clock.advance(timedelta(hours=hours))
        world.write("correlate", "announced", {"round_id": f"r{hours}", "track": "main"})
        world.clock.advance(timedelta(hours=9))
        delivery = next(one for one in deliveries(world) if one.instance_id == case.id)
        world.write("deliver", delivery.id)
        return world.open(case)

    assert told_after(1) == ["read"]
    assert told_after(3) == ["give_up"]
    with world.read() as session:
        types = [event.type for event in session.scalars(select(history.HistoryEvent))]
    assert types.count("timer_fired") == 1


def test_a_boundary_takes_a_message_while_its_user_task_is_open(world: World) -> None:
    parts = (
        start(),
        user("act"),
        boundary("called_off", "act", receives("announced", round_id="round_id", track='"main"')),
        user("clear"),
        end("done", "over"),
        flows("begin>act", "act>done", "called_off>clear", "clear>over"),
    )
    definition = world.deploy(bpmn(ANNOUNCED, process(*parts)))["main"]
    hit, done = (world.start(definition, round_id="r1") for _ in range(2))
    world.complete(done, "act")
    world.write("correlate", "announced", {"round_id": "r1", "track": "main"})
    assert world.work() == 1
    assert world.open(hit) == ["clear"]


def test_a_broadcast_is_shared_by_workers_and_each_receiver_gets_it_once(
    world: World, definitions: dict[str, str]
) -> None:
    cases = [waiter(world, definitions, "r1") for _ in range(24)]
    tell(world, definitions, "r1")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: world.engine.run_due(world.database, strict=True), range(3)))
    assert sum(done) == 24
    assert {tuple(world.open(case)) for case in cases} == {("read",)}
    assert {world.instance(case).version for case in cases} == {3}
    with world.read() as session:
        assert history.verify(session) == []


def test_a_step_of_the_worker_can_be_limited(world: World, definitions: dict[str, str]) -> None:
    for _ in range(5):
        waiter(world, definitions, "r1")
    tell(world, definitions, "r1")
    assert [world.engine.run_due(world.database, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_message_that_missed_its_receiver_at_the_same_moment_is_found(postgresql_url: str) -> None:
    world = World(postgresql_url)
    definitions = world.deploy(WAITER, TELLER)
    case = waiter(world, definitions, "r1")
    with world.database.write() as session:  # As if it had been thrown while the wait was not yet visible.
        row = {
            "id": new_id(),
            "name": "announced",
            "correlation": canonical({"round_id": "r1", "track": "main"}),
            "payload": {"round_id": "r1", "track": "main"},
            "created_at": START,
        }
        session.execute(insert(Message), row)
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    assert world.work() == 1
    assert world.open(case) == ["read"]
    world.database.dispose()
