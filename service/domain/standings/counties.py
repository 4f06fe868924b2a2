"""Counties: what each has attained, from its filed targets and from what a stage has confirmed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import divisions, editions, forms, subjects, targets
from service.domain.applications import Application, Status
from service.domain.awards import Award, AwardStatus
from service.domain.editions import Edition
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.scoring import Attainment, County
from service.domain.standings.models import StandingStage

REVIEWS = {StandingStage.CITY: "city_review", StandingStage.PROVINCE: "province_review"}
"""The form by which each stage confirms the figures."""
RECOGNITION = "recognition"
"""The item of 政策机制 that is counted; every other one is met or not."""
FORMER_WINNERS = "former_winners"


def indicators(edition: Edition) -> dict[str, str]:
    """The indicators in the annex's order, with their titles."""
    table = editions.form(edition, "indicators").fields["indicators"]
    assert isinstance(table, forms.GivenTable)
    return {row.key: row.title for row in table.written}


def attained(
    session: Session, round_: Round, stage: StandingStage, pool: Sequence[Application]
) -> list[County]:
    """Everybody's confirmed figures against the targets on file; what is missing stays missing.

    An indicator without a filed target is none of the county's (reading 6).
    """
    edition = editions.get(session, round_.edition_id)
    set_ = of_round(session, round_, [each.division_code for each in pool])
    names = divisions.full_names(session, [each.division_code for each in pool])
    counties = []
    for each in pool:
        key = subjects.key(subjects.APPLICATION, each.id)
        review = forms.latest(session, key, REVIEWS[stage])
        content: Mapping[str, Any] = review.content if review is not None else {}
        mine, done = set_[each.division_code], content.get("completion", {})
        counties.append(
            County(
                key=each.id,
                name=names[each.division_code],
                attained={
                    indicator: Attainment(
                        Fraction(mine[indicator]) if indicator in mine else None,
                        _figure(done.get(indicator, {}).get("confirmed")),
                    )
                    for indicator in indicators(edition)
                },
                met=_met(content),
            )
        )
    return counties


def of_round(session: Session, round_: Round, codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """{division: {indicator: figure}}: the targets by which a round is scored."""
    year = targets.of_year(session, round_.programme, round_.year - 1)
    return targets.figures(session, year.id, codes) if year is not None else {code: {} for code in codes}


@rule("上年度列为省政府督查激励的不再重复推荐，仍参加排名", "recommendation.repeat")
def last_winners(session: Session, round_: Round) -> set[str]:
    """Codes of the divisions that won the year before: by this system's awards, and as the call records."""
    won = session.scalars(
        select(Award.division_code).where(
            Award.programme == round_.programme,
            Award.year == round_.year - 1,
            Award.status != AwardStatus.REVOKED,
        )
    )
    opening = forms.latest(session, subjects.key(subjects.ROUND, round_.id), "opening")
    told = opening.content.get(FORMER_WINNERS) or () if opening is not None else ()
    return {*won, *told}


def confirmed_before(session: Session, round_: Round, code: str) -> dict[str, str]:
    """{indicator: figure} of the year before, as the last stage that judged the county confirmed them."""
    application = session.scalar(
        select(Application.id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.division_code == code,
            Application.status != Status.WITHDRAWN,
            Round.programme == round_.programme,
            Round.year == round_.year - 1,
        )
    )
    reviews = [REVIEWS[stage] for stage in (StandingStage.PROVINCE, StandingStage.CITY)]
    key = subjects.key(subjects.APPLICATION, application or "")
    found = forms.latest_of(session, key, reviews) if application else {}
    content = next((found[each].content for each in reviews if each in found), {})
    rows = content.get("completion", {}).items()
    return {indicator: row["confirmed"] for indicator, row in rows if row.get("confirmed")}


def _met(content: Mapping[str, Any]) -> dict[str, int | None]:
    mechanism = content.get("mechanism", {})
    met: dict[str, int | None] = {
        key: None if row.get("confirmed") is None else int(row["confirmed"]) for key, row in mechanism.items()
    }
    count = content.get("recognitions")
    return met | {RECOGNITION: int(count) if count not in (None, "") else None}


def _figure(text: str | None) -> Fraction | None:
    return Fraction(text) if text not in (None, "") else None
