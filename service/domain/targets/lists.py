"""What was set for whom: targets as forms, scores and pages need them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.domain import divisions, pages
from service.domain.divisions import Division
from service.domain.pages import Page
from service.domain.rules import rule
from service.domain.targets.models import Target, TargetYear

_FIGURES = select(Target.division_code, Target.indicator, Target.figure).where(
    Target.target_year_id == bindparam("target_year_id"),
    Target.division_code.in_(bindparam("codes", expanding=True)),
)


def figures(session: Session, target_year_id: str, codes: Collection[str]) -> dict[str, dict[str, str]]:
    """{division: {indicator: figure}}, every division that was asked for; only what was set."""
    found: dict[str, dict[str, str]] = {code: {} for code in codes}
    given = {"target_year_id": target_year_id, "codes": list(codes)}
    for code, indicator, figure in session.execute(_FIGURES, given):
        found[code][indicator] = figure
    return found


def indicators(session: Session, year: TargetYear) -> dict[str, Target]:
    """The organiser's own targets by indicator."""
    query = select(Target).where(Target.target_year_id == year.id, Target.division_code == year.division_code)
    return {each.indicator: each for each in session.scalars(query)}


def cities(session: Session, division_code: str) -> list[Division]:
    """The divisions to which the organiser decomposes its targets."""
    return divisions.at_level(session, "city", below=division_code)


@rule("对象为列明的县（市、区）", "applicants.divisions")
def counties(session: Session, city_code: str, parameters: Mapping[str, Any]) -> list[Division]:
    """The counties of a city that the document is about, in the order of the codes."""
    listed = parameters["applicants"]["divisions"]
    return [each for each in divisions.children(session, city_code) if each.code in listed]


def listed(
    session: Session, *, codes: Collection[str] | None = None, number: int = 1, size: int = pages.SIZE
) -> Page[TargetYear]:
    """A page of the years of these organisers' divisions, or of all, the newest first."""
    query = select(TargetYear).order_by(TargetYear.year.desc(), TargetYear.programme)
    if codes is not None:
        query = query.where(TargetYear.division_code.in_(codes))
    found = pages.page(session, query, number=number, size=size)
    return found.holding([row[0] for row in found.rows])
