"""Runs: what a simulation did, as far as the database does not tell it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Attempt:
    """Somebody who is barred tried to apply; `refusal` is the sentence, None if nothing refused it."""

    round_id: str
    division_code: str
    at: datetime
    refusal: str | None


@dataclass
class Run:
    """One simulation: what was asked for, and which rows are which."""

    edition: str
    """miit_industry/2018"""
    edition_id: str
    seed: int
    count: int
    """Applications a track in the first year."""
    started_at: datetime
    ended_at: datetime
    rounds: list[str] = field(default_factory=list)
    """Ids, in the order in which they were opened: the first year's, one a track, then the next year's."""
    objections: dict[str, str] = field(default_factory=dict)
    """Objection id → a label that is the same for the same seed."""
    attempts: list[Attempt] = field(default_factory=list)
