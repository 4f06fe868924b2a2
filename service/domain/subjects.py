"""Subjects: what a business key (`application:3f…`) stands for, and how it is called."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain import targets
from service.domain.applications import Application
from service.domain.divisions import Division
from service.domain.errors import NotFound
from service.domain.objections import Objection
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round
from service.domain.targets import Decomposition, TargetYear

APPLICATION = "application"
RECOMMENDATION = "recommendation"
ROUND = "round"
OBJECTION = "objection"
TARGETS = targets.PROCESS
DECOMPOSITION = targets.DECOMPOSITION


class Subject(NamedTuple):
    """What a process instance is about; everything that a list, a form or a right needs to know of it."""

    business_key: str
    kind: str
    id: str
    round_id: str
    """Empty for targets, which come before their round."""
    edition_id: str
    programme: str
    year: int
    track: str
    division_code: str
    """The applicant, the recommending unit, or the round's organiser; an objection has its application's."""
    organiser: str
    """The division whose industry office runs the round."""
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
    kind, subject_id = split(business_key)
    found = session.connection().execute(_ONE[kind], {"subject_id": subject_id}).one_or_none()
    if found is None:
        raise SubjectMissing()
    return _subject(kind, found)


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
        for row in session.execute(statement.where(id_column.in_(ids))):
            subject = _subject(kind, row)
            found[subject.business_key] = subject
    return found


def _subject(kind: str, row: Row[Any]) -> Subject:
    return Subject(
        business_key=key(kind, row.id),
        kind=kind,
        id=row.id,
        round_id=row.round_id,
        edition_id=row.edition_id,
        programme=row.programme,
        year=row.year,
        track=row.track,
        division_code=row.division_code,
        organiser=row.organiser,
        title=_TITLES[kind].format(name=row.name, round=row.title),
        instance_id=row.instance_id,
    )


_ROUND = (
    Round.id.label("round_id"),
    Round.edition_id,
    Round.programme,
    Round.year,
    Round.track,
    Round.title,
    Round.division_code.label("organiser"),
)


def _of_division(model: type[Application] | type[Recommendation]) -> Select[*tuple[Any, ...]]:
    return (
        select(model.id, model.instance_id, model.division_code, Division.name, *_ROUND)
        .select_from(model)
        .join(Round, Round.id == model.round_id)
        .join(Division, Division.code == model.division_code)
    )


_YEAR = (
    literal("").label("round_id"),
    TargetYear.edition_id,
    TargetYear.programme,
    (TargetYear.year + 1).label("year"),  # Forms count from the round's year.
    literal("").label("track"),
    TargetYear.title,
    TargetYear.division_code.label("organiser"),
)
_STATEMENTS: dict[str, tuple[Select[*tuple[Any, ...]], InstrumentedAttribute[str]]] = {
    APPLICATION: (_of_division(Application), Application.id),
    RECOMMENDATION: (_of_division(Recommendation), Recommendation.id),
    ROUND: (
        select(Round.id, Round.instance_id, Division.code.label("division_code"), Division.name, *_ROUND)
        .select_from(Round)
        .join(Division, Division.code == Round.division_code),
        Round.id,
    ),
    OBJECTION: (
        select(Objection.id, Objection.instance_id, Application.division_code, Division.name, *_ROUND)
        .select_from(Objection)
        .join(Application, Application.id == Objection.application_id)
        .join(Round, Round.id == Objection.round_id)
        .join(Division, Division.code == Application.division_code),
        Objection.id,
    ),
    TARGETS: (
        select(TargetYear.id, TargetYear.instance_id, TargetYear.division_code, Division.name, *_YEAR)
        .select_from(TargetYear)
        .join(Division, Division.code == TargetYear.division_code),
        TargetYear.id,
    ),
    DECOMPOSITION: (
        select(
            Decomposition.id, Decomposition.instance_id, Decomposition.division_code, Division.name, *_YEAR
        )
        .select_from(Decomposition)
        .join(TargetYear, TargetYear.id == Decomposition.target_year_id)
        .join(Division, Division.code == Decomposition.division_code),
        Decomposition.id,
    ),
}
_ONE = {
    kind: statement.where(id_column == bindparam("subject_id"))
    for kind, (statement, id_column) in _STATEMENTS.items()
}
_TITLES = {
    APPLICATION: "{name} · {round}",
    RECOMMENDATION: "{name}推荐 · {round}",
    ROUND: "{round}",
    OBJECTION: "对{name}的异议 · {round}",
    TARGETS: "{round}",
    DECOMPOSITION: "{name} · {round}",
}
