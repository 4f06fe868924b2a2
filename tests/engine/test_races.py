"""Two officials at one user task, over and over: one wins, the other reads who did it and when."""

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from service.engine import history
from service.engine.errors import AlreadyClaimed, EngineError, UserTaskClosed
from service.engine.instances import Instance
from service.engine.user_tasks import UserTask
from tests.databases import until_blocked
from tests.engine.engines import World
from tests.engine.processes import bpmn, end, flows, gateway, process, start, user

RACES = 1_000
LOOP = bpmn(
    process(
        start(),
        user("review", "again", "agree"),
        gateway("judged", default="done"),
        end(),
        flows("begin>review", "review>judged", 'judged>review[decision == "again"]', "judged>done"),
    )
)


class Officials:
    """Two people in threads of their own, each with a connection, who set out at the same moment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.barrier = Barrier(2)
        self.outcomes: dict[str, list[EngineError | None]] = {"wang": [], "li": []}
        self.crashes: list[BaseException] = []

    def race(self, rounds: list[list[tuple[str, str, dict[str, Any]]]]) -> None:
        """Of each round both try all commands: (command, user task, options)."""
        threads = [Thread(target=self._run, args=(name, rounds)) for name in self.outcomes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.crashes == []

    def _run(self, name: str, rounds: list[list[tuple[str, str, dict[str, Any]]]]) -> None:
        try:
            for commands in rounds:
                self.barrier.wait(60)
                self.outcomes[name].append(self._try(name, commands))
        except BaseException as error:
            self.crashes.append(error)
            self.barrier.abort()

    def _try(self, name: str, commands: list[tuple[str, str, dict[str, Any]]]) -> EngineError | None:
        try:
            for command, user_task_id, options in commands:
                self.world.write(command, user_task_id, person_id=name, **options)
        except EngineError as error:
            return error
        return None


@pytest.fixture
def world(database_url: str) -> Any:
    world = World(database_url)
    yield world
    world.database.dispose()


def test_of_two_who_complete_one_user_task_one_wins_and_the_other_reads_who(world: World) -> None:
    definition = world.deploy(LOOP)["main"]
    cases = [world.start(definition, f"case:{number}") for number in range(RACES)]
    tasks = open_tasks(world)
    officials = Officials(world)
    officials.race(
        # Every other one is claimed before it is completed.
        [
            [("claim", tasks[case.id], {})] * (number % 2)
            + [("complete", tasks[case.id], {"decision": "again"})]
            for number, case in enumerate(cases)
        ]
    )

    wins = {"wang": 0, "li": 0}
    for wang, li in zip(*officials.outcomes.values(), strict=True):
        assert (wang is None) != (li is None), "exactly one wins"
        winner, refusal = ("wang", li) if wang is None else ("li", wang)
        wins[winner] += 1
        assert isinstance(refusal, UserTaskClosed | AlreadyClaimed)
        assert refusal.who == winner
        assert refusal.when == world.clock.now()
    assert sum(wins.values()) == RACES
    with world.read() as session:
        assert history.verify(session) == []
        assert session.scalar(select(func.count()).select_from(UserTask)) == 2 * RACES
        assert set(session.scalars(select(Instance.version))) == {2}


def test_two_who_complete_two_user_tasks_of_one_instance_both_win(world: World) -> None:
    parts = (
        start(),
        gateway("split", "parallel"),
        user("left"),
        user("right"),
        gateway("join", "parallel"),
        end(),
        flows("begin>split", "split>left", "split>right", "left>join", "right>join", "join>done"),
    )
    definition = world.deploy(bpmn(process(*parts)))["main"]
    cases = start_many(world, definition, 50)
    barrier = Barrier(2)
    crashes: list[BaseException] = []

    def run(element_id: str) -> None:
        try:
            mine = [world.task(case, element_id).id for case in cases]
            for user_task_id in mine:
                barrier.wait(60)
                world.write("complete", user_task_id, person_id=element_id)
        except BaseException as error:
            crashes.append(error)
            barrier.abort()

    threads = [Thread(target=run, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert crashes == []
    assert {world.instance(case).status for case in cases} == {"completed"}
    with world.read() as session:
        assert history.verify(session) == []


def test_who_waits_for_an_instance_holds_no_lock_of_its_user_tasks(postgresql_url: str) -> None:
    world = World(postgresql_url)
    (case,) = start_many(world, world.deploy(LOOP)["main"], 1)
    review = world.task(case, "review")
    with world.database.write() as first:
        first.execute(select(Instance.id).where(Instance.id == case.id).with_for_update())
        waiting = Thread(
            target=world.write, args=("complete", review.id), kwargs={"person_id": "li", "decision": "agree"}
        )
        waiting.start()
        until_blocked(first)
        free = select(UserTask.id).where(UserTask.id == review.id).with_for_update(nowait=True)
        assert first.scalar(free) == review.id
    waiting.join()
    assert world.instance(case).status == "completed"
    world.database.dispose()


def start_many(world: World, definition_id: str, number: int) -> list[Instance]:
    """Instances begun in one transaction."""
    with world.database.write() as session:
        return [
            world.engine.start(session, definition_id, business_key=f"case:{count}", variables={})
            for count in range(number)
        ]


def open_tasks(world: World) -> dict[str, str]:
    """Instance id → id of its open user task."""
    with world.read() as session:
        query = select(UserTask.instance_id, UserTask.id).where(UserTask.status == "open")
        return {row.instance_id: row.id for row in session.execute(query)}
