"""Subjects: what a business key (`application:3f…`) stands for, and how it is called."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.domain.applications import Application
from service.domain.divisions import NATION, Division
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
        for subject_id, instance_id, division_code, name, round_ in session.execute(
            statement.where(id_column.in_(ids))
        ):
            found[key(kind, subject_id)] = Subject(
                business_key=key(kind, subject_id),
                kind=kind,
                id=subject_id,
                round_id=round_.id,
                edition_id=round_.edition_id,
                programme=round_.programme,
                year=round_.year,
                track=round_.track,
                division_code=division_code or NATION,
                title=_TITLES[kind].format(name=name, round=round_.title),
                instance_id=instance_id,
            )
    return found


def _of_division(
    model: type[Application] | type[Recommendation],
) -> Select[str, str | None, str, str, Round]:
    return (
        select(model.id, model.instance_id, model.division_code, Division.name, Round)
        .join(Round, Round.id == model.round_id)
        .join(Division, Division.code == model.division_code)
    )


_STATEMENTS = {
    APPLICATION: (_of_division(Application), Application.id),
    RECOMMENDATION: (_of_division(Recommendation), Recommendation.id),
    ROUND: (
        select(Round.id, Round.instance_id, Division.code, Division.name, Round).join(
            Division, Division.code == NATION
        ),
        Round.id,
    ),
    OBJECTION: (
        select(Objection.id, Objection.instance_id, Application.division_code, Division.name, Round)
        .join(Application, Application.id == Objection.application_id)
        .join(Round, Round.id == Objection.round_id)
        .join(Division, Division.code == Application.division_code),
        Objection.id,
    ),
}
_TITLES = {
    APPLICATION: "{name} · {round}",
    RECOMMENDATION: "{name}推荐 · {round}",
    ROUND: "{round}",
    OBJECTION: "对{name}的异议 · {round}",
}
