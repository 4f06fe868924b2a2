"""What is due: timers and deliveries, taken up one by one by any number of workers, each job once."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import structlog
from sqlalchemy import bindparam, case, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from service.engine import messages
from service.engine.instances import Instance, InstanceStatus
from service.engine.messages import Delivery, DeliveryStatus, Message
from service.engine.timers import Timer
from service.store.database import Database

if TYPE_CHECKING:
    from service.engine.engine import ProcessEngine

BATCH = 200
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
ERROR_LENGTH = 1_000

log = structlog.get_logger(__name__)


class Kind(StrEnum):
    TIMERS = "timers"
    DELIVERY = "delivery"


class Job(NamedTuple):
    """The due timers of one instance, or one delivery to it."""

    kind: str
    id: str
    """The instance's id, or the delivery's."""
    instance_id: str
    run_at: datetime


class FailedJob(NamedTuple):
    """A job that failed when it was last tried, and will be tried again."""

    kind: str
    id: str
    instance_id: str
    name: str
    """The id of the timer's element, or the message's name."""
    since: datetime
    """When it was due, or sent."""
    run_at: datetime
    failures: int
    error: str
    business_key: str
    definition_id: str


def run(engine: "ProcessEngine", database: Database, limit: int | None, strict: bool) -> int:
    """Run what is due, earliest first, and what follows from it; returns how many jobs were done."""
    done = 0
    while limit is None or done < limit:
        with database.read() as session:
            batch = BATCH if limit is None else min(BATCH, limit - done)
            due = _due(session, engine.clock.now(), batch)
        ran = sum(_attempt(engine, database, job, strict) for job in due)
        done += ran
        if not ran and (limit is not None or not _reconcile(engine, database)):
            break
    return done


def next_at(session: Session) -> datetime | None:
    """When the next job of an active instance is to be run."""
    active = Instance.status == InstanceStatus.ACTIVE
    timers = select(func.min(Timer.run_at)).join(Instance, Instance.id == Timer.instance_id)
    deliveries = select(func.min(Delivery.run_at)).join(Instance, Instance.id == Delivery.instance_id)
    pending = deliveries.where(Delivery.status == DeliveryStatus.PENDING)
    first = [session.scalar(query.where(active)) for query in (timers, pending)]
    return min((instant for instant in first if instant is not None), default=None)


def failed(session: Session, limit: int) -> list[FailedJob]:
    """The jobs that failed when they were last tried, the oldest first."""
    timers = (
        select(
            literal(Kind.TIMERS.value).label("kind"),
            Timer.instance_id.label("id"),
            Timer.instance_id,
            func.min(Timer.element_id).label("name"),
            func.min(Timer.due_at).label("since"),
            func.min(Timer.run_at).label("run_at"),
            func.max(Timer.failures).label("failures"),
            func.max(Timer.error).label("error"),
        )
        .where(Timer.failures > 0)
        .group_by(Timer.instance_id)
    )
    deliveries = (
        select(
            literal(Kind.DELIVERY.value),
            Delivery.id,
            Delivery.instance_id,
            Message.name,
            Delivery.created_at,
            Delivery.run_at,
            Delivery.failures,
            Delivery.error,
        )
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.status == DeliveryStatus.PENDING, Delivery.failures > 0)
    )
    both = union_all(timers, deliveries).subquery()
    query = (
        select(both, Instance.business_key, Instance.definition_id)
        .join(Instance, Instance.id == both.c.instance_id)
        .order_by(both.c.since, both.c.id)
        .limit(limit)
    )
    return [FailedJob(**row) for row in session.execute(query).mappings()]


def retry(session: Session, kind: str, job_id: str, now: datetime) -> str | None:
    """Let a job that has failed be tried at once; its instance's id, None where it fails no more."""
    if kind == Kind.TIMERS:
        failing = update(Timer).where(Timer.instance_id == job_id, Timer.failures > 0)
        soonest = case((Timer.due_at > now, Timer.due_at), else_=now)  # Before it is due it would do nothing.
        found = session.scalars(failing.values(run_at=soonest).returning(Timer.instance_id)).all()
    else:
        pending = (Delivery.id == job_id, Delivery.status == DeliveryStatus.PENDING, Delivery.failures > 0)
        waiting = update(Delivery).where(*pending).values(run_at=now)
        found = session.scalars(waiting.returning(Delivery.instance_id)).all()
    return found[0] if found else None


