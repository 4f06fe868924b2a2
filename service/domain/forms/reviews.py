"""What a reviewer would ask about the figures of a metric table, as warnings that a remark answers."""

from collections.abc import Iterator, Mapping, Set
from fractions import Fraction
from itertools import pairwise
from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.fields import Field
from service.domain.forms.kinds.metric_tables import REMARK, MetricTable
from service.domain.forms.kinds.numbers import Number
from service.domain.forms.places import Place, pointer
from service.domain.forms.problems import Problem
from service.domain.quotes import nested
from service.engine.expressions import plain


def problems_of_reviews(
    compiled: Compiled, content: Mapping[str, Any], faulty: Set[Place]
) -> Iterator[tuple[Place, Problem]]:
    """Figures too far from the year before, and parts that are more than their whole.

    A faulty cell is as one that is missing: nothing is asked about it.
    """
    for key, table in compiled.definition.fields.items():
        rows = content.get(key)
        if isinstance(table, MetricTable) and key in compiled.editable and isinstance(rows, Mapping):
            review = _Review(compiled, table, rows, faulty)
            yield from review.jumps()
            yield from review.parts()


class _Review:
    """Of one table."""

    def __init__(
        self, compiled: Compiled, table: MetricTable, rows: Mapping[str, Any], faulty: Set[Place]
    ) -> None:
        self.table, self.rows, self.faulty = table, rows, faulty
        self.scope = compiled.scope
        self.columns = table.columns(compiled.scope)

    def jumps(self) -> Iterator[tuple[Place, Problem]]:
        for row, jump in zip(self.table.rows, self.table.jumps, strict=True):
            for (before, earlier), (after, later) in pairwise(self.columns if jump else ()):
                low, high = self._figure(row.key, before), self._figure(row.key, after)
                if low is None or high is None or self._is_answered(row) or jump is None:
                    continue
                if jump.is_exceeded(low, high, self.scope):
                    text = (
                        f"由{earlier}的 {plain(low)} 变为 {plain(high)}，{_change(row, high - low)}，变动较大"
                    )
                    yield self._ask(row, after, later, text)

    def parts(self) -> Iterator[tuple[Place, Problem]]:
        by_key = {row.key: row for row in self.table.rows}
        for row, whole in zip(self.table.rows, self.table.wholes, strict=True):
            for year, title in self.columns if whole else ():
                part, most = self._figure(row.key, year), self._figure(str(whole), year)
                if part is not None and most is not None and part > most and not self._is_answered(row):
                    name = self.table.name(by_key[str(whole)], self.scope)
                    text = f"现在是 {plain(part)}，多于“{name}”的 {plain(most)}，可能填反或者漏计"
                    yield self._ask(row, year, title, text)

    def _figure(self, row: str, year: str) -> Fraction | None:
        cells = self.rows.get(row)
        value = cells.get(year) if isinstance(cells, Mapping) else None
        return Fraction(value) if value and (self.table.key, row, year) not in self.faulty else None

    def _is_answered(self, row: Field) -> bool:
        return bool(self.rows[row.key].get(REMARK))

    def _ask(self, row: Field, year: str, title: str, text: str) -> tuple[Place, Problem]:
        remarks = self.table.remarks
        ask = f"请核对；属实的，请在“{remarks}”中说明。" if remarks else "请核对。"
        place = (self.table.key, row.key, year)
        sentence = f"{title}{self.table.name(row, self.scope)}：{text}；{ask}"
        return place, Problem(pointer(place), nested(sentence), "warning")


def _change(row: Field, change: Fraction) -> str:
    unit = row.unit if isinstance(row, Number) else None
    words = ["增加" if change > 0 else "减少", str(plain(abs(change))), "个百分点" if unit == "%" else unit]
    return " ".join(word for word in words if word)
