"""One user task's page: everything that it shows, in a bounded number of statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import (
    claims,
    editions,
    forms,
    offices,
    opinions,
    parallels,
    people,
    rounds,
    shortlists,
    standings,
    subjects,
    visibility,
)
from service.domain.access import Actor, may_complete
from service.domain.attachments import Attachment
from service.domain.citations import cited
from service.domain.claims import Released
from service.domain.forms import Compiled, FormSubmission
from service.domain.forms import Problem as FormProblem
from service.domain.people import Person
from service.domain.subjects import Subject
from service.domain.user_tasks import cases
from service.domain.user_tasks.cases import Case, Submitted
from service.engine.user_tasks import UserTask, UserTaskStatus


class FormView(NamedTuple):
    """A form as the page shows it: to fill in (`content` is the draft or what to start from) or to read."""

    key: str
    compiled: Compiled
    content: Mapping[str, Any]
    editable: bool
    version: int
    """Of the draft, to be given back when saving; 0: there is none yet."""
    saved_at: datetime | None
    saved_by: str | None
    submission_id: str | None = None
    """The submission that `content` is; None: a draft, or what a form starts from."""
    remarks: Sequence[FormProblem] = ()
    """What a reviewer would ask about a submission: its warnings, as its author read them."""


class Step(NamedTuple):
    """One user task in the course of the case, with what was decided and said."""

    user_task_id: str
    name: str
    office: str
    person: str
    created_at: datetime
    completed_at: datetime | None
    status: str
    decision: str
    opinion: str


class View(NamedTuple):
    """All that the page of a user task shows."""

    user_task: UserTask
    subject: Subject
    owner: str
    may_complete: bool
    """Whether the actor may work on it now: it is open, the actor's, and nobody else has claimed it."""
    may_claim: bool
    """The same, or the actor would have to claim it again first."""
    released: Released | None
    """What an administrator said who has ended the actor's claim."""
    claimed_by: str | None
    """The name of who claimed it."""
    instance_version: int
    forms: list[FormView]
    materials: list[FormView]
    """What else was submitted in the case, to read."""
    decisions: Mapping[str, str]
    opinion: str
    """required | optional | none"""
    opinion_needed: list[str]
    """Decisions that always need an opinion."""
    attachments: list[Attachment]
    may_attach: bool
    article: str | None
    warnings: list[str]
    """What to bear in mind, though it stops nobody."""
    course: list[Step]


def view(session: Session, actor: Actor, user_task_id: str) -> View:
    """Everything about one user task; UserTaskHidden where the actor may not see it."""
    case = cases.get(session, actor, user_task_id)
    task = case.user_task
    claimed_by = cases.claimer(session, actor, task)
    claimable = (
        task.status == UserTaskStatus.OPEN
        and may_complete(actor, task)
        and claimed_by in (None, actor.person_id)
    )
    released = cases.release(session, actor, task)
    workable = claimable and released is None
    if task.status == UserTaskStatus.OPEN and claimed_by not in (None, actor.person_id):
        released = claims.released_from(session, task.id, actor.person_id)
    submitted = cases.latest(session, task.business_key)
    own, others = _forms(session, actor, case, submitted, claimable, workable)
    return View(
        user_task=task,
        subject=case.subject,
        owner=cases.owner(session, task),
        may_complete=workable,
        may_claim=claimable and task.assignee_id is None,
        released=released,
        claimed_by=people.names(session, [claimed_by]).get(claimed_by or ""),
        instance_version=case.instance.version,
        forms=own,
        materials=others,
        decisions=task.decisions,
        opinion=opinion_rule(case),
        opinion_needed=[decision for decision in task.decisions if opinion_is_needed(case, decision)],
        attachments=visibility.attachments_of(session, actor, task.business_key),
        may_attach=workable and takes_attachments(case),
        article=_article(session, case),
        warnings=[] if task.assignee_id else _warnings(session, actor, case),
        course=course(session, actor, task.business_key),
    )


