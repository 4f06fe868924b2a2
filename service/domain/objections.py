"""Objections (异议): what the public files against a notice, and what becomes of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.clock import SHANGHAI
from service.domain import access, applications, calendars, editions, notices, offices, rounds
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.divisions import NATION
from service.domain.errors import Conflict, Invalid, NotFound, Problem
from service.domain.notices import Notice, NoticeEntry, NoticeStatus
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, JSONText, UTCDateTime, change, find, new_id


class ObjectionStatus(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LEAD = "lead"
    NOT_UPHELD = "not_upheld"
    MENDED = "mended"
    UPHELD = "upheld"
    FRAUD = "fraud"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def open(self) -> bool:
        """Whether the notice must wait for it."""
        return self in (ObjectionStatus.FILED, ObjectionStatus.ACCEPTED)


_LABELS = {
    ObjectionStatus.FILED: "待受理",
    ObjectionStatus.ACCEPTED: "核查中",
    ObjectionStatus.REJECTED: "不予受理",
    ObjectionStatus.LEAD: "转作线索",
    ObjectionStatus.NOT_UPHELD: "不成立",
    ObjectionStatus.MENDED: "可整改，已整改",
    ObjectionStatus.UPHELD: "成立",
    ObjectionStatus.FRAUD: "认定弄虚作假",
}


class Objection(Sealed, Base):
    """One objection to an application on a notice, or a case that the ministry opened later (no notice)."""

    __tablename__ = "objection"
    __table_args__ = (Index(None, "notice_id", "status"), Index(None, "application_id", "status"))

    TITLE = "异议"
    SEALED = (
        "number",
        "round_id",
        "notice_id",
        "application_id",
        "anonymous",
        "filer",
        "contact",
        "statement",
        "evidence",
        "files",
        "filed_by",
        "filed_at",
        "status",
        "finding",
        "reason",
        "decided_by",
        "decided_at",
        "closed_at",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """The receipt that the filer is given."""
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("notice.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    anonymous: Mapped[bool]
    filer: Mapped[str | None] = mapped_column(String(80))
    contact: Mapped[str | None] = mapped_column(String(200))
    statement: Mapped[str]
    evidence: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONText)
    """Attachments by hash: [{"name", "size", "sha256"}]."""
    filed_by: Mapped[str | None] = mapped_column(String(36))
    """The official who opened a case; None for the public."""
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    status: Mapped[str] = mapped_column(String(20), default=ObjectionStatus.FILED)
    finding: Mapped[str | None] = mapped_column(String(20))
    """What the ministry decided: rejected, lead; after 核查 not_upheld, mendable, upheld, fraud."""
    reason: Mapped[str | None]
    """What was found, as the filer and the applicant may read it."""
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


LONGEST = {"filer": 40, "contact": 100, "statement": 2000, "evidence": 4000}
"""The greatest number of characters of what the public writes."""
MOST_FILES = 5


class ObjectionMissing(NotFound):
    """没有找到这份异议，请核对受理编号。"""


class PeriodOver(Conflict):
    """公示（{number}）已于{ends} 24:00 期满，不再受理异议。如发现弄虚作假，请直接向工业和信息化部反映。"""


class NotListed(Invalid):
    """所选的市（州）不在这份公示的名单中，请从名单中选择。"""

    place = "/application_id"


class ObjectionRefused(Invalid):
    """异议有 {count} 处需要补充或改正，没有提交。"""


class AnonymousNotAccepted(Invalid):
    """匿名反映不按异议受理；内容可以核查的，请选择“转作线索”，否则选择“不予受理”。"""

    place = "/decision"


class CaseRefused(Conflict):
    """{division}的申报现在是“{status}”，不能再立案核查。"""


class CaseOpen(Conflict):
    """{division}的申报已有一件异议（{number}）正在核查，请在那一件中处理。"""


class UndecidedObjections(Conflict):
    """名单中还有异议没有办结（{names}），办结之前不能继续。"""


def get(session: Session, objection_id: str) -> Objection:
    """The objection; ObjectionMissing."""
    found = find(session, Objection, objection_id)
    if found is None:
        raise ObjectionMissing
    return found


def by_number(session: Session, number: str) -> Objection:
    """The objection with this receipt; ObjectionMissing. The receipt cannot be guessed."""
    found = session.scalar(select(Objection).where(Objection.number == number.strip().upper()))
    if found is None:
        raise ObjectionMissing
    return found


def file_objection(
    session: Session,
    engine: ProcessEngine,
    *,
    notice_id: str,
    application_id: str,
    statement: str,
    evidence: str,
    filer: str = "",
    contact: str = "",
    anonymous: bool = False,
    files: Sequence[Mapping[str, Any]] = (),
) -> Objection:
    """What the public does, without an account, while the notice runs; gives the receipt number.

    A real name, a contact and evidence are required (reading 2); without a name it is taken only as a lead
    that can be checked, and carries no contact. Raises NoticeMissing, PeriodOver, NotListed,
    ObjectionRefused.
    """
    notice = notices.locked(session, notice_id)
    now = engine.clock.now()
    if notice.ends_on is None or notice.ends_at is None:
        raise notices.NoticeMissing
    if notice.status != NoticeStatus.RUNNING or now >= notice.ends_at:
        raise PeriodOver(number=notice.number, ends=calendars.chinese(notice.ends_on))
    if session.get(NoticeEntry, (notice_id, application_id)) is None:
        raise NotListed
    texts = {
        "filer": "" if anonymous else filer.strip(),
        "contact": "" if anonymous else contact.strip(),
        "statement": statement.strip(),
        "evidence": evidence.strip(),
    }
    if problems := _faults(texts, anonymous, files):
        raise ObjectionRefused(problems)
    return _start(session, engine, notice, application_id, texts, anonymous, files, None)


def open_case(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    *,
    application_id: str,
    statement: str,
    evidence: str,
) -> Objection:
    """The ministry looks into an accepted application outside a notice, during the award too.

    Raises Forbidden, ObjectionRefused, CaseRefused, CaseOpen.
    """
    access.require_office(actor, offices.INDUSTRY, NATION)
    application = applications.locked(session, application_id)
    division = applications.name_of(session, application)
    status = applications.Status(application.status)
    if application.accepted_at is None or status in _PAST_CASES:
        raise CaseRefused(division=division, status=status.label)
    standing = session.scalars(
        select(Objection).where(Objection.application_id == application_id, Objection.status.in_(OPEN))
    ).first()
    if standing is not None:
        raise CaseOpen(division=division, number=standing.number)
    texts = {
        "filer": actor.name,
        "contact": "",
        "statement": statement.strip(),
        "evidence": evidence.strip(),
    }
    if problems := [each for each in _faults(texts, False, ()) if each.place != "/contact"]:
        raise ObjectionRefused(problems)
    return _start(session, engine, None, application_id, texts, False, (), actor.person_id)


def open_of_notice(session: Session, notice_id: str) -> int:
    """How many objections a notice still waits for; its row is held, so that the number stays true."""
    notices.locked(session, notice_id)
    return _count(session, Objection.notice_id == notice_id)


def require_none_open(session: Session, application_ids: Collection[str]) -> None:
    """UndecidedObjections names the divisions against whose listing an objection is still open."""
    query = (
        select(Application.division_code)
        .join(Objection, Objection.application_id == Application.id)
        .where(Application.id.in_(application_ids), Objection.status.in_(OPEN))
        .order_by(Application.division_code)
        .distinct()
    )
    if codes := session.scalars(query).all():
        names = applications.full_names(session, codes)
        raise UndecidedObjections(names="、".join(names[code] for code in codes))


def consider(context: Context, objection_id: str, decision: str, reason: str | None) -> Objection:
    """受理: `accept` for 核查, `reject`, or keep as `lead`; an anonymous one is never accepted."""
    objection = held(context.session, objection_id)
    if objection.anonymous and decision == "accept":
        raise AnonymousNotAccepted
    status, finding = {
        "accept": (ObjectionStatus.ACCEPTED, None),
        "reject": (ObjectionStatus.FILED, ObjectionStatus.REJECTED),
        "lead": (ObjectionStatus.FILED, ObjectionStatus.LEAD),
    }[decision]
    change(context.session, objection, status=status, finding=finding, **_decision(context, reason))
    context.record(
        "objection_considered", objection_id=objection.id, decision=decision, sealed=seals.of(objection)
    )
    return objection


def decide(context: Context, objection_id: str, finding: str, reason: str | None) -> Objection:
    """After 核查: not_upheld, mendable, upheld or fraud. It stays open until what follows is done."""
    objection = held(context.session, objection_id)
    change(context.session, objection, finding=finding, **_decision(context, reason))
    context.record(
        "objection_decided", objection_id=objection.id, finding=finding, sealed=seals.of(objection)
    )
    return objection


def close(context: Context, objection_id: str, status: ObjectionStatus) -> Objection:
    """Nothing more is to be done about it; its notice may end."""
    objection = held(context.session, objection_id)
    change(context.session, objection, status=status, closed_at=context.now)
    context.record("objection_closed", objection_id=objection.id, status=status, sealed=seals.of(objection))
    return objection


def upheld(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """{application id: reason} of those that a decision on an objection or a case disqualified."""
    query = (
        select(Objection.application_id, Objection.number, Objection.status, Objection.reason)
        .where(
            Objection.application_id.in_(application_ids),
            Objection.status.in_([ObjectionStatus.UPHELD, ObjectionStatus.FRAUD]),
        )
        .order_by(Objection.decided_at)
    )
    return {
        application_id: f"异议（{number}）经核查{ObjectionStatus(status).label}：{reason or '见处理决定'}"
        for application_id, number, status, reason in session.execute(query)
    }


def disqualified(session: Session, application_ids: Collection[str]) -> dict[str, str]:
    """{application id: reason} of who cannot be selected: upheld against it, or barred (第十三条)."""
    return applications.barred(session, application_ids) | upheld(session, application_ids)


def mended(session: Session, notice_id: str) -> list[str]:
    """Ids of the applications whose faults were mended during this notice."""
    query = select(Objection.application_id).where(
        Objection.notice_id == notice_id, Objection.status == ObjectionStatus.MENDED
    )
    return list(session.scalars(query.distinct()))


OPEN = [ObjectionStatus.FILED, ObjectionStatus.ACCEPTED]
_PAST_CASES = (applications.Status.DISQUALIFIED, applications.Status.AWARD_REVOKED)


def _count(session: Session, *criteria: Any) -> int:
    query = select(func.count()).select_from(Objection).where(*criteria, Objection.status.in_(OPEN))
    return session.scalar(query) or 0


def held(session: Session, objection_id: str) -> Objection:
    """The objection, its notice's row held first: open objections are counted under the same lock."""
    objection = get(session, objection_id)
    if objection.notice_id is not None:
        notices.locked(session, objection.notice_id)
    return objection


