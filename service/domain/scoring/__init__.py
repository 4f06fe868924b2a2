"""Scoring: means, published figures, ranks and points as pure functions, exact in `Fraction`.

Nothing here reads a table or a clock: the same figures give the same result, whoever computes it. A figure is
rounded half up once, when it is published; ranks and ties use the published figure.
"""

from service.domain.scoring.figures import published, text
from service.domain.scoring.means import Mean, mean
from service.domain.scoring.ranks import Ties, ranks

__all__ = ["Mean", "Ties", "mean", "published", "ranks", "text"]
