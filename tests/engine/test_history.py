"""History: every command says what happened, in a chain in which a change, a gap or an insertion shows."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.engine import history
from service.engine.instances import Instance
from service.engine.services import Completion, Context, Services
from tests.engine.engines import START, World
from tests.engine.processes import bpmn, end, flows, gateway, process, service, start, subprocess, user

REVIEW = bpmn(
    process(
        start(),
        subprocess(
            "way_up",
            start("in"),
            user("fill", effect="forms.keep"),
            service("note", "notes.write"),
            end("out"),
            flows("in>fill", "fill>note", "note>out"),
        ),
        user("review", "agree", "return"),
        gateway("judged", default="done"),
        end(),
        flows("begin>way_up", "way_up>review", "review>judged", 'judged>way_up[decision == "return"]'),
        flows("judged>done"),
    )
)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    services = Services()

    @services.effect("forms.keep")
    def keep(context: Context, completion: Completion) -> None:
        context.record("form_kept", digest="d1")

    @services.service("notes.write")
    def write(context: Context) -> None:
        history.record(
            context.session, context.instance.id, "note_written", context.now, actor_id="clerk", data={"n": 1}
        )

    world = World(database_url, services)
    yield world
    world.database.dispose()


@pytest.fixture
def case(world: World) -> Instance:
    return world.start(world.deploy(REVIEW)["main"])


def events(world: World, case: Instance) -> list[history.HistoryEvent]:
    with world.read() as session:
        return list(history.of_chain(session, case.id))


def broken(world: World) -> list[history.Broken]:
    with world.read() as session:
        return history.verify(session)


def tamper(world: World, statement: str, **values: Any) -> None:
    with world.database.write() as session:
        assert session.execute(text(statement), values).rowcount == 1  # type: ignore[attr-defined]


def test_a_command_tells_what_happened_in_order(world: World, case: Instance) -> None:
    fill = world.task(case, "fill")
    before = len(events(world, case))
    world.complete(case, "fill", person="wang", opinion_id="o1", forms={"report": "f1"})
    told = [
        (event.type, event.actor_id, event.element_id, event.data) for event in events(world, case)[before:]
    ]
    review = world.task(case, "review")
    with world.read() as session:
        state = hashlib.sha256(session.get_one(Instance, case.id).state).hexdigest()
    assert told == [
        (
            "user_task_completed",
            "wang",
            "fill",
            {"user_task_id": fill.id, "opinion_id": "o1", "forms": {"report": "f1"}},
        ),
        ("form_kept", "wang", "fill", {"digest": "d1"}),
        ("note_written", "clerk", None, {"n": 1}),
        (
            "elements_passed",
            "wang",
            None,
            {
                "ids": ["fill", "fill_note", "note", "note_out", "out", "way_up", "way_up_review"],
                "state": state,
            },
        ),
        ("user_task_created", "wang", "review", {"user_task_id": review.id}),
    ]


def test_every_element_and_flow_of_a_run_is_in_what_was_passed(world: World, case: Instance) -> None:
    world.complete(case, "fill")
    world.complete(case, "review", "return")
    world.complete(case, "fill")
    world.complete(case, "review", "agree")
    passed = {
        id for event in events(world, case) if event.type == "elements_passed" for id in event.data["ids"]
    }
    assert passed == {
        *("begin", "begin_way_up", "in", "in_fill", "fill", "fill_note", "note", "note_out", "out"),
        *(
            "way_up",
            "way_up_review",
            "review",
            "review_judged",
            "judged",
            "judged_way_up",
            "judged_done",
            "done",
        ),
    }
    assert events(world, case)[-1].type == "instance_completed"
    assert broken(world) == []


def test_claims_suspensions_and_cancellation_are_told(world: World, case: Instance) -> None:
    fill = world.task(case, "fill")
    world.write("claim", fill.id, "wang")
    world.write("unclaim", fill.id, "wang")
    world.write("suspend", case.id, "admin", "核查")
    world.write("resume", case.id, "admin", "续办")
    world.write("cancel", case.id, "admin", "撤销")
    told = [(event.type, event.actor_id) for event in events(world, case)[3:]]
    assert told == [
        ("user_task_claimed", "wang"),
        ("user_task_unclaimed", "wang"),
        ("instance_suspended", "admin"),
        ("instance_resumed", "admin"),
        ("instance_cancelled", "admin"),
        ("user_task_withdrawn", "admin"),
    ]
    assert broken(world) == []


def test_the_chain_continues_when_somebody_records_outside_a_command(world: World, case: Instance) -> None:
    with world.database.write() as session:
        history.record(session, case.id, "opinion_erased", START, actor_id="admin", data={"opinion_id": "o1"})
        history.record(session, history.SYSTEM, "right_granted", START, data={"person_id": "p1"})
        history.record(session, history.SYSTEM, "right_withdrawn", START, data={"person_id": "p1"})
    world.complete(case, "fill")
    assert broken(world) == []


def test_a_failed_command_leaves_no_event(world: World, case: Instance) -> None:
    before = len(events(world, case))
    fill = world.task(case, "fill")
    with world.database.engine.connect() as connection, Session(connection) as session:
        world.engine.complete(session, fill.id, person_id="li")
        session.rollback()
    assert len(events(world, case)) == before
    assert broken(world) == []


@pytest.mark.parametrize(
    "change",
    [
        "data = '{}'",
        "type = 'nothing_happened'",
        "actor_id = 'another'",
        "element_id = NULL",
        "at = '2020-01-01 00:00:00'",
        "hash = previous_hash",
    ],
)
def test_a_changed_event_is_found(world: World, case: Instance, change: str) -> None:
    world.complete(case, "fill")
    tamper(world, f"UPDATE history_event SET {change} WHERE chain = :chain AND seq = 4", chain=case.id)
    assert (case.id, 4, "内容被改动。") in broken(world)


def test_a_removed_event_is_found(world: World, case: Instance) -> None:
    tamper(world, "DELETE FROM history_event WHERE chain = :chain AND seq = 2", chain=case.id)
    assert broken(world) == [(case.id, 2, "缺少第2条至第2条记录。")]


def test_a_removed_tail_is_found(world: World, case: Instance) -> None:
    tamper(world, "DELETE FROM history_event WHERE chain = :chain AND seq = 3", chain=case.id)
    assert broken(world) == [(case.id, 3, "末尾与登记的不符：应有3条，实有2条。")]


def test_an_inserted_event_is_found(world: World, case: Instance) -> None:
    tamper(
        world,
        "INSERT INTO history_event (chain, seq, at, type, data, previous_hash, hash) "
        "SELECT chain, 4, at, 'award_granted', data, hash, previous_hash FROM history_event "
        "WHERE chain = :chain AND seq = 3",
        chain=case.id,
    )
    assert [(chain, seq) for chain, seq, _ in broken(world)] == [(case.id, 4), (case.id, 5)]


def test_a_whole_history_that_was_removed_is_found(world: World, case: Instance) -> None:
    with world.database.write() as session:
        session.execute(text("DELETE FROM history_event WHERE chain = :chain"), {"chain": case.id})
    assert broken(world) == [(case.id, 3, "事件全部缺失。")]


def test_an_instance_that_was_removed_with_its_history_is_found(world: World, case: Instance) -> None:
    with world.database.write() as session:
        for table, column in (
            ("user_task", "instance_id"),
            ("history_event", "chain"),
            ("process_instance", "id"),
        ):
            session.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": case.id})
    assert broken(world) == [(case.id, 0, "流程实例连同其记录被删除。")]


def test_a_removed_system_event_is_found(world: World, case: Instance) -> None:
    tamper(world, "DELETE FROM history_event WHERE chain = 'system' AND type = 'instance_started'")
    assert {chain for chain, _, _ in broken(world)} == {"system", case.id}