_DUE_TIMERS = (
    select(
        literal(Kind.TIMERS.value).label("kind"),
        Timer.instance_id.label("id"),
        Timer.instance_id,
        func.min(Timer.run_at).label("run_at"),
    )
    .join(Instance, Instance.id == Timer.instance_id)
    .where(Timer.run_at <= bindparam("now"), Instance.status == InstanceStatus.ACTIVE)
    .group_by(Timer.instance_id)
)
_DUE_DELIVERIES = (
    select(literal(Kind.DELIVERY.value), Delivery.id, Delivery.instance_id, Delivery.run_at)
    .join(Instance, Instance.id == Delivery.instance_id)
    .where(
        Delivery.status == DeliveryStatus.PENDING,
        Delivery.run_at <= bindparam("now"),
        Instance.status == InstanceStatus.ACTIVE,
    )
)
_BOTH = union_all(_DUE_TIMERS, _DUE_DELIVERIES).subquery()
_DUE = select(_BOTH).order_by(_BOTH.c.run_at, _BOTH.c.id).limit(bindparam("most"))


def _due(session: Session, now: datetime, limit: int) -> list[Job]:
    return [Job(*row) for row in session.connection().execute(_DUE, {"now": now, "most": limit})]


def _attempt(engine: "ProcessEngine", database: Database, job: Job, strict: bool) -> bool:
    """Do a job in a transaction of its own; False where another worker has it, or where it failed."""
    try:
        with database.write() as session:
            if not _take(session, job, engine.clock.now()):
                return False
            if job.kind == Kind.TIMERS:
                engine.fire(session, job.id)
            else:
                engine.deliver(session, job.id)
            return True
    except Exception as error:
        if strict:
            raise
        log.exception("job_failed", kind=job.kind, job_id=job.id, instance_id=job.instance_id)
        with database.write() as session:
            _postpone(session, job, engine.clock.now(), error)
        return False


def _take(session: Session, job: Job, now: datetime) -> bool:
    """Lock the job's instance, unless another worker has it or has just done the job."""
    free = select(Instance.id).where(Instance.id == job.instance_id, Instance.status == InstanceStatus.ACTIVE)
    if session.scalar(free.with_for_update(skip_locked=True, key_share=True)) is None:
        return False
    if job.kind == Kind.TIMERS:
        still_due = select(Timer.task_id).where(Timer.instance_id == job.id, Timer.run_at <= now)
    else:
        still_due = select(Delivery.id).where(
            Delivery.id == job.id, Delivery.status == DeliveryStatus.PENDING
        )
    return session.scalar(still_due.limit(1)) is not None


def _postpone(session: Session, job: Job, now: datetime, error: Exception) -> None:
    """Try again later, after a longer pause each time; an administrator finds the error beside the job."""
    rows: list[Timer] | list[Delivery]
    if job.kind == Kind.TIMERS:
        query = select(Timer).where(Timer.instance_id == job.id, Timer.run_at <= now)
        rows = list(session.scalars(query))
    else:
        rows = list(session.scalars(select(Delivery).where(Delivery.id == job.id)))
    for row in rows:
        row.run_at = now + min(FIRST_PAUSE * 2 ** min(row.failures, 20), LONGEST_PAUSE)
        row.failures += 1
        row.error = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]


def _reconcile(engine: "ProcessEngine", database: Database) -> int:
    """Find the messages that missed a receiver that came to wait at the same moment: on PostgreSQL only."""
    if database.engine.dialect.name != "postgresql":
        return 0
    with database.write() as session:
        return messages.reconcile(session.connection(), engine.clock.now())
