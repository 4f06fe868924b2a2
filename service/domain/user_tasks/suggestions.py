"""Last year's figures for this year's form: shown with where they come from, taken over when asked to."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from service.domain import editions, forms, subjects
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.errors import Conflict, NotFound
from service.domain.forms import FormSubmission, prefill
from service.domain.forms.prefill import Suggestion
from service.domain.rounds import Round
from service.domain.subjects import Subject
from service.domain.user_tasks import cases, work
from service.domain.user_tasks.work import Saved
from service.domain.user_tasks.workbooks import Desk, open_desk
from service.engine.engine import ProcessEngine

_LOOKED_AT = 10


class NothingToCarryOver(Conflict):
    """没有可以带入的数据：空着的格在以前年度的申报里没有相同口径的内容，或者已经填写。"""


class Suggested(NamedTuple):
    """What an earlier submission says for the empty cells of a form; no source: there is none."""

    desk: Desk
    source: str
    """余杭区 · 2017年度…; empty: no earlier submission that the actor may see."""
    submission_id: str | None
    suggestions: list[Suggestion]


class CarriedOver(NamedTuple):
    """What was filled in, and the draft that came of it."""

    saved: Saved
    source: str
    suggestions: list[Suggestion]


def suggested(session: Session, actor: Actor, user_task_id: str, form_key: str) -> Suggested:
    """From the last earlier year in which the same division applied to the same programme and track.

    Where the programme had another edition then: from the form that was in this one's place (`earlier`).

    Raises UserTaskHidden, NotYours and its kin, FormUnknown.
    """
    desk = open_desk(session, actor, user_task_id, form_key)
    keys = {form_key: desk.compiled.definition.earlier}
    for row in session.scalars(_earlier(desk.case.subject, keys).limit(_LOOKED_AT)):
        try:
            case = cases.get(session, actor, row.user_task_id)
        except NotFound:
            continue  # The office was not shown it, so it is not told of it now.
        then = cases.compiled(session, case, [row.form_key])[row.form_key]
        content = forms.clean(desk.compiled, desk.content)
        found = prefill.suggestions(desk.compiled, content, then, row.content)
        return Suggested(desk, case.subject.title, row.id, found)
    return Suggested(desk, "", None, [])


def carry_over(
    session: Session, engine: ProcessEngine, actor: Actor, user_task_id: str, form_key: str
) -> CarriedOver:
    """Fill the empty cells of the draft with what is suggested; NothingToCarryOver."""
    found = suggested(session, actor, user_task_id, form_key)
    if not found.suggestions:
        raise NothingToCarryOver
    content = prefill.filled(forms.clean(found.desk.compiled, found.desk.content), found.suggestions)
    version = found.desk.version
    saved = work.save_draft(session, engine, actor, user_task_id, form_key, content, version=version)
    return CarriedOver(saved, found.source, found.suggestions)


def with_earlier(session: Session, subject: Subject, form_keys: list[str]) -> set[str]:
    """The forms of which there is a submission of an earlier year, whoever may see it."""
    if subject.kind != subjects.APPLICATION or not form_keys:
        return set()
    edition = editions.get(session, subject.edition_id)
    keys = {key: editions.form(edition, key).earlier for key in form_keys}
    query = _earlier(subject, keys).order_by(None)
    found = set(session.scalars(query.with_only_columns(FormSubmission.form_key).distinct()))
    return {key for key, told in keys.items() if found & {key, *told}}


def _earlier(subject: Subject, keys: Mapping[str, Collection[str]]) -> Select[FormSubmission]:
    """Submissions of these forms on the same track, and of those that earlier editions had in their place.

    The tracks of another edition are not the tracks of this one: there the form alone tells.
    """
    before = {each for told in keys.values() for each in told}
    same = FormSubmission.form_key.in_(keys) & (Round.track == subject.track)
    renamed = FormSubmission.form_key.in_(before) & (Round.track != subject.track)
    return (
        select(FormSubmission)
        .join(
            Application, FormSubmission.business_key == literal(f"{subjects.APPLICATION}:") + Application.id
        )
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.division_code == subject.division_code,
            Round.programme == subject.programme,
            Round.year < subject.year,
            same | renamed,
            literal(subject.kind) == subjects.APPLICATION,
        )
        .order_by(Round.year.desc(), FormSubmission.submitted_at.desc(), FormSubmission.number.desc())
    )
