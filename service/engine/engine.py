"""The process engine: every command on an instance, each within the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.clock import Clock
from service.engine import jobs, messages, projections, reassignments, seals, user_tasks
from service.engine.commands import Command
from service.engine.data import storable_mapping
from service.engine.errors import (
    AlreadyClaimed,
    DeadlinePassed,
    DecisionMissing,
    DecisionUnknown,
    EffectUnknown,
    InstanceEnded,
    InstanceSuspended,
    NotClaimed,
    NothingClaimed,
    NotSuspended,
    UserTaskClosed,
    VersionChanged,
)
from service.engine.history import INSTANCE_STARTED, SYSTEM, record
from service.engine.instances import Instance, InstanceStatus
from service.engine.messages import Message
from service.engine.services import Completion, Services
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database

JSON = Mapping[str, Any]


class ProcessEngine:
    """Runs instances. It holds no state of its own: one engine may serve any number of threads."""

    def __init__(self, clock: Clock, services: Services) -> None:
        self.clock = clock
        self.services = services

    def start(
        self,
        session: Session,
        definition_id: str,
        *,
        business_key: str,
        variables: JSON,
        actor_id: str | None = None,
    ) -> Instance:
        """Start an instance with these variables and run it until it waits."""
        kept = storable_mapping(variables)
        with Command.begin(self, session, definition_id, business_key, kept, actor_id) as command:
            facts = {"definition_id": definition_id, "business_key": business_key}
            command.log.append(INSTANCE_STARTED, facts)
            command.settle()
            command.save()
            return command.instance

    # User tasks.

    def claim(self, session: Session, user_task_id: str, person_id: str) -> UserTask:
        """Reserve a user task for a person; AlreadyClaimed names who has it. One's own: nothing changes."""
        with Command.on_user_task(self, session, user_task_id, person_id) as command:
            user_task = _workable(command, person_id)
            if user_task.claimed_by is None:
                _set_claim(command, user_task, person_id, command.now)
                command.log.append("user_task_claimed", {"user_task_id": user_task_id}, user_task.element_id)
                command.note()
            return user_task

    def unclaim(self, session: Session, user_task_id: str, person_id: str) -> UserTask:
        """Give one's claimed user task back to its office; NotClaimed, AlreadyClaimed if another has it."""
        with Command.on_user_task(self, session, user_task_id, person_id) as command:
            user_task = _workable(command, person_id)
            if user_task.claimed_by is None:
                raise NotClaimed(user_task.name)
            _set_claim(command, user_task, None, None)
            command.log.append("user_task_unclaimed", {"user_task_id": user_task_id}, user_task.element_id)
            command.note()
            return user_task

    def lapse_claim(self, session: Session, user_task_id: str, person_id: str) -> UserTask:
        """Put an end to a claim whose holder may no longer work on it, which is the caller's to judge.

        `person_id` is who comes upon it and goes on with the work.
        """
        with Command.on_user_task(self, session, user_task_id, person_id) as command:
            user_task = command.user_task
            data = {"user_task_id": user_task_id, "claimed_by": user_task.claimed_by}
            _set_claim(command, user_task, None, None)
            command.log.append("user_task_claim_lapsed", data, user_task.element_id)
            command.note()
            return user_task

    def release_claim(self, session: Session, user_task_id: str, person_id: str) -> UserTask:
        """End another's claim, which is for the caller to judge; NothingClaimed when nobody has it.

        Whose claim it was stays with the user task until somebody claims it again.
        """
        with Command.on_user_task(self, session, user_task_id, person_id) as command:
            user_task = command.user_task
            if user_task.status != UserTaskStatus.OPEN or user_task.claimed_by is None:
                raise NothingClaimed(user_task.name)
            former = user_task.claimed_by
            _set_claim(command, user_task, None, None, former)
            data = {"user_task_id": user_task_id, "claimed_by": former}
            command.log.append("user_task_claim_released", data, user_task.element_id)
            command.note()
            return user_task

    def reassign(
        self, session: Session, user_task_id: str, person_id: str, *, actor_id: str, reason: str
    ) -> UserTask:
        """Give an open user task that is one person's to another person; a claim on it ends.

        Raises UserTaskClosed, UserTaskWithdrawn, InstanceSuspended, and what `reassignments.reassign` does.
        """
        with Command.on_user_task(self, session, user_task_id, actor_id) as command:
            _require_open(command)
            return reassignments.reassign(command, person_id, reason)

    def complete(
        self,
        session: Session,
        user_task_id: str,
        *,
        person_id: str,
        decision: str | None = None,
        variables: JSON | None = None,
        opinion_id: str | None = None,
        forms: Mapping[str, str] | None = None,
        content: Mapping[str, JSON] | None = None,
        sealed: seals.Seals | None = None,
        version: int | None = None,
        held: user_tasks.Held | None = None,
    ) -> Instance:
        """Complete an open user task and run the instance until it waits again.

        The decision goes into the task data as `decision`. `sealed` are the seals of the opinion and the
        submissions, for the history. `held` saves the reading of what the caller
        has locked, and not written to since. Raises UserTaskClosed (who and when),
        UserTaskWithdrawn, AlreadyClaimed, DeadlinePassed, VersionChanged (when `version` is given and the
        instance has moved since), InstanceSuspended, and whatever the element's effect raises; then nothing
        is saved.
        """
        with Command.on_user_task(self, session, user_task_id, person_id, held) as command:
            user_task = _workable(command, person_id)
            if version is not None and version != command.instance.version:
                raise VersionChanged(version, command.instance.version)
            _require_decision(user_task, decision)
            command.load()
            if command.overdue(command.now):
                command.settle()
            task = command.ready_task(user_task_id)
            if task is None:
                raise DeadlinePassed(user_task.name)
            completion = Completion(user_task, decision, person_id, opinion_id, forms or {}, content or {})
            facts = _facts(completion) | ({seals.KEY: sealed} if sealed else {})
            command.log.append("user_task_completed", facts, user_task.element_id)
            task.data.update(storable_mapping(variables or {}))
            if decision is not None:
                task.data["decision"] = decision
            context = command.context(task)
            effect = context.element.properties.get("effect") if context.element else None
            if effect:
                if effect not in self.services.effects:
                    raise EffectUnknown(user_task.name, effect)
                task.data.update(storable_mapping(self.services.effects[effect](context, completion) or {}))
            projections.complete(
                command.connection, user_task_id, person_id, decision, opinion_id, command.now
            )
            command.run(task)
            command.settle()
            command.save(completed=user_task_id)
            return command.instance

    # Messages and timers.

    def correlate(
        self,
        session: Session,
        name: str,
        correlation: JSON,
        payload: JSON | None = None,
        source: str | None = None,
    ) -> Message:
        """Throw a message from outside: who waits for this name and correlation, now or later, gets it."""
        now, connection = self.clock.now(), session.connection()
        row = messages.throw(connection, name, correlation, payload or {}, source, now)
        messages.expand(connection, row["id"], now)
        record(session, SYSTEM, "message_sent", now, data={"message_id": row["id"], "name": name})
        return Message(**row)

    def deliver(self, session: Session, delivery_id: str) -> None:
        """Hand one message to its instance. One that waits for it no longer leaves it in the inbox."""
        instance_id = messages.receiver(session.connection(), delivery_id)
        with Command.lock(self, session, instance_id) as command:
            pending = messages.pending(command.connection, delivery_id)
            if pending is None:
                return  # Another worker was first.
            if command.instance.status == InstanceStatus.SUSPENDED:
                raise InstanceSuspended
            command.load()
            if command.overdue(pending.since):  # What was due before the message came happens before it.
                command.settle(pending.since)
            if not command.receive(pending):
                messages.put_back(command.connection, delivery_id)
            else:
                messages.tick_off(command.connection, delivery_id, command.now)
                data = {"message_id": pending.message_id, "name": pending.name}
                command.log.append("message_received", data)
                command.settle()
            if command.moves.passed:
                command.save()

    def fire(self, session: Session, instance_id: str) -> Instance:
        """Fire the timers of an instance that are due."""
        with Command.lock(self, session, instance_id) as command:
            _require_active(command.instance)
            command.load()
            if command.overdue(command.now):
                command.settle()
                command.save()
            return command.instance

    # Instances.

    def suspend(self, session: Session, instance_id: str, actor_id: str | None, reason: str) -> Instance:
        """Halt an instance: its commands, timers and deliveries wait until it is resumed."""
        with Command.lock(self, session, instance_id, actor_id) as command:
            _require_active(command.instance)
            command.instance.status = InstanceStatus.SUSPENDED
            command.log.append("instance_suspended", {"reason": reason})
            command.note()
            return command.instance

    def resume(self, session: Session, instance_id: str, actor_id: str | None, reason: str) -> Instance:
        """Let a suspended instance go on; what fell due meanwhile is done by the worker's next step."""
        with Command.lock(self, session, instance_id, actor_id) as command:
            if command.instance.status != InstanceStatus.SUSPENDED:
                raise NotSuspended
            command.instance.status = InstanceStatus.ACTIVE
            command.log.append("instance_resumed", {"reason": reason})
            command.note()
            return command.instance

    def cancel(self, session: Session, instance_id: str, actor_id: str | None, reason: str) -> Instance:
        """End an instance for good, a suspended one too; its user tasks are withdrawn."""
        with Command.lock(self, session, instance_id, actor_id) as command:
            if command.instance.ended_at is not None:
                raise InstanceEnded
            command.load()
            command.cancel(reason)
            command.save()
            return command.instance

    def amend(
        self,
        session: Session,
        instance_id: str,
        variable: str,
        value: Any,
        *,
        actor_id: str | None,
        reason: str,
    ) -> Instance:
        """Change a variable of a running instance for what it is still to do; VariableMissing."""
        with Command.lock(self, session, instance_id, actor_id) as command:
            _require_active(command.instance)
            reassignments.amend(command, variable, value, reason)
            return command.instance

    # What is due.

    def run_due(self, database: Database, *, limit: int | None = None, strict: bool = False) -> int:
        """A worker's step: every due timer and pending delivery, each in a transaction of its own.

        Any number of workers may run it at once; each job is done once. What fails is logged, kept with its
        error and tried again later, unless `strict`, which raises. At most `limit` jobs are run; returns how
        many were.
        """
        return jobs.run(self, database, limit, strict)

    def next_due(self, session: Session) -> datetime | None:
        """When the next job is to be run, None when nothing waits; not after now when one is due."""
        return jobs.next_at(session)


