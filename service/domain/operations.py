"""How the system runs (运行状态), for administrators: what fails, who works, whether the history holds."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import subjects, workers
from service.domain.access import Actor, require_role
from service.domain.errors import Conflict
from service.domain.memberships import ADMIN, AUDITOR
from service.domain.workers import WorkerNote
from service.engine import definitions, history, jobs
from service.engine.history import HistoryEvent
from service.engine.jobs import FailedJob, Kind

MOST = 100
VERIFIED = "history_verified"


class Failure(NamedTuple):
    """A deadline that could not be carried out, or a message that could not be delivered."""

    kind: str
    id: str
    name: str
    """到期事项“申报截止”, 消息“round_announced”."""
    subject: str
    business_key: str
    since: datetime
    run_at: datetime
    failures: int
    error: str
    """Why, as a sentence; what nobody foresaw keeps its own words."""


class Verified(NamedTuple):
    """When the history was last found whole, and how many events it had."""

    at: datetime
    events: int


class Status(NamedTuple):
    """All that the page shows."""

    failures: list[Failure]
    workers: list[WorkerNote]
    late: bool
    """Whether no worker has made a step for so long that deadlines may be overdue."""
    next_due: datetime | None
    verified: Verified | None


class FailureGone(Conflict):
    """这一事项已经办成，或者不再需要办理，无需重试。请刷新页面查看现状。"""


def status(session: Session, actor: Actor, now: datetime) -> Status:
    """`now` is real time, which workers note their steps by; for administrators and auditors."""
    require_role(actor, ADMIN, AUDITOR)
    notes = workers.listed(session)
    return Status(
        failures=failures(session),
        workers=notes,
        late=not notes or notes[0].stepped_at < now - workers.LATE_AFTER,
        next_due=jobs.next_at(session),
        verified=last_verified(session),
    )


def failures(session: Session) -> list[Failure]:
    """What failed when it was last tried, the oldest first; at most MOST."""
    failed = jobs.failed(session, MOST)
    titles = subjects.get_all(session, [each.business_key for each in failed])
    return [
        Failure(
            kind=each.kind,
            id=each.id,
            name=_name(session, each),
            subject=titles[each.business_key].title if each.business_key in titles else each.business_key,
            business_key=each.business_key,
            since=each.since,
            run_at=each.run_at,
            failures=each.failures,
            error=_sentence(each.error),
        )
        for each in failed
    ]


def retry(session: Session, actor: Actor, kind: str, job_id: str, now: datetime) -> None:
    """Let a failed job be tried at once; FailureGone. For administrators; `now` by the engine's clock."""
    require_role(actor, ADMIN)
    instance_id = jobs.retry(session, kind, job_id, now)
    if instance_id is None:
        raise FailureGone
    data = {"kind": kind, "job": job_id, "instance_id": instance_id}
    history.record(session, history.SYSTEM, "job_retried", now, actor_id=actor.person_id, data=data)


def note_verified(session: Session, events: int, now: datetime) -> None:
    """Write into the history that it was found whole."""
    history.record(session, history.SYSTEM, VERIFIED, now, data={"events": events})


def last_verified(session: Session) -> Verified | None:
    query = (
        select(HistoryEvent)
        .where(HistoryEvent.chain == history.SYSTEM, HistoryEvent.type == VERIFIED)
        .order_by(HistoryEvent.seq.desc())
        .limit(1)
    )
    event = session.scalars(query).first()
    return Verified(event.at, event.data["events"]) if event is not None else None


def _name(session: Session, job: FailedJob) -> str:
    if job.kind == Kind.DELIVERY:
        return f"消息“{job.name}”"
    elements = definitions.loaded(session, job.definition_id).elements.values()
    names = (each.name for each in elements if each.id == job.name)
    return f"到期事项“{next(names, None) or job.name}”"


def _sentence(error: str) -> str:
    """The engine keeps `Type: message`; where the message is one of ours, the type tells nobody anything."""
    kind, _, message = error.partition(": ")
    if any("\u4e00" <= character <= "\u9fff" for character in message):
        return message
    return f"程序出现意外的错误，请把这段文字交给技术人员：{error}" if kind else error
