"""The process engine: every command on an instance, each within the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.clock import Clock
from service.engine.instances import Instance
from service.engine.messages import Message
from service.engine.services import Services
from service.engine.user_tasks import UserTask
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
        raise NotImplementedError

    def claim(self, session: Session, user_task_id: str, person_id: str) -> UserTask:
        """Reserve a user task for a person; AlreadyClaimed names who has it. One's own: nothing changes."""
        raise NotImplementedError

    def unclaim(self, session: Session, user_task_id: str, person_id: str) -> UserTask:
        """Give a claimed user task back to its office."""
        raise NotImplementedError

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
        version: int | None = None,
    ) -> Instance:
        """Complete an open user task and run the instance until it waits again.

        The decision goes into the task data as `decision`. Raises UserTaskClosed (who and when),
        UserTaskWithdrawn, AlreadyClaimed, DeadlinePassed, VersionChanged (when `version` is given and the
        instance has moved since), InstanceSuspended, and whatever the element's effect raises; then nothing
        is saved.
        """
        raise NotImplementedError

    def correlate(
        self,
        session: Session,
        name: str,
        correlation: JSON,
        payload: JSON | None = None,
        source: str | None = None,
    ) -> Message:
        """Throw a message from outside: who waits for this name and correlation, now or later, gets it."""
        raise NotImplementedError

    def deliver(self, session: Session, delivery_id: str) -> None:
        """Hand one message to its instance. One that waits for it no longer leaves it in the inbox."""
        raise NotImplementedError

    def fire(self, session: Session, instance_id: str) -> Instance:
        """Fire the timers of an instance that are due."""
        raise NotImplementedError

    def suspend(self, session: Session, instance_id: str, actor_id: str | None, reason: str) -> Instance:
        """Halt an instance: its commands, timers and deliveries wait until it is resumed."""
        raise NotImplementedError

    def resume(self, session: Session, instance_id: str, actor_id: str | None, reason: str) -> Instance:
        """Let a suspended instance go on; what fell due meanwhile is done by the worker's next step."""
        raise NotImplementedError

    def cancel(self, session: Session, instance_id: str, actor_id: str | None, reason: str) -> Instance:
        """End an instance for good; its user tasks are withdrawn."""
        raise NotImplementedError

    def run_due(self, database: Database, *, limit: int | None = None, strict: bool = False) -> int:
        """A worker's step: every due timer and pending delivery, each in a transaction of its own.

        Any number of workers may run it at once; each job is done once. What fails is logged, kept with its
        error and tried again later, unless `strict`, which raises. At most `limit` jobs are
        run; returns how many were.
        """
        raise NotImplementedError

    def next_due(self, session: Session) -> datetime | None:
        """When the next job is to be run, None when nothing waits; not after now when one is due."""
        raise NotImplementedError
