"""Timelines: what happened when, in words, without an id that differs from run to run."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import divisions, notices, people, rounds, subjects
from service.domain.applications import Application, Status
from service.domain.calendars import chinese
from service.domain.committees import CommitteeMember
from service.domain.eligibility import EligibilityFinding
from service.domain.objections import Objection
from service.domain.offices import Office
from service.domain.people import Person
from service.domain.rounds import Round, Stage
from service.domain.sanctions import Sanction, Scope, span
from service.domain.simulation import policies
from service.domain.simulation.runs import Run
from service.engine.user_tasks import UserTask, UserTaskStatus

ENDINGS_OF_THEIR_OWN = {
    Status.WITHDRAWN,
    Status.BARRED,
    Status.LAPSED,
    Status.REFUSED,
    Status.NOT_ACCEPTED,
    Status.DISQUALIFIED,
    Status.AWARD_REVOKED,
    Status.NOT_APPROVED,
    Status.APPROVED,
    Status.SUSPENDED,
    Status.COMPLETED,
    Status.CANCELLED,
}
"""What does not merely follow from the announcement or the recommendation."""


class Entry(NamedTuple):
    """Something that happened; `notable` for what is not the plain course of an application."""

    at: str
    """2018-03-05 14:30, in Asia/Shanghai."""
    subject: str
    text: str
    notable: bool


def read(session: Session, run: Run) -> list[Entry]:
    """Everything in the order of time; what falls on one minute by subject and text."""
    found = [
        *_user_tasks(session, run),
        *_missed_conditions(session),
        *_endings(session, run),
        *_deadlines(session, run),
        *_notices(session, run),
        *_objections(session, run),
        *_replacements(session),
        *_sanctions(session),
        *_attempts(session, run),
    ]
    return sorted(found)


def receipts(session: Session, run: Run) -> dict[str, str]:
    """Receipt number of an objection, which is drawn at random → what to call it instead."""
    found = session.execute(select(Objection.id, Objection.number))
    labels = sorted(run.objections.values())
    return {number: f"第{labels.index(run.objections[id]) + 1}件" for id, number in found}


def stable(text: str, receipts: Mapping[str, str]) -> str:
    """The text with the receipt numbers replaced."""
    for number, name in receipts.items():
        text = text.replace(number, name)
    return text


def local(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""


def _user_tasks(session: Session, run: Run) -> Iterator[Entry]:
    rules = policies.load(run.edition).tasks
    rows = session.execute(
        select(UserTask, Office.name, Person.name)
        .outerjoin(Office, and_(Office.kind == UserTask.office, Office.division_code == UserTask.division))
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .where(UserTask.status != UserTaskStatus.OPEN)
    ).all()
    names = _names(session, {task.business_key for task, _, _ in rows})
    for task, office, person in rows:
        who, subject = office or person or "", names[task.business_key]
        if task.status == UserTaskStatus.WITHDRAWN:
            yield Entry(local(task.completed_at), subject, f"{who}逾期未办：{task.name}", True)
            continue
        plain = task.decision == rules[task.element_id].decide
        single = subjects.split(task.business_key)[0] in (subjects.ROUND, subjects.OBJECTION)
        notable = not plain or (single and task.assignee_id is None) or task.element_id == "break_tie"
        decision = task.decisions.get(task.decision or "", "")
        yield Entry(local(task.completed_at), subject, f"{who}{task.name}：{decision}", notable)


def _names(session: Session, business_keys: set[str]) -> dict[str, str]:
    """What each subject is called: a full division name, a recommending unit, a round, an objection."""
    found = subjects.get_all(session, business_keys)
    full = divisions.full_names(session, {each.division_code for each in found.values()})
    shapes = {
        subjects.APPLICATION: "{division}",
        subjects.RECOMMENDATION: "{division}（推荐）",
        subjects.ROUND: "{title}",
        subjects.OBJECTION: "{division}（异议）",
        subjects.TARGETS: "{title}",
        subjects.DECOMPOSITION: "{division}（目标任务）",
    }
    return {
        key: shapes[each.kind].format(division=full[each.division_code], title=each.title)
        for key, each in found.items()
    }


def _applicants(session: Session) -> dict[str, tuple[Application, str]]:
    """Application id → row and full name."""
    rows = session.scalars(select(Application)).all()
    names = divisions.full_names(session, {each.division_code for each in rows})
    return {each.id: (each, names[each.division_code]) for each in rows}


def _missed_conditions(session: Session) -> Iterator[Entry]:
    applicants = _applicants(session)
    for finding in session.scalars(select(EligibilityFinding).where(EligibilityFinding.met.is_(False))):
        _, name = applicants[finding.application_id]
        yield Entry(local(finding.checked_at), name, f"不符合基本条件：{finding.message}", True)


def _endings(session: Session, run: Run) -> Iterator[Entry]:
    filed = receipts(session, run)
    for row, name in _applicants(session).values():
        status = Status(row.status)
        if row.closed_at is not None:
            text = f"{status.label}：{stable(row.reason or '', filed)}"
            yield Entry(local(row.closed_at), name, text, status in ENDINGS_OF_THEIR_OWN)


def _deadlines(session: Session, run: Run) -> Iterator[Entry]:
    for round_id in run.rounds:
        round_ = rounds.get(session, round_id)
        if round_.collection_ends_on is not None:
            at = f"{round_.collection_ends_on} 24:00"
            ended = "年度届满，停止受理" if round_.stage == Stage.ENDED else "材料报送截止"
            yield Entry(at, round_.title, ended, True)


def _notices(session: Session, run: Run) -> Iterator[Entry]:
    for round_id in run.rounds:
        title = rounds.get(session, round_id).title
        published = notices.of_round(session, round_id)
        listed = notices.entries(session, [each.id for each in published])
        for notice in published:
            assert notice.ends_on is not None
            text = f"发布，{len(listed[notice.id])} 个申报，至{chinese(notice.ends_on)} 24:00"
            yield Entry(local(notice.published_at), title, f"公示（{notice.number}）{text}", True)
            if notice.closed_at is not None:
                yield Entry(local(notice.closed_at), title, f"公示（{notice.number}）结束", True)


def _objections(session: Session, run: Run) -> Iterator[Entry]:
    applicants = _applicants(session)
    filed = receipts(session, run)
    for each in session.scalars(select(Objection)):
        kind = "立案核查" if each.notice_id is None else "收到匿名反映" if each.anonymous else "收到异议"
        name = f"{applicants[each.application_id][1]}（异议）"
        yield Entry(local(each.filed_at), name, f"{kind}（{filed[each.number]}）", True)


def _replacements(session: Session) -> Iterator[Entry]:
    gone = select(CommitteeMember, Round.title).join(Round, Round.id == CommitteeMember.round_id)
    rows = session.execute(gone.where(CommitteeMember.ended_at.is_not(None))).all()
    names = people.names(session, [each for row, _ in rows for each in (row.person_id, row.replaced_by)])
    for row, title in rows:
        text = f"更换评审委员：{names[row.person_id]}退出，由{names[row.replaced_by or '']}接任"
        yield Entry(local(row.ended_at), title, f"{text}（{row.decision_number}）", True)


def _sanctions(session: Session) -> Iterator[Entry]:
    rows = session.scalars(select(Sanction)).all()
    names = divisions.full_names(session, {each.division_code for each in rows})
    for each in rows:
        what = "评选资格" if each.scope == Scope.CITY else "申报资格"
        years = span(each.first_year, each.last_year)
        text = f"取消{years}{what}（{each.decision_number}）"
        yield Entry(local(each.imposed_at), names[each.division_code], text, True)


def _attempts(session: Session, run: Run) -> Iterator[Entry]:
    names = divisions.full_names(session, {each.division_code for each in run.attempts})
    for attempt in run.attempts:
        text = f"新建申报被拒绝：{attempt.refusal}" if attempt.refusal else "新建申报没有被拒绝"
        yield Entry(local(attempt.at), names[attempt.division_code], text, True)
