"""Calls (申报通知): what opens a round, as everybody reads it to whom it is addressed or copied (抄送)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from service.domain import editions, forms, subjects
from service.domain.forms import FormSubmission
from service.domain.rounds import Round
from service.domain.rules import rule

FORMS = ("opening", "call")
"""The forms by which editions open a round."""


class Call(NamedTuple):
    """The notice of one round; what was not written in it is None or empty."""

    number: str | None
    contact: str | None
    phone: str | None
    text: str | None
    """Rich text."""
    files: Sequence[Mapping[str, Any]]
    """`{name, size, sha256}`, as forms hold files."""
    issued_at: datetime
    copied_to: Sequence[str]


def of_round(session: Session, round_: Round) -> Call | None:
    """What opened the round; None before that."""
    submitted = _submitted(session, subjects.key(subjects.ROUND, round_.id))
    if submitted is None:
        return None
    content = submitted.content
    return Call(
        number=content.get("number"),
        contact=content.get("contact"),
        phone=content.get("phone"),
        text=content.get("notice"),
        files=content.get("files") or (),
        issued_at=submitted.submitted_at,
        copied_to=copied_to(editions.get(session, round_.edition_id).parameters),
    )


@rule("申报通知列明抄送的单位，各单位都可以查看", "copies")
def copied_to(parameters: Mapping[str, Any]) -> Sequence[str]:
    """Whom the document names below its text as those who get a copy; nobody where it names none."""
    named: Sequence[str] = (parameters.get("copies") or {}).get("bodies", ())
    return named


def has_file(session: Session, business_key: str, sha256: str) -> bool:
    """Whether a file of the case is attached to its call."""
    submitted = _submitted(session, business_key)
    return submitted is not None and any(
        each["sha256"] == sha256 for each in submitted.content.get("files") or ()
    )


def _submitted(session: Session, business_key: str) -> FormSubmission | None:
    found = forms.latest_of(session, business_key, FORMS)
    return next(iter(found.values()), None)
