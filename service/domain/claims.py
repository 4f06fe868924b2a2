"""Claims that hold work up: an administrator ends that of an absent colleague, saying why."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from service.domain import offices, pages, subjects
from service.domain.access import Actor, require_role
from service.domain.calendars import chinese
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.memberships import ADMIN
from service.domain.pages import SIZE, Page
from service.domain.people import Person
from service.engine import history, seals, user_tasks
from service.engine.engine import ProcessEngine
from service.engine.errors import NotFound as NotFoundByEngine
from service.engine.seals import Sealed
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Base, UTCDateTime, new_id

LONGEST_REASON = 500


class ClaimRelease(Sealed, Base):
    """One claim that an administrator has ended; the history holds a digest of the reason, not its words."""

    __tablename__ = "claim_release"
    __table_args__ = (Index(None, "user_task_id", "holder_id"),)

    TITLE = "解除签收"
    SEALED = ("user_task_id", "holder_id", "claimed_at", "reason", "released_by", "released_at")

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"))
    holder_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    """Who had claimed it."""
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)
    released_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Claim(NamedTuple):
    """A claimed user task, as an administrator sees it: whose, since when, of which case; nothing of it."""

    user_task_id: str
    name: str
    subject: str
    office: str
    holder: str
    claimed_at: datetime
    due_at: datetime | None


class Released(NamedTuple):
    """What the one who had claimed a user task is told."""

    by: str
    at: datetime
    reason: str

    @property
    def sentence(self) -> str:
        """已由系统管理员于2026年3月2日 09:00解除，理由：……"""
        return f"已由{self.by}于{chinese(self.at)}解除，理由：{self.reason.rstrip('。')}"


class ClaimMissing(NotFound):
    """没有找到这项签收：任务可能已经办结或退回，也可能是指定个人办理的。请刷新列表查看现状。"""


class ClaimChanged(Conflict):
    """签收情况已经改变：这项任务现由{holder}签收。请刷新页面，核对后再解除。"""


class ReasonNeeded(Invalid):
    """请填写解除签收的理由，不超过 500 个字；原签收人会看到它。"""

    place = "/reason"


def page(session: Session, actor: Actor, *, number: int = 1, size: int = SIZE) -> Page[Claim]:
    """The claims on open user tasks of offices, the oldest first; for administrators."""
    require_role(actor, ADMIN)
    query = _CLAIMED.order_by(UserTask.claimed_at, UserTask.id)
    found = pages.page(session, query, number=number, size=size)
    return found.holding(_claims(session, [(task, holder) for task, holder in found.rows]))


def get(session: Session, actor: Actor, user_task_id: str) -> Claim:
    """One claim that stands; ClaimMissing."""
    require_role(actor, ADMIN)
    found = session.execute(_CLAIMED.where(UserTask.id == user_task_id)).all()
    if not found:
        raise ClaimMissing
    return _claims(session, [(task, holder) for task, holder in found])[0]


def release(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    *,
    reason: str,
    claimed_at: datetime | None = None,
) -> ClaimRelease:
    """End a colleague's claim; what was drafted stays with the user task. For administrators.

    `claimed_at` is of the claim that the administrator saw: ClaimChanged where another one stands by now.
    Raises ClaimMissing, ReasonNeeded, and the engine's NothingClaimed.
    """
    require_role(actor, ADMIN)
    try:
        _, task = user_tasks.lock(session.connection(), user_task_id)
    except NotFoundByEngine:
        raise ClaimMissing from None
    if task.assignee_id is not None:
        raise ClaimMissing
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise ReasonNeeded
    holder_id, since = task.claimed_by, task.claimed_at
    if holder_id is not None and claimed_at is not None and claimed_at != since:
        raise ClaimChanged(holder=session.get_one(Person, holder_id).name)
    engine.release_claim(session, user_task_id, actor.person_id)
    assert holder_id is not None, "the engine refuses to release what nobody has claimed"
    assert since is not None
    released = ClaimRelease(
        id=new_id(),
        user_task_id=user_task_id,
        holder_id=holder_id,
        claimed_at=since,
        reason=reason.strip(),
        released_by=actor.person_id,
        released_at=engine.clock.now(),
    )
    session.add(released)
    session.flush()
    data = {"claim_release": released.id, "user_task": user_task_id, "sealed": seals.of(released)}
    history.record(
        session, history.SYSTEM, "claim_released", released.released_at, actor_id=actor.person_id, data=data
    )
    return released


def released_from(session: Session, user_task_id: str, person_id: str) -> Released | None:
    """The last time that a claim of this person on this user task was ended by an administrator."""
    admin = aliased(Person)
    found = session.execute(
        select(admin.name, ClaimRelease.released_at, ClaimRelease.reason)
        .join(admin, admin.id == ClaimRelease.released_by)
        .where(ClaimRelease.user_task_id == user_task_id, ClaimRelease.holder_id == person_id)
        .order_by(ClaimRelease.released_at.desc(), ClaimRelease.id)
        .limit(1)
    ).first()
    return Released(*found) if found is not None else None


_CLAIMED = (
    select(UserTask, Person.name)
    .join(Person, Person.id == UserTask.claimed_by)
    .where(UserTask.status == UserTaskStatus.OPEN, UserTask.assignee_id.is_(None))
)


def _claims(session: Session, found: Sequence[tuple[UserTask, str]]) -> list[Claim]:
    titles = subjects.get_all(session, [task.business_key for task, _ in found])
    named = offices.names(session, [(task.office or "", task.division or "") for task, _ in found])
    return [
        Claim(
            user_task_id=task.id,
            name=task.name,
            subject=titles[task.business_key].title if task.business_key in titles else "",
            office=named.get((task.office or "", task.division or ""), ""),
            holder=holder,
            claimed_at=task.claimed_at or task.created_at,
            due_at=task.due_at,
        )
        for task, holder in found
    ]
