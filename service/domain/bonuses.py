"""Bonuses: points that a document promises without saying how many, recorded before the scores are opened."""

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy.orm import Session

from service.domain import forms
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.scoring import Result, Rules, ranks

FORM = "quota"
"""Where the round's numbers are recorded. An edition without bonus has none of these fields."""
POINTS, PRAISED = "bonus", "praised"


def of_round(session: Session, round_: Round) -> dict[str, Fraction]:
    """Application id → points, of those that were found to deserve them; empty where there are none."""
    recorded = forms.latest(session, f"round:{round_.id}", FORM)
    if recorded is None or not recorded.content.get(POINTS):
        return {}
    points = Fraction(recorded.content[POINTS])
    return {key: points for key, row in recorded.content.get(PRAISED, {}).items() if row["praised"]}


@rule("加分在排序之前计入得分，分值在开始评分之前记录", "bonus")
def add(results: Mapping[str, Result], bonuses: Mapping[str, Fraction], rules: Rules) -> dict[str, Result]:
    """The ranking with the bonuses (reading 11: added before ranking), by the published figure."""
    exact = {key: each.exact + bonuses.get(key, Fraction(0)) for key, each in results.items()}
    shown = {key: rules.published(figure) for key, figure in exact.items()}
    places = ranks(shown)
    return {
        key: Result(exact[key], shown[key], each.sheets, places[key], rules.text(shown[key]))
        for key, each in results.items()
    }
