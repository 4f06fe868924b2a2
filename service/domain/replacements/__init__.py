"""Replacements (更换委员): a member leaves the committee at work, and somebody else takes the seat."""

from service.domain.replacements.acts import (
    CHAIR,
    AlreadyReplaced,
    MemberReplaced,
    ReplacementRefused,
    departure,
    replace,
)
from service.domain.replacements.choices import Alternate, Choices, Sitting, choices, may_replace
from service.domain.replacements.faults import (
    LONGEST_NUMBER,
    LONGEST_REASON,
    CommitteeDone,
    NotSeatedYet,
    Replacement,
)

__all__ = [
    "CHAIR",
    "LONGEST_NUMBER",
    "LONGEST_REASON",
    "AlreadyReplaced",
    "Alternate",
    "Choices",
    "CommitteeDone",
    "MemberReplaced",
    "NotSeatedYet",
    "Replacement",
    "ReplacementRefused",
    "Sitting",
    "choices",
    "departure",
    "may_replace",
    "replace",
]
