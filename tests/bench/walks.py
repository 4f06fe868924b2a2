"""The variants: each walks one case along the path, and says how long its completions took."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from service.auth import sessions
from service.domain.objections import Objection
from service.engine.instances import Instance, InstanceStatus
from service.engine.user_tasks import UserTask
from service.store.database import Database
from tests.bench.bare import new_task
from tests.bench.clients import Client
from tests.bench.path import PATH
from tests.bench.world import Bench, Work

Walk = Callable[[], float]


class StockWalk:
    """SpiffWorkflow as it comes, in the process that asks for one walk after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.statements: list[int] = []
        self.state_bytes = 0
        command = [sys.executable, "-m", "tests.bench.stock", str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("walk\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.statements += answer["statements"]
        self.state_bytes = answer["state_bytes"]
        seconds: float = answer["seconds"]
        return seconds

    def close(self) -> None:
        self.process.communicate()


def laurel(bench: Bench, complete: Callable[[Work], None]) -> float:
    """Laurel in this process, by the facade or by the engine's command alone."""
    case = bench.open_case()
    spent = 0.0
    for step in PATH:
        work = bench.next_work(case, step)
        before = bench.statements
        began = time.perf_counter()
        complete(work)
        spent += time.perf_counter() - began
        bench.statements_of[complete.__name__].append(bench.statements - before)
    return spent


class LaurelOverHttp:
    """Laurel's API, each official signed in with a session of its own."""

    def __init__(self, bench: Bench, client: Client) -> None:
        self.bench, self.client = bench, client
        self.tokens: dict[str, str] = {}

    def __call__(self) -> float:
        case = self.bench.open_case()
        spent = 0.0
        for step in PATH:
            work = self.bench.next_work(case, step)
            headers = {"Authorization": f"Bearer {self._token(work.actor.person_id)}"}
            body = {"decision": work.decision, "opinion": work.opinion, "contents": work.contents}
            began = time.perf_counter()
            self.client.post(f"/api/v1/user-tasks/{work.task_id}/complete", body, headers)
            spent += time.perf_counter() - began
        return spent

    def _token(self, person_id: str) -> str:
        if person_id not in self.tokens:
            with self.bench.database.write() as session:
                self.tokens[person_id] = sessions.open_session(
                    session, person_id, self.bench.world.clock.now(), address="127.0.0.1", agent="bench"
                )
        return self.tokens[person_id]


class BareOverHttp:
    """The bare endpoint; its cases are rows like Laurel's, in a database of its own."""

    def __init__(self, bench: Bench, database: Database, client: Client) -> None:
        self.bench, self.database, self.client = bench, database, client
        with database.read() as session:
            self.instance = session.scalars(select(Instance).limit(1)).one()
            self.objection = session.scalars(select(Objection).limit(1)).one()

    def __call__(self) -> float:
        task_id = self._open_case()
        spent = 0.0
        for step in PATH:
            body = {
                "person_id": self.bench.organiser.person_id,
                "decision": step.decision,
                "opinion": step.opinion,
                "contents": self.bench.contents(step),
            }
            began = time.perf_counter()
            task_id = self.client.post(f"/complete/{task_id}", body)["next"]
            spent += time.perf_counter() - began
        return spent

    def _open_case(self) -> str:
        """Copies of an instance and an objection under new ids, and a first user task."""
        instance_id, objection_id = uuid4().hex, uuid4().hex
        with self.database.write() as session:
            old, filed = self.instance, self.objection
            instance = Instance(
                id=instance_id,
                definition_id=old.definition_id,
                business_key=f"objection:{objection_id}",
                version=1,
                status=InstanceStatus.ACTIVE,
                started_at=old.started_at,
                end_elements=[],
                history_seq=0,
                history_hash=old.history_hash,
                state=b"",
            )
            session.add(instance)
            session.add(
                Objection(
                    id=objection_id,
                    number=uuid4().hex,
                    round_id=filed.round_id,
                    application_id=filed.application_id,
                    instance_id=instance_id,
                    anonymous=False,
                    statement=filed.statement,
                    evidence=filed.evidence,
                    files=[],
                    filed_at=filed.filed_at,
                    status="accepted",
                )
            )
            session.flush()
            task: UserTask = new_task(instance, instance.business_key)
            session.add(task)
            return task.id