def _warnings(session: Session, actor: Actor, case: Case) -> list[str]:
    found = parallels.warnings(session, actor, case.subject)
    if stage := standings.stage_reviewed(case.user_task.form_keys):
        found += standings.doubts(session, case.subject.id, stage)
    if case.subject.kind == subjects.ROUND and case.user_task.status == UserTaskStatus.OPEN:
        found += shortlists.warnings(session, rounds.get(session, case.subject.round_id))
    return found


def _article(session: Session, case: Case) -> str | None:
    """What the user task carries out, as the edition's document numbers it."""
    article = case.element.article
    return article and cited(article, editions.get(session, case.subject.edition_id).shared_articles)


def opinion_rule(case: Case) -> str:
    """What the element says of the opinion: required, optional (when silent) or none."""
    return case.element.properties.get("opinion", "optional")


def opinion_is_needed(case: Case, decision: str | None) -> bool:
    """Where the element says so; and whoever sends back or refuses always says why."""
    return opinion_rule(case) == "required" or decision in ("return", "refuse")


def takes_attachments(case: Case) -> bool:
    return case.element.properties.get("attachments", "no") == "yes"


def course(session: Session, actor: Actor, business_key: str) -> list[Step]:
    """The user tasks of a case as they were completed, the open ones last.

    What was given to another person alone shows no word of it; what was given to several at once, and does
    not tell who they are, is one step that counts them.
    """
    rows = session.execute(
        select(UserTask, Person.name)
        .outerjoin(Person, Person.id == func.coalesce(UserTask.completed_by, UserTask.assignee_id))
        .where(UserTask.business_key == business_key)
        .order_by(UserTask.completed_at.is_(None), UserTask.completed_at, UserTask.created_at, UserTask.id)
    ).all()
    wanted = [task.opinion_id for task, _ in rows if task.opinion_id and not _sealed(actor, task)]
    texts = opinions.by_id(session, wanted)
    given = [(task.office, task.division) for task, _ in rows if task.office and task.division]
    names = offices.names(session, given)
    counted = _counted([task for task, _ in rows if _anonymous(actor, task)])
    steps = [
        Step(
            user_task_id=task.id,
            name=task.name,
            office=names.get((task.office or "", task.division or ""), ""),
            person="" if _anonymous(actor, task) else name or "",
            created_at=task.created_at,
            completed_at=task.completed_at,
            status=task.status,
            decision=""
            if _sealed(actor, task)
            else task.decisions.get(task.decision or "", task.decision or ""),
            opinion=texts[task.opinion_id].text if task.opinion_id in texts else "",
        )
        for task, name in rows
        if task.id not in counted
    ]
    return sorted([*steps, *filter(None, counted.values())], key=_order)


def _order(step: Step) -> tuple[bool, datetime]:
    return (True, step.created_at) if step.completed_at is None else (False, step.completed_at)


def _counted(tasks: Sequence[UserTask]) -> dict[str, Step | None]:
    """By task, the one step that stands for all who were asked the same at one time; None but for the first.

    Who takes a seat over is asked while the others are; a second pass begins when all of the first are done.
    """
    found: dict[str, Step | None] = {}
    for together in _asked_together(tasks):
        found |= dict.fromkeys([each.id for each in together])
        found[together[0].id] = _sum(together)
    return found


def _asked_together(tasks: Sequence[UserTask]) -> list[list[UserTask]]:
    groups: list[list[UserTask]] = []
    for task in sorted(tasks, key=lambda each: (each.element_id, each.created_at, each.id)):
        last = groups[-1] if groups else []
        if last and task.element_id == last[0].element_id and any(_overlap(each, task) for each in last):
            last.append(task)
        else:
            groups.append([task])
    return groups


def _overlap(earlier: UserTask, later: UserTask) -> bool:
    return earlier.completed_at is None or earlier.completed_at >= later.created_at


