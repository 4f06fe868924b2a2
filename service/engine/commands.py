"""One command on one instance: lock, load, settle, act, settle, save; within the caller's transaction."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from service.engine import instances, messages, projections, user_tasks
from service.engine.assignments import assign, assignable, due_at, element_of
from service.engine.definitions import loaded
from service.engine.errors import InstanceStuck, StepFailed
from service.engine.flows import flows_of, passed_ids
from service.engine.history import INSTANCE_STARTED, START_HASH, STATE_DIGEST, SYSTEM, Log, open_logs, record
from service.engine.instances import Instance, InstanceStatus
from service.engine.scripts import Scripts
from service.engine.serializer import dump_state, load_state
from service.engine.services import Context
from service.engine.trees import Workflow
from service.engine.user_tasks import UserTask
from service.engine.workflows import (
    Moves,
    Waiting,
    receive,
    settle,
    thrown,
    waiting,
)
from service.store.database import new_id

if TYPE_CHECKING:
    from service.engine.engine import ProcessEngine

K = TypeVar("K")
V = TypeVar("V")


class Command:
    """A command that runs on an instance whose row it has locked. Use it in a `with` statement.

    `instance` is a snapshot of the row, kept up to date as the command saves; it belongs to no session.
    """

    def __init__(
        self,
        engine: "ProcessEngine",
        session: Session,
        instance: Instance,
        actor_id: str | None,
        *,
        new: bool = False,
    ) -> None:
        self.engine = engine
        self.session = session
        self.instance = instance
        self.actor_id = actor_id
        self.now = engine.clock.now()
        self.connection = session.connection()
        self.log = Log(instance.id, instance.history_seq, instance.history_hash, self.now, actor_id)
        self.moves = Moves()
        self.before = Waiting()
        self.new = new
        self.cancelled = False
        self.loaded = loaded(session, instance.definition_id)
        self.scripts = Scripts(self.loaded, engine.services, self.now, self.context)
        self.workflow: Workflow
        self.user_task: UserTask
        """A snapshot of the user task that the command is on, if it is on one."""

    # The life of a command.

    @classmethod
    def begin(
        cls,
        engine: "ProcessEngine",
        session: Session,
        definition_id: str,
        business_key: str,
        variables: Mapping[str, Any],
        actor_id: str | None,
    ) -> Self:
        """A command on an instance that is only now begun."""
        instance = Instance(
            id=new_id(),
            definition_id=definition_id,
            business_key=business_key,
            version=0,
            status=InstanceStatus.ACTIVE,
            started_at=engine.clock.now(),
            ended_at=None,
            end_elements=[],
            history_seq=0,
            history_hash=START_HASH,
        )
        command = cls(engine, session, instance, actor_id, new=True)
        command.workflow = Workflow(command.loaded.spec, command.loaded.subprocess_specs, command.scripts)
        command.workflow.task_tree.data.update(variables)
        return command

    @classmethod
    def lock(
        cls, engine: "ProcessEngine", session: Session, instance_id: str, actor_id: str | None = None
    ) -> Self:
        """A command on an existing instance, once its row is locked until the transaction ends; NotFound."""
        return cls(engine, session, instances.lock(session.connection(), instance_id), actor_id)

    @classmethod
    def on_user_task(
        cls,
        engine: "ProcessEngine",
        session: Session,
        user_task_id: str,
        person_id: str,
        held: user_tasks.Held | None = None,
    ) -> Self:
        """A command on the instance of a user task, both locked, unless the caller holds them; NotFound."""
        instance, user_task = held or user_tasks.lock(session.connection(), user_task_id)
        command = cls(engine, session, instance, person_id)
        command.user_task = user_task
        return command

    def __enter__(self) -> Self:
        logs = open_logs(self.session)
        if self.instance.id in logs:
            raise RuntimeError(f"a command already runs on instance {self.instance.id}")
        logs[self.instance.id] = self.log
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del open_logs(self.session)[self.instance.id]
        if isinstance(error, SpiffWorkflowException):
            raise _unwrapped(error) from error

    def load(self) -> None:
        """Bring the instance into memory."""
        self.workflow = load_state(
            self.instance.state, self.loaded.spec, self.loaded.subprocess_specs, self.scripts
        )
        self.before = waiting(self.workflow)

    def ready_task(self, user_task_id: str) -> Task | None:
        """The engine's task, if it can be completed. The engine itself would run it in any state."""
        task = self.workflow.find(user_task_id)
        return task if task is not None and task.state == TaskState.READY and task.task_spec.manual else None

    def run(self, task: Task) -> None:
        """Complete a user task; `settle` then does what follows."""
        task.run()
        self.moves.passed.append(task)

    def receive(self, message: messages.Pending) -> bool:
        """Hand over a message; False where no task waits for it."""
        now_waiting = waiting(self.workflow).subscriptions
        taken = False
        for task_id in messages.waiting_tasks(self.connection, self.instance.id, message):
            if (task_id, message.name) in now_waiting:
                receive(*now_waiting[task_id, message.name], message.payload)
                taken = True
        return taken

    def cancel(self, reason: str) -> None:
        """End the instance where it stands."""
        self.workflow.cancel()
        self.cancelled = True
        self.instance.status = InstanceStatus.CANCELLED
        self.log.append("instance_cancelled", {"reason": reason, STATE_DIGEST: self.dump()})

    def dump(self) -> str:
        """Put the state into the row that `save` writes; its SHA-256, for the history."""
        self.instance.state = dump_state(self.workflow)
        return hashlib.sha256(self.instance.state).hexdigest()

    def overdue(self, until: datetime) -> bool:
        """Whether a timer is due by then."""
        return any(due <= until for _, due in self.before.timers.values())

    def settle(self, until: datetime | None = None) -> None:
        """Run the instance until it waits, firing the timers that are due by then; by default, by now."""
        settle(self.workflow, until or self.now, self.moves)

    def context(self, task: Task | None = None) -> Context:
        """What a service, effect, function or assignment is told."""
        return Context(
            session=self.session,
            engine=self.engine,
            now=self.now,
            actor_id=self.actor_id,
            instance=self.instance,
            parameters=self.loaded.parameters,
            element=element_of(self.loaded, task) if task is not None else None,
            log=self.log,
        )

    # Saving.

    def note(self) -> None:
        """Save the instance's status and history; for what does not move it."""
        self.log.write(self.connection)
        self.instance.history_seq, self.instance.history_hash = self.log.seq, self.log.hash
        instances.note(self.connection, self.instance)
        self.expire(Instance, self.instance.id)

    def save(self, completed: str | None = None) -> None:
        """Save state, projections, messages and history. `completed` is the user task that was completed."""
        before, after = self.before, waiting(self.workflow)
        withdrawn = [gone for gone in before.user_tasks if gone not in after.user_tasks and gone != completed]
        gone_timers = [gone for gone in before.timers if gone not in after.timers]
        gone_subscriptions = [gone for gone in before.subscriptions if gone not in after.subscriptions]

        self._log_moves(withdrawn)
        new_user_tasks = [self._user_task(task) for task in _added(before.user_tasks, after.user_tasks)]
        new_timers = [
            projections.timer(self.instance, *found) for found in _added(before.timers, after.timers)
        ]
        new_subscriptions = [
            projections.subscription(self.instance, *found)
            for found in _added(before.subscriptions, after.subscriptions)
        ]
        message_ids = self._throw()
        self._end_if_completed()
        if after.is_nothing and self.instance.ended_at is None:
            raise InstanceStuck(_title(self.moves.passed))

        self._write_instance()
        self.log.write(self.connection)
        projections.withdraw(self.connection, withdrawn, self.now)
        projections.remove(self.connection, gone_timers, gone_subscriptions)
        projections.add(self.connection, new_user_tasks, new_timers, new_subscriptions)
        if new_subscriptions:
            messages.search_inbox(self.connection, self.instance.id, self.now)
        for message_id in message_ids:
            messages.expand(self.connection, message_id, self.now)
        if self.instance.ended_at is not None:
            projections.drop_pending(self.connection, self.instance.id)
        self.expire(Instance, self.instance.id)
        for closed in (*withdrawn, completed):
            if closed is not None:
                self.expire(UserTask, closed)
        self.before = after
        self.moves = Moves()

    def _log_moves(self, withdrawn: list[str]) -> None:
        for task, due in self.moves.fired:
            self.log.append("timer_fired", {"due_at": due.isoformat()}, task.task_spec.bpmn_id)
        ids = passed_ids(self.moves.passed, flows_of(self.session, self.instance.definition_id))
        if ids or not self.cancelled:
            self.log.append("elements_passed", {"ids": ids, STATE_DIGEST: self.dump()})
        for gone in withdrawn:
            element_id = self.before.user_tasks[gone].task_spec.bpmn_id
            self.log.append("user_task_withdrawn", {"user_task_id": gone}, element_id)

    def _user_task(self, task: Task) -> projections.Row:
        drawn = element_of(self.loaded, task)
        assert drawn is not None, "every user task is drawn"
        element = assignable(self.loaded, task, drawn)
        given = assign(self.context(task), self.scripts, element, task.data)
        self.log.append("user_task_created", {"user_task_id": task.id}, element.id)
        due = due_at(self.scripts, element, task.data)
        return projections.user_task(self.instance, task, element, given, due, self.now)

    def _throw(self) -> list[str]:
        """Write the messages that the instance has thrown."""
        message_ids = []
        for event in self.workflow.get_events():
            correlation, payload = thrown(self.scripts, event)
            name = event.event_definition.name
            row = messages.throw(self.connection, name, correlation, payload, self.instance.id, self.now)
            self.log.append("message_sent", {"message_id": row["id"], "name": name})
            message_ids.append(row["id"])
        return message_ids

    def _end_if_completed(self) -> None:
        if self.workflow.completed and self.instance.ended_at is None:
            self.instance.end_elements = self.workflow.end_events()
            if self.instance.status == InstanceStatus.ACTIVE:
                self.instance.status = InstanceStatus.COMPLETED
                self.log.append("instance_completed", {"end_elements": self.instance.end_elements})
            self.instance.ended_at = self.now

    def _write_instance(self) -> None:
        instance = self.instance
        instance.version += 1
        seen = instance.history_seq
        instance.history_seq, instance.history_hash = self.log.seq, self.log.hash
        if self.new:
            instances.add(self.connection, instance)
            data = {"instance_id": instance.id, "definition_id": instance.definition_id}
            record(self.session, SYSTEM, INSTANCE_STARTED, self.now, actor_id=self.actor_id, data=data)
            self.new = False
        else:
            instances.move(self.connection, instance, seen)

    def expire(self, model: type[Instance] | type[UserTask], id_: str) -> None:
        """Let an object that the caller has loaded be read again: the row was written past it."""
        found = self.session.identity_map.get(identity_key(model, id_))
        if found is not None:
            self.session.expire(found)


def _added(before: Mapping[K, V], after: Mapping[K, V]) -> list[V]:
    return [value for key, value in after.items() if key not in before]


def _title(passed: list[Task]) -> str:
    """The last drawn element that was passed."""
    drawn = [task.task_spec for task in passed if task.task_spec.bpmn_id is not None]
    return (drawn[-1].bpmn_name or drawn[-1].bpmn_id) if drawn else "?"


def _unwrapped(error: SpiffWorkflowException) -> Exception:
    """What went wrong by its own name: SpiffWorkflow wraps what services and rules raise."""
    inner: BaseException | None = error
    while isinstance(inner, SpiffWorkflowException):
        inner = inner.__cause__
    if isinstance(inner, Exception):
        return inner
    spec = getattr(error, "task_spec", None)
    return StepFailed(getattr(spec, "bpmn_name", None) or getattr(spec, "name", "?"), str(error).rstrip(". "))
