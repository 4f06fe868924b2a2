"""Histories: the events of a case, or of the system, as sentences: who did, decided and said what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import (
    access,
    applications,
    calendars,
    cycles,
    divisions,
    editions,
    forms,
    offices,
    opinions,
    overrides,
    pages,
    people,
    subjects,
    visibility,
    wordings,
)
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.attachments import Attachment
from service.domain.memberships import ADMIN, AUDITOR, ROLES, Membership
from service.domain.objections import ObjectionStatus
from service.domain.offices import Office
from service.domain.pages import Page
from service.domain.recommendations import RecommendationStatus
from service.domain.rounds import Outcome, Stage
from service.domain.subjects import Subject
from service.engine import definitions, instances
from service.engine.definitions import Element
from service.engine.history import SYSTEM, HistoryEvent
from service.engine.instances import Instance
from service.engine.user_tasks import UserTask

PEOPLE = ("person", "person_id", "claimed_by", "to", "leaver", "alternate")
"""Where the data of events name one person."""
APPLICATIONS = ("applications", "chosen")
_SHOWN = ("Task", "Event", "Activity", "subProcess", "transaction")
_STATUSES: dict[tuple[str, str], type[StrEnum]] = {
    ("application_closed", "status"): applications.Status,
    ("recommendation_closed", "status"): RecommendationStatus,
    ("objection_closed", "status"): ObjectionStatus,
    ("round_closed", "outcome"): Outcome,
    ("round_stage_entered", "stage"): Stage,
    ("milestone_set", "kind"): cycles.Kind,
    ("cycle_assessed", "stage"): cycles.Stage,
    ("cycle_assessed", "verdict"): cycles.Verdict,
    ("rectification_checked", "verdict"): cycles.Verdict,
}


class Line(NamedTuple):
    """One event in words, with what its place in the chain is proved by."""

    seq: int
    at: datetime
    type: str
    sentence: str
    """余杭区工业和信息化主管部门 张三办结任务“编制申报书”，提交《申报书》，决定：提交"""
    opinion: str
    actor_id: str | None
    element_id: str | None
    data: Mapping[str, Any]
    """Empty where it is another person's alone."""
    previous_hash: str
    hash: str


def of_case(
    session: Session, actor: Actor, business_key: str, *, number: int = 1, size: int = pages.SIZE
) -> Page[Line]:
    """The history of a case, the oldest first; SubjectMissing where the actor may not see it."""
    visibility.require(session, actor, business_key)
    subject = subjects.get(session, business_key)
    if subject.instance_id is None:
        raise subjects.SubjectMissing
    instance = instances.get(session, subject.instance_id)
    loaded = definitions.loaded(session, instance.definition_id)
    elements = {element.id: element for element in loaded.elements.values()}
    return _page(session, actor, instance.id, number, size, subject, elements)


def of_system(session: Session, actor: Actor, *, number: int = 1, size: int = pages.SIZE) -> Page[Line]:
    """The history of what belongs to no case, the newest first; for administrators and auditors."""
    access.require_role(actor, ADMIN, AUDITOR)
    return _page(session, actor, SYSTEM, number, size, None, {})


def _page(
    session: Session,
    actor: Actor,
    chain: str,
    number: int,
    size: int,
    subject: Subject | None,
    elements: Mapping[str, Element],
) -> Page[Line]:
    order = HistoryEvent.seq.desc() if chain == SYSTEM else HistoryEvent.seq
    wanted = select(HistoryEvent).where(HistoryEvent.chain == chain).order_by(order)
    found = pages.page(session, wanted, number=number, size=size)
    events = [row[0] for row in found.rows]
    known = _Known(session, actor, events, subject, elements)
    return found.holding([known.line(event) for event in events])


