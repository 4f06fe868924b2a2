"""Locks on PostgreSQL: commands that meet at a message neither wait in a circle nor write a row twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.engine import instances, messages
from service.engine.instances import Instance
from service.engine.messages import Delivery
from tests.databases import until_blocked
from tests.engine.engines import START, World
from tests.engine.processes import bpmn, catch, end, flows, message, process, receives, start


def test_two_commands_that_send_each_other_messages_do_not_wait_in_a_circle(postgresql_url: str) -> None:
    world = World(postgresql_url)
    cases = [waiting_for(world, name) for name in ("r0", "r1")]
    both_hold_theirs = Barrier(2)

    def command(mine: int) -> int:
        with world.database.write() as session:
            instances.lock(session.connection(), cases[mine].id)
            both_hold_theirs.wait(30)
            return messages.expand(session.connection(), announce(session, f"r{1 - mine}"), START)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(command, range(2))) == [1, 1]
    world.database.dispose()


def test_a_delivery_that_another_transaction_is_writing_is_left_to_it(postgresql_url: str) -> None:
    world = World(postgresql_url)
    waiting_for(world, "r0")
    with world.database.write() as session:
        message_id = announce(session, "r0")

    def reconcile() -> int:
        with world.database.write() as session:
            return messages.reconcile(session.connection(), START)

    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as first:
            assert messages.expand(first.connection(), message_id, START) == 1
            second = pool.submit(reconcile)
            until_blocked(first)
        assert second.result(30) == 0
    with world.read() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1
    world.database.dispose()


def waiting_for(world: World, round_id: str) -> Instance:
    """An instance that waits for the announcement of a round."""
    parts = (
        start(),
        catch("told", receives("announced", round_id="round_id")),
        end(),
        flows("begin>told", "told>done"),
    )
    definition = world.deploy(bpmn(message("announced", "round_id"), process(*parts, id="waiter")))["waiter"]
    return world.start(definition, round_id=round_id)


def announce(session: Session, round_id: str) -> str:
    """A message that nobody has been given yet; its id."""
    sent = messages.throw(session.connection(), "announced", {"round_id": round_id}, {}, None, START)
    return str(sent["id"])
