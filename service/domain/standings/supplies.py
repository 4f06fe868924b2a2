"""Supplies: what targets and points give to the forms of other steps, by the `source` of their fields.

Each returns None where the source is not of the subject's kind.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from service.domain import applications, editions, forms, rounds, scoring, subjects, targets
from service.domain.standings import counties, proposals, rewards
from service.domain.standings.models import Standing, StandingStage, StandingState, of_pool
from service.domain.subjects import Subject

_REPORTED = ("actual", "basis", "files")
_CLAIMED = ("has", "document", "files")
LISTED = {StandingState.LISTED, StandingState.AWARDED, StandingState.NOT_AWARDED}


def province_targets(session: Session, subject: Subject) -> Any:
    """The organiser's own targets, as a whole table of one column."""
    if subject.kind != subjects.TARGETS:
        return None
    year = targets.get(session, subject.id)
    return _table(session, year.id, year.division_code)


def city_targets(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.DECOMPOSITION:
        return None
    row = targets.decomposition(session, subject.id)
    return _table(session, row.target_year_id, row.division_code)


def county_targets(session: Session, subject: Subject) -> Any:
    """{indicator: {target}} of the county, from the decomposition on file."""
    if subject.kind != subjects.APPLICATION:
        return None
    round_, code = rounds.get(session, subject.round_id), subject.division_code
    mine = counties.of_round(session, round_, [code])[code]
    return {key: {"target": figure} for key, figure in mine.items()}


def previous_targets(session: Session, subject: Subject) -> Any:
    """{indicator: {previous}}: the organiser's targets of the year before, where this system has them."""
    if subject.kind != subjects.TARGETS:
        return None
    year = targets.get(session, subject.id)
    before = targets.of_year(session, year.programme, year.year - 1)
    if before is None:
        return {}
    figures = targets.figures(session, before.id, [year.division_code])[year.division_code]
    return {key: {"previous": figure} for key, figure in figures.items()}


def county_previous(session: Session, subject: Subject) -> Any:
    """{indicator: {previous}}: what the county attained the year before, as last confirmed in this system."""
    if subject.kind != subjects.APPLICATION:
        return None
    rows = counties.confirmed_before(session, rounds.get(session, subject.round_id), subject.division_code)
    return {key: {"previous": figure} for key, figure in rows.items()}


def county_reported(session: Session, subject: Subject) -> Any:
    """{indicator: {target, actual, basis, files}}: what the county assessed, against the targets on file."""
    set_ = county_targets(session, subject)
    if set_ is None:
        return None
    rows = _assessed(session, subject).get("completion", {})
    return {
        key: {name: cell for name in _REPORTED if (cell := rows.get(key, {}).get(name))} | set_.get(key, {})
        for key in {*rows, *set_}
    }


def county_reported_mechanism(session: Session, subject: Subject) -> Any:
    """{item: {has, document, files}}: what the county says that it meets, and by which paper."""
    if subject.kind != subjects.APPLICATION:
        return None
    rows = _assessed(session, subject).get("mechanism", {})
    return {key: {name: row[name] for name in _CLAIMED if name in row} for key, row in rows.items()}


def scores(session: Session, subject: Subject) -> Any:
    """{application: {…}}: of a city's counties for its recommendation, of the recommended for a round."""
    if subject.kind == subjects.RECOMMENDATION:
        return {
            each.application_id: _points(each) for each in of_pool(session, StandingStage.CITY, subject.id)
        }
    if subject.kind != subjects.ROUND:
        return None
    rows = of_pool(session, StandingStage.PROVINCE, subject.id)
    among = proposals.accelerating(session, rounds.get(session, subject.id)) if rows else set()
    return {
        each.application_id: {
            **_points(each),
            "accelerating": each.application_id in among,
            "listed": each.state in LISTED,
            "reason": each.reason,
        }
        for each in rows
    }


def listed_scores(session: Session, subject: Subject) -> Any:
    """Those of the 差额 list alone."""
    if subject.kind != subjects.ROUND:
        return None
    return {key: row for key, row in scores(session, subject).items() if row["listed"]}


def award_county(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.APPLICATION:
        return None
    return applications.name_of(session, applications.get(session, subject.id))


def award_in_ningbo(session: Session, subject: Subject) -> Any:
    if subject.kind != subjects.APPLICATION:
        return None
    parameters = editions.get(session, subject.edition_id).parameters
    return rewards.pays_itself(session, applications.get(session, subject.id), parameters)


SOURCES: Mapping[str, Callable[[Session, Subject], Any]] = {
    "award_county": award_county,
    "award_in_ningbo": award_in_ningbo,
    "city_targets": city_targets,
    "county_previous": county_previous,
    "county_reported": county_reported,
    "county_reported_mechanism": county_reported_mechanism,
    "county_targets": county_targets,
    "listed_scores": listed_scores,
    "previous_targets": previous_targets,
    "province_targets": province_targets,
    "scores": scores,
}


def _assessed(session: Session, subject: Subject) -> Mapping[str, Any]:
    found = forms.latest(session, subject.business_key, "self_assessment")
    return found.content if found is not None else {}


def _points(row: Standing) -> dict[str, Any]:
    """As forms show it: the parts of the total as they would be published."""
    return {
        "completion_points": scoring.text(scoring.published(Fraction(row.completion))),
        "over_points": scoring.text(scoring.published(Fraction(row.excess))),
        "mechanism_points": row.mechanism,
        "total": row.total,
        "rank": str(row.rank),
        "winner": row.winner,
    }


def _table(session: Session, target_year_id: str, code: str) -> dict[str, dict[str, str]]:
    figures = targets.figures(session, target_year_id, [code])[code]
    return {key: {"t1": figure} for key, figure in figures.items()}
