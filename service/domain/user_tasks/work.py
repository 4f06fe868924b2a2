"""What people do with a user task: claim it, save drafts, attach files, complete it.

Each holds the instance: what comes while a colleague completes the user task reads that it is done.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import attachments, forms, opinions, people
from service.domain.access import Actor
from service.domain.attachments import Attachment
from service.domain.calendars import chinese
from service.domain.forms import Answer, Compiled
from service.domain.forms import Problem as FormProblem
from service.domain.user_tasks import cases, views
from service.domain.user_tasks.cases import Case, Submitted
from service.domain.user_tasks.errors import (
    DraftChanged,
    FilesMissing,
    FormInvalid,
    FormUnknown,
    OpinionNeeded,
)
from service.engine import seals
from service.engine.engine import ProcessEngine
from service.engine.instances import Instance
from service.engine.user_tasks import Held, UserTask

WITHOUT_FORMS = ("withdraw", "return")  # What is taken back or sent back is not handed in.
FORMS_OPTIONAL = ("refuse", "none")  # Who refuses need not fill in the rest; what holds is kept.


class Saved(NamedTuple):
    """A draft as it was saved; the problems are told at once, and stop nothing yet."""

    version: int
    saved_at: datetime
    problems: list[FormProblem]


def claim(session: Session, engine: ProcessEngine, actor: Actor, user_task_id: str) -> UserTask:
    """Take a user task of one's office upon oneself; AlreadyClaimed names the colleague who has it."""
    case = cases.get(session, actor, user_task_id, lock=True)
    _take_over(session, engine, actor, case, claiming=True)
    return engine.claim(session, user_task_id, actor.person_id)


def release(session: Session, engine: ProcessEngine, actor: Actor, user_task_id: str) -> UserTask:
    """Give a claimed user task back to the office."""
    case = cases.get(session, actor, user_task_id, lock=True)
    cases.require_open(session, actor, case.user_task, claiming=True)
    return engine.unclaim(session, user_task_id, actor.person_id)


def save_draft(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    form_key: str,
    content: object,
    *,
    version: int,
) -> Saved:
    """Keep what was typed so far, over the version that the person saw (0: none). DraftChanged names who
    was faster."""
    case = cases.get(session, actor, user_task_id, lock=True)
    compiled = cases.writable_form(session, actor, case, form_key)
    try:
        cleaned = forms.clean(compiled, content)
        draft = forms.save_draft(
            session,
            user_task_id,
            form_key,
            cleaned,
            expected_version=version,
            person_id=actor.person_id,
            now=engine.clock.now(),
        )
    except forms.ContentRefused as refused:
        raise FormInvalid({form_key: [FormProblem("", str(refused))]}) from None
    except forms.DraftChanged as changed:
        who = people.names(session, [changed.who]).get(changed.who or "", "其他人员")
        raise DraftChanged(who=who, when=chinese(changed.when) if changed.when else "刚才") from None
    others = _beside(session, case, compiled)
    problems = forms.validate(compiled, cleaned, others)
    problems += _postdated(compiled, cleaned, draft.saved_at)
    return Saved(draft.version, draft.saved_at, problems)


def _beside(session: Session, case: Case, compiled: Compiled) -> dict[str, dict[str, Any]]:
    """What the other forms say to the checks of this one: their drafts, or what was handed in last."""
    if not compiled.definition.compared:
        return {}
    before = cases.latest(session, case.user_task.business_key)
    contents = {key: each.row.content for key, each in before.items()}
    contents |= {key: each.content for key, each in cases.drafts(session, case.user_task).items()}
    return cases.others(session, case, [compiled], contents)


def attach(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    folder: Path,
    stream: IO[bytes],
    *,
    name: str,
    maximum_bytes: int,
) -> Attachment:
    """Add a file to the case, for an attachment of its own or for a form's file field. FileRefused."""
    case = cases.get(session, actor, user_task_id, lock=True)
    cases.require_open(session, actor, case.user_task)
    return attachments.add(
        session,
        folder,
        stream,
        name=name,
        business_key=case.user_task.business_key,
        user_task_id=user_task_id,
        person_id=actor.person_id,
        now=engine.clock.now(),
        maximum_bytes=maximum_bytes,
        chain=case.instance.id,
    )


def detach(
    session: Session, engine: ProcessEngine, actor: Actor, user_task_id: str, attachment_id: str
) -> None:
    """Take away a file that was added in this user task, while it is open."""
    case = cases.get(session, actor, user_task_id, lock=True)
    cases.require_open(session, actor, case.user_task)
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or attachment.user_task_id != user_task_id:
        raise attachments.AttachmentMissing
    attachments.remove(
        session, attachment_id, person_id=actor.person_id, now=engine.clock.now(), chain=case.instance.id
    )