def _workable(command: Command, person_id: str) -> UserTask:
    """The command's user task, once it is clear that this person may work on it now."""
    user_task = _require_open(command)
    if user_task.claimed_by not in (None, person_id):
        raise AlreadyClaimed(user_task.name, user_task.claimed_by, user_task.claimed_at)
    return user_task


def _require_open(command: Command) -> UserTask:
    """The command's user task, once it is clear that it is still to be done."""
    user_task = command.user_task
    if user_task.status == UserTaskStatus.COMPLETED:
        label = user_task.decisions.get(user_task.decision or "", user_task.decision)
        raise UserTaskClosed(user_task.name, user_task.completed_by, user_task.completed_at, label)
    if user_task.status == UserTaskStatus.WITHDRAWN:
        raise user_tasks.withdrawn(user_task)
    _require_active(command.instance)
    return user_task


def _require_active(instance: Instance) -> None:
    if instance.status == InstanceStatus.SUSPENDED:
        raise InstanceSuspended
    if instance.status != InstanceStatus.ACTIVE:
        raise InstanceEnded


def _require_decision(user_task: UserTask, decision: str | None) -> None:
    choices = "".join(f"“{label}”" for label in user_task.decisions.values())
    if decision is None and user_task.decisions:
        raise DecisionMissing(choices)
    if decision is not None and decision not in user_task.decisions:
        raise DecisionUnknown(user_task.name, decision, choices)


def _set_claim(
    command: Command,
    user_task: UserTask,
    person_id: str | None,
    claimed_at: datetime | None,
    former: str | None = None,
) -> None:
    user_task.claimed_by, user_task.claimed_at, user_task.released_from = person_id, claimed_at, former
    projections.claim(command.connection, user_task.id, person_id, claimed_at, former)
    command.expire(UserTask, user_task.id)


def _facts(completion: Completion) -> dict[str, Any]:
    """What the history keeps of a completion: ids only."""
    facts: dict[str, Any] = {"user_task_id": completion.user_task.id}
    if completion.decision is not None:
        facts["decision"] = completion.decision
    if completion.opinion_id is not None:
        facts["opinion_id"] = completion.opinion_id
    if completion.forms:
        facts["forms"] = dict(completion.forms)
    return facts
