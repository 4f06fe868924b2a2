"""Evaluations: plans that are scored one by one, as they come in, by a committee that sits all year."""

from service.domain.evaluations.models import Evaluation, last
from service.domain.evaluations.panels import PanelTooSmall, convene, panel
from service.domain.evaluations.sheets import (
    ScoreOutOfRange,
    SheetSubmitted,
    broken,
    close_scoring,
    open_scoring,
    recuse,
    sheets,
    submit,
)

__all__ = [
    "Evaluation",
    "PanelTooSmall",
    "ScoreOutOfRange",
    "SheetSubmitted",
    "broken",
    "close_scoring",
    "convene",
    "last",
    "open_scoring",
    "panel",
    "recuse",
    "sheets",
    "submit",
]
