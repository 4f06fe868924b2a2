"""An engine on a database with a clock that the test moves, for the tests of commands."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.clock import VirtualClock
from service.engine import definitions, history, instances, user_tasks
from service.engine.commands import Command
from service.engine.engine import ProcessEngine
from service.engine.instances import Instance
from service.engine.messages import Subscription
from service.engine.packages import Package
from service.engine.services import Services
from service.engine.timers import Timer
from service.engine.user_tasks import UserTask
from service.store.database import Database

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class World:
    """A database, a clock, an engine, and short words for what tests do with them."""

    def __init__(self, database_url: str, services: Services | None = None) -> None:
        self.database = Database(database_url)
        self.clock = VirtualClock(START)
        self.services = services or Services()
        self.engine = ProcessEngine(self.clock, self.services)

    def deploy(
        self,
        *files: bytes,
        parameters: Mapping[str, Any] | None = None,
        lanes: Mapping[str, Mapping[str, str]] | None = None,
        dmn: Mapping[str, bytes] | None = None,
    ) -> dict[str, str]:
        """Process id → definition id."""
        bpmn = {f"file{number}.bpmn": content for number, content in enumerate(files)}
        package = Package(bpmn=bpmn, dmn=dmn or {}, parameters=parameters or {}, lanes=lanes or {})
        with self.database.write() as session:
            return definitions.deploy(session, package, self.clock.now())

    def start(self, definition_id: str, business_key: str = "case:1", **variables: Any) -> Instance:
        with self.database.write() as session:
            return self.engine.start(session, definition_id, business_key=business_key, variables=variables)

    def todo(self, instance: Instance) -> list[UserTask]:
        """The open user tasks of an instance."""
        with self.database.read() as session:
            found = user_tasks.of_instance(session, instance.id)
        return [user_task for user_task in found if user_task.status == "open"]

    def open(self, instance: Instance) -> list[str]:
        """The elements of its open user tasks."""
        return sorted(user_task.element_id for user_task in self.todo(instance))

    def task(self, instance: Instance, element_id: str) -> UserTask:
        """Its open user task of this element."""
        return next(user_task for user_task in self.todo(instance) if user_task.element_id == element_id)

    def complete(
        self,
        instance: Instance,
        element_id: str,
        decision: str | None = None,
        person: str = "li",
        **more: Any,
    ) -> Instance:
        """Complete its open user task of this element."""
        user_task = self.task(instance, element_id)
        with self.database.write() as session:
            return self.engine.complete(session, user_task.id, person_id=person, decision=decision, **more)

    def data(self, instance: Instance) -> dict[str, Any]:
        """The data that the one open user task of an instance would be done with."""
        (user_task,) = self.todo(instance)
        with (
            self.database.write() as session,
            Command.lock(self.engine, session, instance.id) as command,
        ):
            command.load()
            task = command.ready_task(user_task.id)
            assert task is not None
            return dict(task.data)

    def instance(self, instance: Instance) -> Instance:
        """The instance as the database has it now."""
        with self.database.read() as session:
            return instances.get(session, instance.id)

    def work(self) -> int:
        """A worker's step, in which nothing may fail."""
        return self.engine.run_due(self.database, strict=True)

    def write(self, command: str, *arguments: Any, **options: Any) -> Any:
        """Run a command of the engine in a transaction of its own."""
        with self.database.write() as session:
            return getattr(self.engine, command)(session, *arguments, **options)

    def read(self) -> Session:
        """A session for looking."""
        return Session(self.database.engine)

    def snapshot(self) -> list[Any]:
        """All that the engine keeps, for asking whether anything was saved."""
        with self.read() as session:
            tables = (Instance, UserTask, Timer, Subscription, history.HistoryEvent)
            return [session.execute(select(*model.__table__.c)).all() for model in tables]
