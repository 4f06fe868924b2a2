"""Review committees (评审委员会): who is seated, who withdraws from which application, who scores what."""

from service.domain.committees.recusing import Recusal, TooFewSheets, recusals, recuse
from service.domain.committees.seating import CommitteeFrozen, CommitteeRefused, Seat, form
from service.domain.committees.seats import (
    CommitteeMember,
    NotMember,
    Role,
    capacities,
    eligible_people,
    everybody,
    homes,
    members,
    of_pass,
    scorers,
)

__all__ = [
    "CommitteeFrozen",
    "CommitteeMember",
    "CommitteeRefused",
    "NotMember",
    "Recusal",
    "Role",
    "Seat",
    "TooFewSheets",
    "capacities",
    "eligible_people",
    "everybody",
    "form",
    "homes",
    "members",
    "of_pass",
    "recusals",
    "recuse",
    "scorers",
]