class _Known:
    """What the ids in the events of one page stand for, each kind of them read in one statement."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        events: Sequence[HistoryEvent],
        subject: Subject | None,
        elements: Mapping[str, Element],
    ) -> None:
        self.actor = actor
        self.elements = elements
        # Who of a committee scored an application is not told on that application's own case.
        self.anonymous = subject is not None and subject.kind == subjects.APPLICATION
        self.edition = editions.get(session, subject.edition_id) if subject else None
        self.year = subject.year if subject else 0
        ids = {each for event in events for each in _ids(event, "user_task_id", "user_task")}
        self.tasks = {task.id: task for task in session.scalars(select(UserTask).where(UserTask.id.in_(ids)))}
        self.personal = set(
            session.scalars(
                select(UserTask.element_id)
                .where(
                    UserTask.instance_id.in_({event.chain for event in events}),
                    UserTask.assignee_id.is_not(None),
                )
                .distinct()
            )
        )
        who = {event.actor_id for event in events} | {
            each for event in events for each in _ids(event, *PEOPLE, "members")
        }
        assignees = {task.assignee_id for task in self.tasks.values()}
        self.people = people.names(session, who | assignees)
        self.offices = _offices(session, {event.actor_id for event in events if event.actor_id})
        given = [
            (task.office, task.division) for task in self.tasks.values() if task.office and task.division
        ]
        self.owners = offices.names(session, given)
        said = {each for event in events for each in _ids(event, "opinion_id")}
        self.opinions = opinions.by_id(session, said)
        self.applications = _applications(
            session, {each for event in events for each in _ids(event, "application_id", *APPLICATIONS)}
        )
        self.divisions = divisions.names(
            session, {each for event in events for each in _ids(event, "division")}
        )
        self.subjects = _subjects(session, {each for event in events for each in _ids(event, "instance_id")})
        self.overrides = overrides.by_id(
            session, {each for event in events for each in _ids(event, "override")}
        )
        self.files = _files(session, actor, {each for event in events for each in _ids(event, "attachment")})

    def line(self, event: HistoryEvent) -> Line:
        hidden = event.element_id in self.personal and event.actor_id != self.actor.person_id
        opinion = self.opinions.get(event.data.get("opinion_id") or "")
        return Line(
            seq=event.seq,
            at=event.at,
            type=event.type,
            sentence=wordings.sentence(event.type, self._names(event, hidden)),
            opinion=opinion.text if opinion is not None and not hidden else "",
            actor_id=event.actor_id,
            element_id=event.element_id,
            data={} if hidden else event.data,
            previous_hash=event.previous_hash,
            hash=event.hash,
        )

    def _names(self, event: HistoryEvent, hidden: bool) -> dict[str, str]:
        task = self.tasks.get(next(_ids(event, "user_task_id", "user_task"), ""))
        element = self.elements.get(event.element_id or "")
        names = {
            **{key: _text(event.type, key, value) for key, value in event.data.items()},
            "who": self._who(event.actor_id),
            "step": element.name if element else task.name if task else "",
            "owner": self._owner(task) if task else "",
            "members": self._joined(self.people, _ids(event, "members")),
            **{key: self._joined(self.people, _ids(event, key)) for key in PEOPLE},
            "forms": "" if hidden else self._forms(event.data.get("forms") or {}),
            "message": wordings.messages().get(event.data.get("name", ""), ""),
            "elements": self._elements(_ids(event, "ids", "end_elements")),
            "division": self._joined(self.divisions, _ids(event, "division")),
            "subject": self._joined(self.subjects, _ids(event, "instance_id")),
            **self._override(event),
            "file": self._joined(self.files, _ids(event, "attachment")),
            "decision": "",
            "applications": "",
        }
        if hidden and self.anonymous:
            names |= {"who": "一名成员", "owner": "一名成员"}
        if not hidden:
            labels = task.decisions if task else element.decisions if element else {}
            decision = event.data.get("decision") or event.data.get("finding") or ""
            names["decision"] = labels.get(decision, decision)
            named = _ids(event, "application_id", *APPLICATIONS)
            names["applications"] = self._joined(self.applications, named)
        return names

    def _override(self, event: HistoryEvent) -> dict[str, str]:
        found = self.overrides.get(next(_ids(event, "override"), ""))
        if found is None:
            return {}
        return {
            "condition": found.name,
            "approver": found.approver,
            "document_number": found.document_number,
            "approved_on": calendars.chinese(found.approved_on),
            "reason": found.reason.rstrip("。"),
        }

    def _who(self, person_id: str | None) -> str:
        if person_id is None:
            return "系统"
        name = self.people.get(person_id, "其他人员")
        return f"{self.offices[person_id]} {name}" if person_id in self.offices else name

    def _owner(self, task: UserTask) -> str:
        if task.assignee_id is not None:
            return self.people.get(task.assignee_id, "")
        return self.owners.get((task.office or "", task.division or ""), "")

    def _forms(self, keys: Iterable[str]) -> str:
        if self.edition is None:
            return ""
        return "".join(
            f"《{forms.in_year(editions.form(self.edition, key).title, self.year)}》" for key in keys
        )

    def _elements(self, ids: Iterable[str]) -> str:
        passed = (self.elements[each] for each in ids if each in self.elements)
        shown = (each.name for each in passed if each.name and each.type.endswith(_SHOWN))
        return "、".join(f"“{name}”" for name in dict.fromkeys(shown))

    def _joined(self, names: Mapping[str, str], ids: Iterable[str]) -> str:
        return "、".join(names[each] for each in dict.fromkeys(ids) if each in names)


def _ids(event: HistoryEvent, *keys: str) -> Iterator[str]:
    """The ids that the event's data hold under these keys, one or many a key."""
    for key in keys:
        value = event.data.get(key)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))


def _text(type: str, key: str, value: object) -> str:
    """A plain value of an event's data as a sentence says it."""
    if (type, key) in _STATUSES:
        status: Any = _STATUSES[type, key](str(value))
        return str(status.label)
    if key == "role":
        return ROLES.get(str(value), str(value))
    if key.endswith("_on") and isinstance(value, str):
        return calendars.chinese(date.fromisoformat(value))
    if isinstance(value, list):
        return str(len(value)) if value else ""
    return str(value) if isinstance(value, str | int) else ""


def _offices(session: Session, person_ids: set[str]) -> dict[str, str]:
    """The office of each person who was ever an official of one alone."""
    found: dict[str, set[str]] = {}
    rows = session.execute(
        select(Membership.person_id, Office.name)
        .join(Office, Office.id == Membership.office_id)
        .where(Membership.person_id.in_(person_ids))
    )
    for person_id, name in rows:
        found.setdefault(person_id, set()).add(name)
    return {person_id: names.pop() for person_id, names in found.items() if len(names) == 1}


def _applications(session: Session, ids: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Application.id, Application.division_code)
        .where(Application.id.in_(ids))
        .order_by(Application.division_code)
    ).all()
    names = divisions.full_names(session, {code for _, code in rows})
    return {application_id: names[code] for application_id, code in rows}


def _subjects(session: Session, instance_ids: set[str]) -> dict[str, str]:
    """What instances are about, by their id."""
    query = select(Instance.id, Instance.business_key).where(Instance.id.in_(instance_ids))
    keys = dict(iter(session.execute(query)))
    found = subjects.get_all(session, keys.values())
    return {instance: found[key].title for instance, key in keys.items() if key in found}


def _files(session: Session, actor: Actor, ids: set[str]) -> dict[str, str]:
    """Names of files; of what the public handed in only for those who may know whose it is."""
    query = select(Attachment.id, Attachment.name).where(Attachment.id.in_(ids), visibility.named(actor))
    return dict(iter(session.execute(query)))
