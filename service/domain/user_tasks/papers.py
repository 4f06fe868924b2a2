"""Forms on paper: a submission or a draft as Word or Excel, and the way back from the code that it bears."""

import re
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import divisions, editions, forms, subjects
from service.domain.access import Actor
from service.domain.errors import NotFound
from service.domain.forms import FormSubmission, exports
from service.domain.forms.exports import FORMATS, Paper
from service.domain.user_tasks import cases, views
from service.domain.user_tasks.errors import FormUnknown, UserTaskHidden

XLSX = FORMATS["xlsx"].media_type
_DRAFT = "草稿"


class FormatUnknown(NotFound):
    """只能导出为 docx（Word）或 xlsx（Excel），没有“{format}”。"""


class SubmissionHidden(NotFound):
    """没有找到这份表单，或者您无权查看。"""


class CodeUnknown(NotFound):
    """没有这个版本编号。请对照纸面核对 16 位编号；核对无误仍查不到的，纸面与系统登记的内容不是同一份。"""


class File(NamedTuple):
    """A file to be saved."""

    name: str
    media_type: str
    content: bytes


class Record(NamedTuple):
    """What anybody may know who holds a paper with this code; never what the form says."""

    code: str
    form: str
    """The form's title."""
    subject: str
    """余杭区 · 2018年度…"""
    division: str
    number: int
    submitted_at: datetime
    latest: bool
    """Whether nothing newer was submitted in its place."""
    submission_id: str | None
    """For who may read it; None for everybody else."""


def submission_file(
    session: Session, actor: Actor, submission_id: str, format: str, *, base_url: str
) -> File:
    """A submitted form as docx or xlsx, with its version code; SubmissionHidden, FormatUnknown."""
    _require(format)
    row = forms.submission(session, submission_id)
    if row is None:
        raise SubmissionHidden
    try:
        case = cases.get(session, actor, row.user_task_id)
    except UserTaskHidden:
        raise SubmissionHidden from None
    compiled = cases.compiled(session, case, [row.form_key])[row.form_key]
    if not cases.shows(actor, case, compiled):
        raise SubmissionHidden
    supplied = cases.supplied(session, case.subject, [compiled])
    code = exports.code(row)
    paper = Paper(
        compiled=compiled,
        content=forms.supply(compiled.definition, row.content, supplied),
        subject=case.subject.title,
        number=row.number,
        submitted_at=row.submitted_at,
        code=code,
        address=f"{base_url.rstrip('/')}/verify/{code}",
    )
    return _file(paper, format)


def form_file(
    session: Session, actor: Actor, user_task_id: str, form_key: str, format: str, *, base_url: str
) -> File:
    """A form as the user task shows it: what was submitted, or a draft that is marked as one.

    Raises UserTaskHidden, FormUnknown, FormatUnknown.
    """
    _require(format)
    view = views.view(session, actor, user_task_id)
    form = next((form for form in (*view.forms, *view.materials) if form.key == form_key), None)
    if form is None:
        raise FormUnknown(form=form_key)
    if form.submission_id is not None:
        return submission_file(session, actor, form.submission_id, format, base_url=base_url)
    return _file(Paper(form.compiled, form.content, view.subject.title), format)


def verify(session: Session, actor: Actor | None, code: str) -> Record:
    """The record that a paper was printed from; CodeUnknown."""
    row = exports.find(session, code)
    if row is None:
        raise CodeUnknown
    subject = subjects.get(session, row.business_key)
    definition = editions.form(editions.get(session, subject.edition_id), row.form_key)
    last = forms.latest(session, row.business_key, row.form_key)
    return Record(
        code=exports.code(row),
        form=forms.in_year(definition.title, subject.year),
        subject=subject.title,
        division=divisions.names(session, [subject.division_code]).get(subject.division_code, ""),
        number=row.number,
        submitted_at=row.submitted_at,
        latest=last is not None and last.id == row.id,
        submission_id=row.id if actor is not None and _readable(session, actor, row) else None,
    )


def _readable(session: Session, actor: Actor, row: FormSubmission) -> bool:
    try:
        cases.get(session, actor, row.user_task_id)
    except NotFound:
        return False
    return True


def _require(format: str) -> None:
    if format not in FORMATS:
        raise FormatUnknown(format=format)


def _file(paper: Paper, format: str) -> File:
    kind = FORMATS[format]
    version = f"第{paper.number}次提交" if paper.code else _DRAFT
    name = file_name(paper.compiled.title, paper.subject, version, format)
    return File(name, kind.media_type, kind.make(paper))


def file_name(title: str, subject: str, version: str, extension: str) -> str:
    """What a file of the form is called: 推荐表-余杭区-草稿.docx."""
    whole = f"{title}-{subject.split(' · ')[0]}-{version}"
    return re.sub(r'[\s<>:"/\\|?*\x00-\x1f]+', "", whole)[:100] + f".{extension}"
