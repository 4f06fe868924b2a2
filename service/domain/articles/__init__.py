"""Articles: for each article of an edition's document what carries it out, or the reason why nothing can."""

from service.domain.articles.accounts import (
    Account,
    Article,
    Reason,
    Standing,
    account,
    beginning,
)
from service.domain.articles.marks import SILENT, Group, Kind, Mark, Source, grouped, marks
from service.domain.articles.passages import passages

__all__ = [
    "SILENT",
    "Account",
    "Article",
    "Group",
    "Kind",
    "Mark",
    "Reason",
    "Source",
    "Standing",
    "account",
    "beginning",
    "grouped",
    "marks",
    "passages",
]
