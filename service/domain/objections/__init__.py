"""Objections (异议): what the public files against a notice, and what becomes of it."""

from service.domain.objections.deciding import AnonymousNotAccepted, close, consider, decide
from service.domain.objections.filing import (
    LONGEST,
    MOST_FILES,
    CaseOpen,
    CaseRefused,
    NotListed,
    ObjectionRefused,
    PeriodOver,
    file_objection,
    may_open_case,
    open_case,
)
from service.domain.objections.models import (
    Objection,
    ObjectionMissing,
    ObjectionStatus,
    by_number,
    get,
    held,
)
from service.domain.objections.standing import (
    OPEN,
    UndecidedObjections,
    disqualified,
    mended,
    open_of_notice,
    require_none_open,
    upheld,
)

__all__ = [
    "LONGEST",
    "MOST_FILES",
    "OPEN",
    "AnonymousNotAccepted",
    "CaseOpen",
    "CaseRefused",
    "NotListed",
    "Objection",
    "ObjectionMissing",
    "ObjectionRefused",
    "ObjectionStatus",
    "PeriodOver",
    "UndecidedObjections",
    "by_number",
    "close",
    "consider",
    "decide",
    "disqualified",
    "file_objection",
    "get",
    "held",
    "may_open_case",
    "mended",
    "open_case",
    "open_of_notice",
    "require_none_open",
    "upheld",
]