def _sum(tasks: Sequence[UserTask]) -> Step:
    """评分（22 人，已交 20 人）; without the numbers where one alone was asked."""
    asked = [each for each in tasks if each.status != UserTaskStatus.WITHDRAWN]
    ends = [each.completed_at for each in asked or tasks if each.completed_at is not None]
    handed_in = sum(each.status == UserTaskStatus.COMPLETED for each in asked)
    open_ = handed_in < len(asked)
    status = UserTaskStatus.OPEN if open_ else asked[0].status if asked else UserTaskStatus.WITHDRAWN
    return Step(
        user_task_id=tasks[0].id,
        name=tasks[0].name + (f"（{len(asked)} 人，已交 {handed_in} 人）" if len(asked) > 1 else ""),
        office="",
        person="",
        created_at=tasks[0].created_at,
        completed_at=None if open_ else max(ends),
        status=status,
        decision="",
        opinion="",
    )


def _anonymous(actor: Actor, task: UserTask) -> bool:
    """Who of a committee scored an application is not told on that application's own case."""
    return _sealed(actor, task) and subjects.split(task.business_key)[0] == subjects.APPLICATION


def _sealed(actor: Actor, task: UserTask) -> bool:
    return task.assignee_id is not None and task.assignee_id != actor.person_id


def _forms(
    session: Session,
    actor: Actor,
    case: Case,
    submitted: Mapping[str, Submitted],
    claimable: bool,
    workable: bool,
) -> tuple[list[FormView], list[FormView]]:
    """The user task's own forms, and what else was submitted in the case but by one person alone.

    Who would have to claim it again first sees the drafts, and cannot write in them.
    """
    task = case.user_task
    others = [key for key, each in submitted.items() if key not in task.form_keys and not each.alone]
    compiled = {
        key: each
        for key, each in cases.compiled(session, case, [*task.form_keys, *others]).items()
        if cases.shows(actor, case, each)
    }
    supplied = cases.supplied(session, case.subject, compiled.values())
    drafts = cases.drafts(session, task) if claimable else {}
    answered = _answered(session, task) if task.status == UserTaskStatus.COMPLETED else {}
    names = people.names(session, [draft.saved_by for draft in drafts.values()])
    own = []
    for key in (key for key in task.form_keys if key in compiled):
        editable = workable and not compiled[key].readonly
        draft = None if compiled[key].readonly else drafts.get(key)
        content, version, saved_at, saved_by = cases.base(case, compiled[key], submitted), 0, None, None
        if task.status == UserTaskStatus.WITHDRAWN and not content:
            continue  # It was never handed in: an empty form would read as if it had been.
        submission_id: str | None = None
        if draft is not None:
            content, version, saved_at = draft.content, draft.version, draft.saved_at
            saved_by = names.get(draft.saved_by)
        elif key in answered:
            content, saved_at = answered[key].content, answered[key].submitted_at
            submission_id = answered[key].id
        elif not editable and content:
            submission_id = submitted[key].row.id
        mine = compiled[key].editable if editable else frozenset()
        content = forms.supply(compiled[key].definition, content, supplied, mine)
        own.append(
            FormView(key, compiled[key], content, editable, version, saved_at, saved_by, submission_id)
        )
    materials = [
        FormView(
            key,
            compiled[key],
            forms.supply(compiled[key].definition, row.content, supplied),
            False,
            0,
            row.submitted_at,
            None,
            row.id,
        )
        for key in others
        if key in compiled and (row := submitted[key].row)
    ]
    contents = {key: each.row.content for key, each in submitted.items()}
    beside = cases.others(session, case, compiled.values(), contents)
    return _remarked(own, submitted, beside), _remarked(materials, submitted, beside)


def _remarked(
    views: Sequence[FormView], submitted: Mapping[str, Submitted], beside: forms.Others
) -> list[FormView]:
    """What was handed in, with what a reviewer would ask about it; what is written now is judged as it is."""
    return [
        each._replace(
            remarks=forms.remarks(
                each.compiled,
                each.content,
                beside,
                besides=each.compiled.editable if each.editable else frozenset(),
            )
        )
        if each.submission_id or (each.editable and each.key in submitted)
        else each
        for each in views
    ]


def _answered(session: Session, task: UserTask) -> dict[str, FormSubmission]:
    found = session.scalars(select(FormSubmission).where(FormSubmission.user_task_id == task.id))
    return {submission.form_key: submission for submission in found}
