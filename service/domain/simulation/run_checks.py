"""Run checks: what must hold of all rounds of a simulation together, and of the engine when all is over.

Each yields a sentence for everything that is broken.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import divisions, forms, verifying
from service.domain.objections import ObjectionStatus
from service.domain.sanctions import Sanction, Scope
from service.domain.simulation.facts import gather
from service.domain.simulation.runs import Run
from service.engine.history import HistoryEvent
from service.engine.instances import Instance, InstanceStatus
from service.engine.messages import Delivery, DeliveryStatus
from service.engine.timers import Timer
from service.engine.user_tasks import UserTask, UserTaskStatus


def sanctions(session: Session, run: Run) -> Iterator[str]:
    """Every fraud bars the city and its province for the edition's years, and the next applications."""
    rows = session.scalars(select(Sanction)).all()
    for round_id in run.rounds:
        facts = gather(session, run, round_id)
        for each in facts.objections:
            if each.status != ObjectionStatus.FRAUD:
                continue
            demanded = facts.parameters["sanction"]
            application = facts.applications[each.application_id]
            level = demanded.get("level", "")
            answerable = divisions.ancestor_at(session, application.division_code, level)
            code = answerable.code if answerable else application.division_code
            expected = {
                (Scope.CITY, code): int(demanded["city_years"]),
                (Scope.PROVINCE, application.province_code): int(demanded["province_years"]),
            }
            decided = forms.latest(session, f"objection:{each.id}", "sanction")
            for county, row in (decided.content.get("counties", {}) if decided else {}).items():
                expected[Scope.CITY, county] = int(row["years"]) if row["barred"] else 0
            expected = {barred: years for barred, years in expected.items() if years}
            mine = [row for row in rows if row.subject == f"objection:{each.id}"]
            found = {(row.scope, row.division_code): row.last_year - row.first_year + 1 for row in mine}
            if found != expected or any(row.first_year <= facts.round.year for row in mine):
                yield f"{facts.names[each.application_id]}：弄虚作假的处理与办法不符。"
    numbers = {row.decision_number for row in rows}
    for attempt in run.attempts:
        if attempt.refusal is None or not any(number in attempt.refusal for number in numbers):
            yield f"{attempt.division_code}：被取消资格，新的申报却没有被拒绝，或没有说明是哪个决定。"


def leftovers(session: Session, run: Run) -> Iterator[str]:
    """Nothing waits for anything any more."""
    statements = {
        "个流程实例没有结束": select(Instance.id).where(Instance.status != InstanceStatus.COMPLETED),
        "项任务没有办": select(UserTask.id).where(UserTask.status == UserTaskStatus.OPEN),
        "个计时器没有触发": select(Timer.task_id),
        "条消息没有送达": select(Delivery.id).where(Delivery.status == DeliveryStatus.PENDING),
    }
    for what, statement in statements.items():
        if left := len(session.scalars(statement).all()):
            yield f"还有 {left} {what}。"


def chain(session: Session, run: Run) -> Iterator[str]:
    yield from verifying.broken(session)
    if session.scalar(select(HistoryEvent.seq).limit(1)) is None:
        yield "没有任何办理记录。"
