"""Faults: what stands against a replacement, each at its field."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import committees, divisions, people, scores
from service.domain.applications import Applicant
from service.domain.calendars import chinese
from service.domain.committees import CommitteeMember, Seat, seating
from service.domain.errors import Conflict, Problem
from service.domain.rounds import Round, Stage
from service.engine import user_tasks
from service.engine.user_tasks import UserTask

LONGEST_REASON = 500
LONGEST_NUMBER = 120


class Replacement(NamedTuple):
    """What the ministry decides: who leaves and who comes in, why, and by which document."""

    leaver_id: str
    alternate_id: str
    reason: str
    decision_number: str
    decided_on: date | None
    chair_id: str | None = None
    """Who is in the chair from now on, where the leaver was: the alternate or another member."""
    division_code: str | None = None
    """The alternate's 籍贯或工作所在地."""
    recused: Sequence[str] = ()
    """Ids of the applications from which the alternate withdraws."""


class NotSeatedYet(Conflict):
    """评审委员会还没有组建，没有委员可以更换。请先办理“组建评审委员会”。"""


class CommitteeDone(Conflict):
    """评审委员会现在没有待办的评审事项，不能更换委员。退回复评或需要再次表决时，可以更换。"""


class CommitteeStanding(Conflict):
    """专家咨询委全年组织，不逐人更换。请在“开放式遴选，滚动受理”中选择“调整专家咨询委”；本年度受理结束之后，在“确定参加评估的成员”中增补。"""


def open_tasks(session: Session, round_id: str) -> list[UserTask]:
    """What the round waits for from one person: the committee's work."""
    return [task for task in user_tasks.open_of(session, f"round:{round_id}") if task.assignee_id]


def require_at_work(round_: Round, ever: Sequence[CommitteeMember], tasks: Sequence[UserTask]) -> None:
    """From seating until scores are open, and then as long as something waits for a member."""
    if round_.stage in (Stage.ROLLING, Stage.ENDED):
        raise CommitteeStanding
    if not ever:
        raise NotSeatedYet
    if round_.scoring_pass and not tasks:
        raise CommitteeDone


def formal(
    session: Session, decided: Replacement, accepted: Sequence[Applicant], now: datetime
) -> Iterable[Problem]:
    """What is missing or out of bounds in the decision itself."""
    if not 1 <= len(decided.reason.strip()) <= LONGEST_REASON:
        yield Problem("/reason", f"请填写更换的原因，不超过 {LONGEST_REASON} 个字。")
    if not 1 <= len(decided.decision_number.strip()) <= LONGEST_NUMBER:
        yield Problem("/decision_number", f"请填写决定的文号，不超过 {LONGEST_NUMBER} 个字。")
    if decided.decided_on is None:
        yield Problem("/decided_on", "请填写作出决定的日期。")
    elif decided.decided_on > now.astimezone(SHANGHAI).date():
        yield Problem("/decided_on", "作出决定的日期不能晚于今天，请改正。")
    if set(decided.recused) - {each.application_id for each in accepted}:
        yield Problem("/recused", "回避的申报中有的已不在评审范围内，请刷新页面后重新选择。")
    if decided.division_code and not divisions.names(session, [decided.division_code]):
        yield Problem("/division_code", "没有这一行政区划，请重新选择。")


def of_people(
    session: Session,
    decided: Replacement,
    round_: Round,
    ever: Mapping[str, CommitteeMember],
    tasks: Sequence[UserTask],
    now: datetime,
) -> Iterable[Problem]:
    """Who cannot leave, cannot come in, or cannot be in the chair."""
    leaver = ever.get(decided.leaver_id)
    if leaver is None:
        missing = "此人不是本轮次的评审委员，请重新选择。" if decided.leaver_id else "请选择退出的委员。"
        yield Problem("/leaver", missing)
        return
    if not decided.alternate_id:
        yield Problem("/alternate", "请选择接任的委员。")
    elif text := _unfit(session, decided.alternate_id, leaver, round_, ever, tasks, now):
        yield Problem("/alternate", text)
    chair = ever.get(decided.chair_id or "")
    if not leaver.chair:
        if decided.chair_id:
            yield Problem("/chair", "退出的委员不是主任委员，主任委员不变，请不要选择这一项。")
    elif not decided.chair_id:
        yield Problem("/chair", "退出的是主任委员，请选择接任的主任委员。")
    elif decided.chair_id != decided.alternate_id and (
        chair is None or chair is leaver or chair.ended_at is not None or chair.alternate
    ):
        yield Problem("/chair", "主任委员应是接任的委员，或者现任的一名委员，请重新选择。")


def _unfit(
    session: Session,
    person_id: str,
    leaver: CommitteeMember,
    round_: Round,
    ever: Mapping[str, CommitteeMember],
    tasks: Sequence[UserTask],
    now: datetime,
) -> str | None:
    known = ever.get(person_id)
    if known is leaver:
        return "接任的委员不能是退出的委员本人，请另选一人。"
    if known is not None and known.ended_at is not None:
        return f"此人已于{chinese(known.ended_at)}退出本轮次评审委员会，不能再接任，请另选一人。"
    if known is not None and not known.alternate:
        by = people.names(session, [known.seated_by]).get(known.seated_by, "其他人员")
        return f"此人已是本轮次的评审委员（{chinese(known.seated_at)}由{by}指定），请另选一人。"
    if known is not None and leaver.alternate:
        return "此人已是候补委员，请另选一人。"
    if round_.stage == Stage.SCORING and (
        any(task.assignee_id == person_id for task in tasks)
        or scores.sheets(session, round_.id, round_.scoring_pass, person_id)
    ):
        return "此人已作为候补委员参加本次评分，不能再接任，请另选一人。"
    return seating.unfit(person_id, leaver.role, committees.capacities(session, round_.division_code, now))


def of_committee(
    session: Session, round_: Round, accepted: Sequence[Applicant], parameters: Mapping[str, Any]
) -> Iterable[Problem]:
    """What the committee as it is now would not have been seated with, and whose sheets nobody could give."""
    sitting = committees.members(session, round_.id)
    seats = [Seat(each.person_id, each.role, each.chair) for each in sitting]
    pairs = {(each.application_id, each.person_id) for each in committees.recusals(session, round_.id)}
    for problem in (
        *seating.composition(seats, parameters),
        *seating.thin(seats, accepted, pairs, parameters),
    ):
        yield Problem("/alternate", problem.message)
    if round_.stage != Stage.SCORING:
        return
    asked = {task.assignee_id for task in open_tasks(session, round_.id)}
    submitted = {
        (each.person_id, each.application_id)
        for each in scores.sheets(session, round_.id, round_.scoring_pass)
    }
    wanting = {
        each.application_id: each.name
        for person_id, given in scores.assignments(session, round_, accepted).items()
        for each in given
        if person_id not in asked and (person_id, each.application_id) not in submitted
    }
    for name in wanting.values():
        # An alternate is given work only when scores are opened, so none can come in for the recusal.
        yield Problem(
            "/alternate",
            f"由此人接任，{name}的评分将少于要求的 {parameters['minimum_sheets']} 份；"
            "请另选一位不须回避它的人员。",
        )
