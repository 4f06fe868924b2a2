"""Subjects: what a business key (`application:3f…`) stands for, and how it is called."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from service.domain.applications import Application
from service.domain.divisions import NATION, Division
from service.domain.editions import Edition
from service.domain.errors import NotFound
from service.domain.objections import Objection
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round

APPLICATION = "application"
RECOMMENDATION = "recommendation"
ROUND = "round"
OBJECTION = "objection"


class Subject(NamedTuple):
    """What a process instance is about; everything that a list, a form or a right needs to know of it."""

    business_key: str
    kind: str
    id: str
    round_id: str
    edition_id: str
    programme: str
    year: int
    track: str
    division_code: str
    """The applicant, the recommending unit, or 000000 for a round; an objection has its application's."""
    title: str
    """余杭区 · 2018年度…"""
    instance_id: str | None


class SubjectMissing(NotFound):
    """没有找到这项内容，它可能已被删除，或链接有误。"""


def key(kind: str, subject_id: str) -> str:
    """The business key."""
    return f"{kind}:{subject_id}"


def split(business_key: str) -> tuple[str, str]:
    """(kind, id); SubjectMissing for a text that is no business key."""
    kind, colon, subject_id = business_key.partition(":")
    if not colon or kind not in _STATEMENTS:
        raise SubjectMissing()
    return kind, subject_id


def get(session: Session, business_key: str) -> Subject:
    """One subject; SubjectMissing where there is none."""
    split(business_key)
    found = get_all(session, [business_key])
    if not found:
        raise SubjectMissing()
    return found[business_key]


def with_edition(session: Session, business_key: str) -> tuple[Subject, Edition]:
    """One subject, and the edition from which its round runs, in one statement; SubjectMissing."""
    kind, subject_id = split(business_key)
    found = session.execute(_ONE_WITH_EDITION[kind], {"subject_id": subject_id}).first()
    if found is None:
        raise SubjectMissing()
    *columns, edition = found
    return _subject(kind, *columns), edition


def get_all(session: Session, business_keys: Iterable[str]) -> dict[str, Subject]:
    """Subjects by business key, in one statement a kind; unknown keys are left out."""
    by_kind: dict[str, list[str]] = {}
    for business_key in set(business_keys):
        kind, _, subject_id = business_key.partition(":")
        by_kind.setdefault(kind, []).append(subject_id)
    found = {}
    for kind, ids in by_kind.items():
        if kind not in _STATEMENTS:
            continue
        statement, id_column = _STATEMENTS[kind]
        for columns in session.execute(statement.where(id_column.in_(ids))):
            subject = _subject(kind, *columns)
            found[subject.business_key] = subject
    return found


def _subject(
    kind: str,
    row: Application | Recommendation | Round | Objection,
    division_code: str | None,
    name: str,
    round_: Round,
) -> Subject:
    return Subject(
        business_key=key(kind, row.id),
        kind=kind,
        id=row.id,
        round_id=round_.id,
        edition_id=round_.edition_id,
        programme=round_.programme,
        year=round_.year,
        track=round_.track,
        division_code=division_code or NATION,
        title=_TITLES[kind].format(name=name, round=round_.title),
        instance_id=row.instance_id,
    )


def _of_division(
    model: type[Application] | type[Recommendation],
) -> Select[Any, str, str, Round]:
    return (
        select(model, model.division_code, Division.name, Round)
        .select_from(model)
        .join(Round, Round.id == model.round_id)
        .join(Division, Division.code == model.division_code)
    )


_STATEMENTS = {
    APPLICATION: (_of_division(Application), Application.id),
    RECOMMENDATION: (_of_division(Recommendation), Recommendation.id),
    ROUND: (
        select(Round, Division.code, Division.name, Round)
        .select_from(Round)
        .join(Division, Division.code == NATION),
        Round.id,
    ),
    OBJECTION: (
        select(Objection, Application.division_code, Division.name, Round)
        .select_from(Objection)
        .join(Application, Application.id == Objection.application_id)
        .join(Round, Round.id == Objection.round_id)
        .join(Division, Division.code == Application.division_code),
        Objection.id,
    ),
}
_ONE_WITH_EDITION = {
    kind: statement.add_columns(Edition).where(
        id_column == bindparam("subject_id"), Edition.id == Round.edition_id
    )
    for kind, (statement, id_column) in _STATEMENTS.items()
}
_TITLES = {
    APPLICATION: "{name} · {round}",
    RECOMMENDATION: "{name}推荐 · {round}",
    ROUND: "{round}",
    OBJECTION: "对{name}的异议 · {round}",
}
