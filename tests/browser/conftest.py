"""The demo as `make run` serves it, and people who work in it with a real Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect

from service.cli.demos import PASSWORD
from service.clock import SHANGHAI
from service.config import Config
from service.domain import access, forms, people, user_tasks
from service.domain.demo_clocks import DemoClock
from service.store.database import Database

START_SECONDS = 60
PATIENCE_SECONDS = 15
"""As long as a deadline's work, which the scheduler does in the background, may take."""


class Demo:
    """The served demo: its address, and its database for what a test has to know of the forms."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.judged: set[str] = set()
        self.database = Database(Config(data_folder=folder).database_url)

    def person_id(self, login: str) -> str:
        with self.database.read() as session:
            person = people.by_login(session, login)
            assert person is not None
            return person.id

    def now(self) -> datetime:
        """By the demo's clock."""
        return DemoClock(self.database).now()

    def samples(self, login: str, task_id: str, given: dict[str, Any]) -> dict[str, tuple[int, Any]]:
        """Valid content for each form that a task fills in: form key → (version of the draft, content)."""
        now = self.now()
        with self.database.read() as session:
            actor = access.actor(session, self.person_id(login), now)
            view = user_tasks.view(session, actor, task_id)
            return {
                form.key: (
                    form.version,
                    {
                        **form.content,
                        **forms.sample(
                            form.compiled,
                            2018,
                            given.get(form.key, {}),
                            on=now.astimezone(SHANGHAI).date(),
                        ),
                    },
                )
                for form in view.forms
                if form.editable
            }


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`laurel init --demo` and `laurel serve` in a fresh data folder."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"LAUREL_DATA": str(folder), "LAUREL_PORT": str(port)}
    laurel = [sys.executable, "-c", "from service.cli import main; main()"]
    subprocess.run([*laurel, "init", "--demo"], env=environment, check=True, capture_output=True)
    log = folder.parent / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen([*laurel, "serve"], env=environment, stdout=output, stderr=output)
        try:
            demo = Demo(folder, port)
            _wait_for(demo.address, server, log)
            yield demo
        finally:
            server.terminate()
            server.wait(30)
            demo.database.dispose()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


class Caller:
    """Somebody who works through the API, by a bearer token."""

    def __init__(self, demo: Demo, login: str, request: APIRequestContext) -> None:
        self.demo = demo
        self.login = login
        self.request = request
        self.headers: dict[str, str] = {}
        credentials = {"login": login, "password": PASSWORD}
        token = self._send("POST", "/session", credentials)["token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def do(self, task: str, decision: str, given: dict[str, Any]) -> None:
        """One task, its forms' contents handed in with the decision."""
        rows = self._send("GET", "/user-tasks")["rows"]
        task_id = next(row["id"] for row in rows if row["name"] == task)
        contents = {
            key: content for key, (_, content) in self.demo.samples(self.login, task_id, given).items()
        }
        completion = {"decision": decision, "contents": contents}
        self._send("POST", f"/user-tasks/{task_id}/complete", completion)

    def _send(self, method: str, path: str, data: Any = None) -> Any:
        address = f"{self.demo.address}/api/v1{path}"
        answer = self.request.fetch(address, method=method, headers=self.headers, data=data)
        assert answer.ok, answer.text()
        return answer.json()


class Worker:
    """Somebody signed in, in a browser context of their own; every page that is left is judged by axe."""

    def __init__(self, demo: Demo, login: str, page: Page, axe: Callable[[Page], list[str]]) -> None:
        self.demo = demo
        self.login = login
        self.page = page
        self.axe = axe
        self.open("/sign-in")
        page.get_by_label("账号").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="退出").wait_for()

    def open(self, path: str) -> None:
        self.page.goto(self.demo.address + path)

    def judge(self) -> None:
        """No WCAG A or AA violation on this page; one that was judged under the same heading is not again."""
        if (title := self.page.title()) not in self.demo.judged:
            assert self.axe(self.page) == [], self.page.url
            self.demo.judged.add(title)

    def open_task(self, name: str) -> str:
        """Open a task of 2018 from 待办, once the background has brought it there; its id."""
        task = (
            self.page.get_by_role("row")
            .filter(has_not_text="2022年度")
            .get_by_role("link", name=name, exact=True)
        )
        end = time.monotonic() + PATIENCE_SECONDS
        self.open("/user-tasks")
        while not task.count() and time.monotonic() < end:
            self.page.reload()
        task.first.click()
        self.page.get_by_role("heading", level=1, name=name).wait_for()
        self.wait_for_islands()
        return self.page.url.rsplit("/", 1)[1]

    def wait_for_islands(self) -> None:
        if self.page.locator("[data-form]").count():
            expect(self.page.locator("html")).to_have_attribute("data-forms", "ready")
        expect(self.page.locator("[data-diagram]:not([data-ready])")).to_have_count(0)

    def fill(self, task_id: str, given: dict[str, Any]) -> None:
        """Fill the task's forms by their drafts, as their islands save them, and look at the page again."""
        samples = self.demo.samples(self.login, task_id, given)
        token = self.page.locator("#complete input[name=csrf_token]").input_value()
        for key, (version, content) in samples.items():
            saved = self.page.request.put(
                f"{self.demo.address}/api/v1/user-tasks/{task_id}/drafts/{key}",
                headers={"X-CSRF-Token": token},
                data={"content": content, "version": version},
            )
            assert saved.ok, saved.text()
        if samples:
            self.page.reload()
            self.wait_for_islands()

    def hand_in(self, decision: str, opinion: str = "同意。") -> None:
        """Choose a decision by its label, write the opinion, hand in, and see that it is done."""
        self.page.get_by_role("radio", name=decision, exact=True).check()
        if self.page.get_by_label("意见", exact=True).count():
            self.page.get_by_label("意见", exact=True).fill(opinion)
        self.judge()
        self.page.locator("#complete button[type=submit]").click()
        self.page.get_by_text("已办结。").wait_for()

    def do(self, task: str, decision: str, given: dict[str, Any] | None = None) -> None:
        """One task from 待办 to 已办."""
        task_id = self.open_task(task)
        self.fill(task_id, given or {})
        self.hand_in(decision)


@pytest.fixture
def sign_in(
    demo: Demo, new_context: Callable[..., BrowserContext], axe: Callable[[Page], list[str]]
) -> Callable[[str], Worker]:
    """`sign_in("yuhang")`: that account in a browser of its own."""
    workers: dict[str, Worker] = {}

    def open_for(login: str) -> Worker:
        if login not in workers:
            workers[login] = Worker(demo, login, new_context().new_page(), axe)
        return workers[login]

    return open_for
