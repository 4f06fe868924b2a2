"""Scoring: means, tallies of sheets, ranks and points as pure functions, exact in `Fraction`.

Nothing here reads a table or a clock: the same figures give the same result, whoever computes it. A figure is
rounded half up once, when it is published; ranks and ties use the published figure.
"""

from service.domain.scoring.figures import published, text
from service.domain.scoring.means import Mean, mean
from service.domain.scoring.points import (
    Attainment,
    County,
    DataMissing,
    Item,
    Line,
    Measure,
    PointResult,
    PointRules,
    Standard,
    best,
    score,
)
from service.domain.scoring.ranks import Ties, ranks
from service.domain.scoring.tallies import Result, Rules, SheetsMissing, SheetsTooFew, tally

__all__ = [
    "Attainment",
    "County",
    "DataMissing",
    "Item",
    "Line",
    "Mean",
    "Measure",
    "PointResult",
    "PointRules",
    "Result",
    "Rules",
    "SheetsMissing",
    "SheetsTooFew",
    "Standard",
    "Ties",
    "best",
    "mean",
    "published",
    "ranks",
    "score",
    "tally",
    "text",
]
