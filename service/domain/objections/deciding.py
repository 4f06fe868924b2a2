"""What is decided of an objection."""

from typing import Any

from service.domain.errors import Invalid
from service.domain.objections.models import Objection, ObjectionStatus, held
from service.engine import seals
from service.engine.services import Context
from service.store.database import change


class AnonymousNotAccepted(Invalid):
    """匿名反映不按异议受理；内容可以核查的，请选择“转作线索”，否则选择“不予受理”。"""

    place = "/decision"


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


def _decision(context: Context, reason: str | None) -> dict[str, Any]:
    return {"reason": reason, "decided_by": context.actor_id, "decided_at": context.now}