def _decision(context: Context, reason: str | None) -> dict[str, Any]:
    return {"reason": reason, "decided_by": context.actor_id, "decided_at": context.now}


def _faults(texts: Mapping[str, str], anonymous: bool, files: Sequence[Mapping[str, Any]]) -> list[Problem]:
    wanted = {
        "filer": "请填写真实姓名；不愿署名的，可以选择匿名，只作为线索处理。",
        "contact": "请填写联系电话或地址，以便核实和答复。",
        "statement": "请写明异议的内容。",
        "evidence": "请写明证据或可以核查的线索。",
    }
    problems = [
        Problem(f"/{key}", message)
        for key, message in wanted.items()
        if not texts[key] and not (anonymous and key in ("filer", "contact"))
    ]
    problems += [
        Problem(f"/{key}", f"内容过长，请不超过 {limit} 字。")
        for key, limit in LONGEST.items()
        if len(texts[key]) > limit
    ]
    if len(files) > MOST_FILES:
        problems.append(Problem("/files", f"附件至多 {MOST_FILES} 个。"))
    return problems


def _start(
    session: Session,
    engine: ProcessEngine,
    notice: Notice | None,
    application_id: str,
    texts: Mapping[str, str],
    anonymous: bool,
    files: Sequence[Mapping[str, Any]],
    actor_id: str | None,
) -> Objection:
    application = applications.get(session, application_id)
    round_ = rounds.get(session, application.round_id)
    now = engine.clock.now()
    objection_id = new_id()
    objection = Objection(
        id=objection_id,
        number=f"YY{now.astimezone(SHANGHAI):%Y%m%d}-{objection_id[:10].upper()}",
        round_id=round_.id,
        notice_id=notice.id if notice else None,
        application_id=application_id,
        anonymous=anonymous,
        filer=texts["filer"] or None,
        contact=texts["contact"] or None,
        statement=texts["statement"],
        evidence=texts["evidence"],
        files=[dict(each) for each in files],
        filed_by=actor_id,
        filed_at=now,
        status=ObjectionStatus.FILED,
    )
    session.add(objection)
    session.flush()
    instance = engine.start(
        session,
        editions.get(session, round_.edition_id).definitions["objection"],
        business_key=f"objection:{objection.id}",
        variables={
            "objection_id": objection.id,
            "notice_id": notice.id if notice else "",
            "application_id": application_id,
            "round_id": round_.id,
        },
        actor_id=actor_id,
    )
    objection.instance_id = instance.id
    session.flush()
    data = {"objection_id": objection.id, "sealed": seals.of(objection)}
    history.record(session, instance.id, "objection_filed", now, actor_id=actor_id, data=data)
    return objection
