"""What other steps decide for the forms of a case: fields, and columns of given tables, by their `source`."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.domain import (
    allowances,
    divisions,
    editions,
    recommendations,
    standings,
    subjects,
)
from service.domain.allowances import Allowance
from service.domain.divisions import Division
from service.domain.procedures import cycle_lists
from service.domain.subjects import Subject

Supply = Callable[[Session, Subject], Any]
"""Gives the content of a field; of columns, {row: {column: value}}; None where it is not known yet."""


def supplied(session: Session, subject: Subject, sources: Collection[str]) -> dict[str, Any]:
    """What is known of these sources; each is asked only where a form of the case wants it."""
    found = {name: _SOURCES[name](session, subject) for name in sorted(sources) if name in _SOURCES}
    return {name: value for name, value in found.items() if value is not None}


def _government_consent(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.APPLICATION:
        return None
    return recommendations.government_opinion(session, subject.id)


def _track(session: Session, subject: Subject) -> Any:
    return subject.track if subject.kind == subjects.APPLICATION else None


def _applicant(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.APPLICATION:
        return None
    return divisions.full_names(session, [subject.division_code])[subject.division_code]


def _allowance(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.RECOMMENDATION:
        return None
    allowance, unit = _of_unit(session, subject)
    return allowances.sentence(allowance, unit) or None


def _allowance_principle(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.RECOMMENDATION:
        return None
    allowance, _ = _of_unit(session, subject)
    return allowance.most is not None and allowance.principle


def _of_unit(session: Session, subject: Subject) -> tuple[Allowance, Division]:
    parameters = editions.get(session, subject.edition_id).parameters
    unit = divisions.get(session, subject.division_code)
    return allowances.of_unit(session, parameters, subject.track, unit.code), unit


_SOURCES: Mapping[str, Supply] = {
    "allowance": _allowance,
    "allowance_principle": _allowance_principle,
    "applicant": _applicant,
    "application_track": _track,
    **cycle_lists.SOURCES,
    "government_consent": _government_consent,
    **standings.SOURCES,
}
