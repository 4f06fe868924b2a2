"""Changes from one year to the next that a reviewer would ask about."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope


@dataclass(frozen=True)
class Jump:
    """A change that is more than `by`, in the unit of the row, and more than `percent` of the earlier figure.

    From 0, any change is more than any percentage. A bound that the form leaves out is always exceeded.
    """

    by: str | None = None
    percent: str | None = None

    @classmethod
    def read(cls, row: Node) -> Self | None:
        """`jump: {by: "10", percent: parameters.review.count_percent}` of a row; None where it has none."""
        node = row.mapping("jump")
        if node is None:
            return None
        by, percent = node.bound("by"), node.bound("percent")
        node.close()
        if by is None and percent is None:
            row.fault("jump 没有写界限。", 'by 和 percent 至少写一个，如 jump: {by: "10"}。')
        return cls(by, percent)

    def bounds(self) -> Iterator[str]:
        """The bounds as written: numbers, or paths of parameters."""
        yield from (bound for bound in (self.by, self.percent) if bound is not None)

    def is_exceeded(self, before: Fraction, after: Fraction, scope: Scope) -> bool:
        """Whether the change calls for a question."""
        change = abs(after - before)
        by, percent = scope.bound(self.by), scope.bound(self.percent)
        if change == 0 or (by is not None and change <= Fraction(by)):
            return False
        return percent is None or before == 0 or 100 * change > Fraction(percent) * abs(before)
