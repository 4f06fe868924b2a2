"""The variants: each walks one case along a path, and says how many seconds its completions took."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path as File
from uuid import uuid4

from service.auth import sessions
from service.store.database import Database
from tests.bench.clients import Client
from tests.bench.paths import Path
from tests.bench.recordings import Recording
from tests.bench.world import Bench

Walk = Callable[[Path], float]


class StockWalk:
    """SpiffWorkflow as it comes, in a process that is asked for one walk after the other."""

    def __init__(self, folder: File) -> None:
        self.statements = self.state = 0  # of the last walk
        command = [sys.executable, "-m", "tests.bench.stock", str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, path: Path) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(path.process, file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        self.statements, self.state = answer["statements"], answer["state"]
        return float(answer["seconds"])

    def close(self) -> None:
        self.process.communicate()


class LaurelWalk:
    """Laurel in this process, by the facade that its pages use."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.case = ""  # the last one

    def __call__(self, path: Path) -> float:
        self.case = self.bench.open_case(path)
        spent = 0.0
        for step in path.steps:
            work = self.bench.next_work(self.case, step)
            began = time.perf_counter()
            self.bench.complete(work)
            spent += time.perf_counter() - began
        return spent


class LaurelOverHttp:
    """Laurel's API, each official signed in with a session of its own."""

    def __init__(self, bench: Bench, client: Client) -> None:
        self.bench, self.client = bench, client
        self.tokens: dict[str, str] = {}

    def __call__(self, path: Path) -> float:
        case = self.bench.open_case(path)
        spent = 0.0
        for step in path.steps:
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
    """The bare endpoint, which is sent the same bodies."""

    def __init__(
        self, bench: Bench, database: Database, recordings: dict[str, Recording], client: Client
    ) -> None:
        self.bench, self.database, self.recordings, self.client = bench, database, recordings, client

    def __call__(self, path: Path) -> float:
        case, recording = uuid4().hex, self.recordings[path.process]
        with self.database.write() as session:
            recording.open(session.connection(), case)
        spent = 0.0
        for number, step in enumerate(path.steps):
            contents = {form: self.bench.contents[form] for form in step.forms}
            body = {"decision": step.decision, "opinion": step.opinion, "contents": contents}
            began = time.perf_counter()
            self.client.post(f"/{path.process}/{case}/{number}/complete", body)
            spent += time.perf_counter() - began
        return spent