def complete(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    user_task_id: str,
    *,
    decision: str | None = None,
    opinion: str | None = None,
    contents: Mapping[str, object] | None = None,
    version: int | None = None,
) -> Instance:
    """Complete a user task: right, state, opinion, forms, and only then the engine; all of it or nothing.

    `contents` (form key → content) go before the drafts. Raises UserTaskHidden, NotYours, the engine's
    UserTaskClosed (who and when) and its kin, OpinionNeeded, FormInvalid (each problem at its cell), and what
    the element's effect raises.
    """
    case = cases.get(session, actor, user_task_id, lock=True)
    if _take_over(session, engine, actor, case):
        case = cases.get(session, actor, user_task_id, lock=True)
    now = engine.clock.now()
    opinion = (opinion or "").strip()
    decided = not case.user_task.decisions or decision in case.user_task.decisions  # Else the engine tells.
    if not opinion and decided and views.opinion_is_needed(case, decision):
        label = case.user_task.decisions.get(decision or "", "办结")
        raise OpinionNeeded(decision=label)
    filled = _filled(session, case, decision, contents or {}, now)
    submitted = forms.submit(
        session,
        filled,
        business_key=case.user_task.business_key,
        user_task_id=user_task_id,
        person_id=actor.person_id,
        now=now,
    )
    written = None
    if opinion:
        written = opinions.write(
            session,
            business_key=case.user_task.business_key,
            user_task_id=user_task_id,
            person_id=actor.person_id,
            decision=decision,
            text=opinion,
            now=now,
        )
    return engine.complete(
        session,
        user_task_id,
        person_id=actor.person_id,
        decision=decision,
        opinion_id=written.id if written else None,
        forms={key: row.id for key, row in submitted.items()},
        content={key: answer.content for key, answer in filled.items()},
        sealed=seals.of(*submitted.values(), *([written] if written else ())),
        version=version,
        held=Held(case.instance, case.user_task),
    )


def _take_over(
    session: Session, engine: ProcessEngine, actor: Actor, case: Case, *, claiming: bool = False
) -> bool:
    """Make sure that the actor may work on it now; whether the claim of somebody who has left was ended."""
    task = case.user_task
    cases.require_open(session, actor, task, claiming=claiming)
    lapsed = task.claimed_by is not None and cases.claimer(session, actor, task) is None
    if lapsed:
        engine.lapse_claim(session, task.id, actor.person_id)
    return lapsed


def _filled(
    session: Session, case: Case, decision: str | None, contents: Mapping[str, object], now: datetime
) -> dict[str, Answer]:
    """What to submit of every form that this step writes; FormInvalid with all problems of all forms."""
    task = case.user_task
    if unknown := next((key for key in contents if key not in task.form_keys), None):
        raise FormUnknown(form=unknown)
    if not task.form_keys or decision in WITHOUT_FORMS or not _asks(case, decision):
        return {}
    compiled = cases.compiled(session, case)
    writable = {key: each for key, each in compiled.items() if not each.readonly}
    if not writable:
        return {}
    before = cases.latest(session, task.business_key)
    drafts = cases.drafts(session, task) if writable.keys() - contents.keys() else {}
    asked = any(form.definition.is_supplied for form in writable.values())
    supplied = cases.supplied(session, case.subject, writable.values()) if asked else {}
    prepared: dict[str, dict[str, Any]] = {}
    found: dict[str, list[FormProblem]] = {}
    for key, form in writable.items():
        base = cases.base(case, form, before)
        content = contents[key] if key in contents else drafts[key].content if key in drafts else base
        try:
            prepared[key], found[key] = forms.prepare(form, base, content, supplied)
        except forms.ContentRefused as refused:
            found[key] = [FormProblem("", str(refused))]
    _compare(session, case, writable, before, prepared, found)
    for key, content in prepared.items():
        found[key] = [*found[key], *_postdated(writable[key], content, now)]
    problems = {
        key: each for key, each in found.items() if any(problem.severity == "error" for problem in each)
    }
    filled = {
        key: Answer(
            content,
            writable[key].definition.digest,
            before[key].row.number + 1 if key in before else 1,
        )
        for key, content in prepared.items()
        if key not in problems
    }
    if problems and decision not in FORMS_OPTIONAL:
        raise FormInvalid(problems)
    _require_files(session, case, filled)
    return filled


def _compare(
    session: Session,
    case: Case,
    writable: Mapping[str, Compiled],
    before: Mapping[str, Submitted],
    prepared: Mapping[str, Mapping[str, Any]],
    found: dict[str, list[FormProblem]],
) -> None:
    """Judge the forms that are compared with others again, now that all of them are there."""
    comparing = {key: writable[key] for key in prepared if writable[key].definition.compared}
    if not comparing:
        return
    contents = {key: each.row.content for key, each in before.items()} | dict(prepared)
    others = cases.others(session, case, comparing.values(), contents)
    for key, form in comparing.items():
        found[key] = forms.validate(form, prepared[key], others)


def _postdated(compiled: Compiled, content: Mapping[str, Any], now: datetime) -> list[FormProblem]:
    """What is dated later than the day on which it is handed in."""
    return forms.postdated(compiled, content, now.astimezone(SHANGHAI).date())


def _asks(case: Case, decision: str | None) -> bool:
    """Whether the forms go with this decision: with every one, unless the element names which."""
    only = case.element.properties.get("forms")
    return only is None or decision in only.split()


def _require_files(session: Session, case: Case, filled: Mapping[str, Answer]) -> None:
    """Every file that a form names must be attached to this case: a hash is no right to a stranger's file."""
    named = {file["sha256"]: file["name"] for answer in filled.values() for file in _files(answer.content)}
    if not named:
        return
    present = {attachment.sha256 for attachment in attachments.of(session, case.user_task.business_key)}
    if missing := [str(name) for sha256, name in named.items() if sha256 not in present]:
        raise FilesMissing(names="、".join(missing))


def _files(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"name", "size", "sha256"}:
            yield value
        else:
            for each in value.values():
                yield from _files(each)
    elif isinstance(value, list):
        for each in value:
            yield from _files(each)
