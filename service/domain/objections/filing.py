"""Filing an objection, and opening a case of the ministry's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import applications, calendars, editions, notices, organisers, rounds
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.notices import Notice, NoticeEntry, NoticeStatus
from service.domain.objections.models import Objection, ObjectionStatus
from service.domain.objections.standing import OPEN
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.store.database import new_id

PROCESS = "objection"
"""The kind of instances by which an edition deals with them; not every document knows any."""
LONGEST = {"filer": 40, "contact": 100, "statement": 2000, "evidence": 4000}
"""The greatest number of characters of what the public writes."""
MOST_FILES = 5


class PeriodOver(Conflict):
    """公示（{number}）已于{ends} 24:00 期满，不再受理异议。如发现弄虚作假，请直接向主办部门反映。"""


class NotListed(Invalid):
    """所选的申报不在这份公示的名单中，请从名单中选择。"""

    place = "/application_id"


class ObjectionRefused(Invalid):
    """异议有 {count} 处需要补充或改正，没有提交。"""


class CaseRefused(Conflict):
    """{division}的申报现在是“{status}”，不能再立案核查。"""


class CasesUnknown(Conflict):
    """“{round}”所依据的办法没有公示和异议的程序，不能在系统中立案核查。请按有关规定处理。"""


class CaseOpen(Conflict):
    """{division}的申报已有一件异议（{number}）正在核查，请在那一件中处理。"""


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
    """The organiser looks into an accepted application outside a notice, during the award too.

    Raises Forbidden, CasesUnknown, ObjectionRefused, CaseRefused, CaseOpen.
    """
    application = applications.locked(session, application_id)
    round_ = rounds.get(session, application.round_id)
    organisers.require(actor, round_.division_code)
    if PROCESS not in editions.get(session, round_.edition_id).definitions:
        raise CasesUnknown(round=round_.title)
    division = applications.name_of(session, application)
    status = applications.Status(application.status)
    if not _can_be_looked_into(application):
        raise CaseRefused(division=division, status=status.label)
    standing = _standing(session, application_id)
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


def may_open_case(session: Session, actor: Actor, application: Application) -> bool:
    """Whether `open_case` takes this application from the actor now."""
    round_ = rounds.get(session, application.round_id)
    return (
        organisers.organises(actor, round_.division_code)
        and _can_be_looked_into(application)
        and PROCESS in editions.get(session, round_.edition_id).definitions
        and _standing(session, application.id) is None
    )


_PAST_CASES = (applications.Status.DISQUALIFIED, applications.Status.AWARD_REVOKED)


def _can_be_looked_into(application: Application) -> bool:
    return application.accepted_at is not None and application.status not in _PAST_CASES


def _standing(session: Session, application_id: str) -> Objection | None:
    """The objection to it that is being looked into."""
    wanted = select(Objection).where(Objection.application_id == application_id, Objection.status.in_(OPEN))
    return session.scalars(wanted).first()


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
        editions.get(session, round_.edition_id).definitions[PROCESS],
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
