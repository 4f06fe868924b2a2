"""Tallies: what the sheets of a committee's members come to, and the ranking by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from service.domain.errors import Conflict
from service.domain.scoring.figures import published, text
from service.domain.scoring.means import Mean, mean
from service.domain.scoring.ranks import ranks


@dataclass(frozen=True)
class Rules:
    """How an edition makes one figure of an application's sheets."""

    kind: Mean = Mean.PLAIN
    trim: int = 1
    """How many of the highest and of the lowest sheets a trimmed mean leaves out."""
    decimals: int = 2
    """How many decimals are published; ranks and ties use that figure."""
    minimum_sheets: int = 1
    """Recusals leave an application at least so many sheets."""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Rules":
        """From an edition's whole set: `scoring.mean`, `.trim`, `.decimals`, `committee.minimum_sheets`."""
        scoring = parameters["scoring"]
        return cls(
            Mean(scoring["mean"]),
            int(scoring.get("trim", cls.trim)),
            int(scoring.get("decimals", cls.decimals)),
            int(parameters["committee"]["minimum_sheets"]),
        )

    def mean(self, scores: Collection[Fraction]) -> Fraction:
        """The exact mean of one application's sheets."""
        return mean(scores, self.kind, self.trim)

    def published(self, exact: Fraction) -> Fraction:
        return published(exact, self.decimals)

    def text(self, figure: Fraction) -> str:
        """A published figure as it is printed."""
        return text(figure, self.decimals)


class Result(NamedTuple):
    """The ranking's entry of one application."""

    exact: Fraction
    published: Fraction
    sheets: int
    rank: int
    shown: str
    """The published figure with all its decimals: `95.30`."""


class SheetsMissing(Conflict):
    """还有 {missing} 份评分没有提交，不能汇总。"""


class SheetsTooFew(Conflict):
    """有 {count} 个申报的评分少于要求的 {minimum} 份，不能汇总。请由候补委员补足评分。"""


def tally(
    sheets: Mapping[str, Mapping[str, Fraction]], due: Mapping[str, Collection[str]], rules: Rules
) -> dict[str, Result]:
    """Means and ranks by application; `sheets` are {application: {member: score}}, `due` who is to score it.

    A member who is recused from an application (by division, by office, as declared) is not among those who
    are due and leaves an absent sheet, which counts neither as zero nor in the number of sheets. A sheet of
    somebody who would not be asked any more counts like any other. The sheets stay sealed until all are in:
    SheetsMissing before that; SheetsTooFew where recusals have left fewer than the edition demands.
    """
    if missing := sum(len(set(due.get(key, ())) - given.keys()) for key, given in sheets.items()):
        raise SheetsMissing(missing=missing)
    if few := sum(len(given) < rules.minimum_sheets for given in sheets.values()):
        raise SheetsTooFew(count=few, minimum=rules.minimum_sheets)
    exact = {key: rules.mean(given.values()) for key, given in sheets.items()}
    shown = {key: rules.published(figure) for key, figure in exact.items()}
    places = ranks(shown)
    return {
        key: Result(exact[key], shown[key], len(sheets[key]), places[key], rules.text(shown[key]))
        for key in sheets
    }
