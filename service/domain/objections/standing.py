"""What objections leave of those whom they concern."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import applications, divisions, notices
from service.domain.applications import Application
from service.domain.errors import Conflict
from service.domain.objections.models import Objection, ObjectionStatus


class UndecidedObjections(Conflict):
    """名单中还有异议没有办结（{names}），办结之前不能继续。"""


def open_of_notice(session: Session, notice_id: str) -> int:
    """How many objections a notice still waits for; its row is held, so that the number stays true."""
    notices.locked(session, notice_id)
    return count(session, Objection.notice_id == notice_id)


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
        names = divisions.full_names(session, codes)
        raise UndecidedObjections(names="、".join(names[code] for code in codes))


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


def count(session: Session, *criteria: Any) -> int:
    """How many open objections meet the criteria."""
    query = select(func.count()).select_from(Objection).where(*criteria, Objection.status.in_(OPEN))
    return session.scalar(query) or 0
