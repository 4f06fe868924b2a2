"""Reassignments: what waits goes to somebody else, whoever asks afterwards reads the new name."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from service.engine import audits, history
from service.engine.errors import (
    AlreadyClaimed,
    InstanceSuspended,
    NotPersonal,
    NotReassignable,
    UserTaskClosed,
    VariableMissing,
)
from service.engine.instances import Instance
from service.engine.services import Completion, Context, Services
from service.engine.user_tasks import UserTask
from tests.engine.engines import World
from tests.engine.processes import bpmn, each, end, flows, gateway, process, start, user, variables

SCORING = bpmn(
    process(
        variables("scoring", "scoring.members", "sheets"),
        start(),
        gateway("again"),
        user(
            "score",
            inner=each("scoring.members", "member", "sheets", "sheet"),
            office=None,
            assignee="member",
            effect="submit",
        ),
        user("conclude", office=None, assignee="scoring.chair"),
        user("decide", "rescore", "agree"),
        gateway("decided", default="done"),
        end(),
        flows(
            "begin>again",
            "again>score",
            "score>conclude",
            "conclude>decide",
            "decide>decided",
            'decided>again[decision == "rescore"]',
            "decided>done",
        ),
    )
)
MEMBERS = {name: name for name in ("a", "b", "c")}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    services = Services()

    @services.effect("submit")
    def submit(context: Context, completion: Completion) -> dict[str, Any]:
        return {"sheet": completion.person_id}

    @services.function("stand_in")
    def stand_in(context: Context, person: str) -> str:
        return {"gone": "successor"}.get(person, person)

    world = World(database_url, services)
    yield world
    world.database.dispose()


@pytest.fixture
def case(world: World) -> Instance:
    """Three members, who are asked for their sheets; a is in the chair."""
    definition = world.deploy(SCORING)["main"]
    return world.start(definition, scoring={"members": MEMBERS, "chair": "a"})


def of(world: World, case: Instance, person: str) -> UserTask:
    return next(task for task in world.todo(case) if task.assignee_id == person)


def reassign(world: World, case: Instance, old: str, new: str) -> UserTask:
    task: UserTask = world.write("reassign", of(world, case, old).id, new, actor_id="boss", reason="文号")
    return task


def hand_in(world: World, case: Instance, *people: str) -> None:
    for person in people:
        world.write("complete", of(world, case, person).id, person_id=person)


def test_a_member_of_a_multi_instance_is_replaced_and_the_others_keep_theirs(
    world: World, case: Instance
) -> None:
    before = {task.id for task in world.todo(case)}
    assert reassign(world, case, "b", "d").assignee_id == "d"
    assert {task.id for task in world.todo(case)} == before
    assert sorted(task.assignee_id or "" for task in world.todo(case)) == ["a", "c", "d"]
    hand_in(world, case, "d", "a", "c")
    # The output stands under the key of the seat, and says who has filled it.
    assert world.data(case)["sheets"] == {"a": "a", "b": "d", "c": "c"}
    assert world.data(case)["scoring"]["members"] == MEMBERS


def test_the_data_of_the_one_user_task_says_the_new_person(world: World, case: Instance) -> None:
    reassign(world, case, "b", "d")
    hand_in(world, case, "a", "c")
    assert world.data(case)["member"] == "d"


def test_a_second_round_over_other_members_is_not_disturbed(world: World, case: Instance) -> None:
    reassign(world, case, "b", "d")
    hand_in(world, case, "a", "c", "d")
    hand_in(world, case, "a")
    again = {"members": {name: name for name in ("a", "c", "d")}, "chair": "a"}
    world.complete(case, "decide", "rescore", variables={"scoring": again})
    assert sorted(task.assignee_id or "" for task in world.todo(case)) == ["a", "c", "d"]
    hand_in(world, case, "a", "c", "d")
    assert world.open(case) == ["conclude"]


def test_a_variable_inside_another_is_reached_and_what_follows_reads_it(world: World, case: Instance) -> None:
    hand_in(world, case, "a", "b", "c")
    reassign(world, case, "a", "d")
    assert world.data(case)["scoring"] == {"members": MEMBERS, "chair": "d"}
    hand_in(world, case, "d")
    assert world.data(case)["scoring"]["chair"] == "d"


def test_an_amended_variable_holds_for_all_that_is_still_to_come(world: World, case: Instance) -> None:
    hand_in(world, case, "a")
    world.write("amend", case.id, "scoring.chair", "b", actor_id="boss", reason="文号")
    hand_in(world, case, "b", "c")
    assert [task.assignee_id for task in world.todo(case)] == ["b"]


def test_a_variable_that_nothing_holds_is_not_amended(world: World, case: Instance) -> None:
    for name in ("nothing", "scoring.nothing", "scoring.chair.name"):
        with pytest.raises(VariableMissing, match=name):
            world.write("amend", case.id, name, "b", actor_id="boss", reason="文号")


def test_a_claim_ends_with_the_reassignment_and_is_told(world: World, case: Instance) -> None:
    task = of(world, case, "b")
    world.write("claim", task.id, "b")
    with pytest.raises(AlreadyClaimed):
        world.write("claim", task.id, "d")
    reassign(world, case, "b", "d")
    assert of(world, case, "d").claimed_by is None
    world.write("claim", task.id, "d")
    with world.read() as session:
        (event,) = [
            each for each in history.of_chain(session, case.id) if each.type == "user_task_reassigned"
        ]
    assert event.actor_id == "boss"
    assert event.element_id == "score"
    assert event.data == {
        "user_task_id": task.id,
        "from": "b",
        "to": "d",
        "reason": "文号",
        "claimed_by": "b",
    }


def test_the_history_still_holds_and_says_the_state_that_there_is(world: World, case: Instance) -> None:
    version = world.instance(case).version
    reassign(world, case, "b", "d")
    world.write("amend", case.id, "scoring.chair", "c", actor_id="boss", reason="文号")
    assert world.instance(case).version == version + 2
    with world.database.write() as session:
        assert history.verify(session) == []
        assert list(audits.broken(session)) == []
        statement = text("UPDATE history_event SET actor_id = 'x' WHERE type = 'user_task_reassigned'")
        session.execute(statement)
        assert [each.reason for each in history.verify(session)] == ["内容被改动。"]


def test_what_is_done_is_not_reassigned(world: World, case: Instance) -> None:
    done = of(world, case, "a")
    hand_in(world, case, "a")
    with pytest.raises(UserTaskClosed):
        world.write("reassign", done.id, "d", actor_id="boss", reason="文号")


def test_a_suspended_instance_is_left_alone(world: World, case: Instance) -> None:
    world.write("suspend", case.id, "admin", "检查")
    with pytest.raises(InstanceSuspended):
        reassign(world, case, "b", "d")
    with pytest.raises(InstanceSuspended):
        world.write("amend", case.id, "scoring.chair", "b", actor_id="boss", reason="文号")


def test_what_belongs_to_an_office_is_not_reassigned(world: World) -> None:
    definition = world.deploy(bpmn(process(start(), user("do"), end(), flows("begin>do", "do>done"))))
    case = world.start(definition["main"])
    with pytest.raises(NotPersonal, match="办理do"):
        world.write("reassign", world.task(case, "do").id, "d", actor_id="boss", reason="文号")


def test_an_assignee_that_is_computed_must_agree(world: World) -> None:
    drawn = user("do", office=None, assignee="stand_in(who)")
    definition = world.deploy(
        bpmn(process(variables("who"), start(), drawn, end(), flows("begin>do", "do>done")))
    )
    case = world.start(definition["main"], who="gone")
    assert [task.assignee_id for task in world.todo(case)] == ["successor"]
    with pytest.raises(NotReassignable):
        reassign(world, case, "successor", "d")
    assert reassign(world, case, "successor", "successor").assignee_id == "successor"
