"""Courses: what a simulation knows of one round beyond the database: its plan, its cases, its committee."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications, rounds, subjects
from service.domain.simulation.plans import Applicant
from service.domain.simulation.policies import Fate
from service.domain.simulation.worlds import Member

BEST, SPREAD = 96, 28  # The committee's scores lie between 96 and 68, in the order of merit.
USUAL_NOISE = 6.0
MOST_TIED = 3


class Suspect(NamedTuple):
    """A winner of the year before, into whom the ministry looks while the next round collects."""

    application_id: str
    division_code: str


@dataclass
class Case:
    """One instance's subject: its label, what befalls it, and how often each user task came up."""

    label: str
    """The same for the same seed, unlike ids: it sorts and seeds whatever is drawn for the case."""
    fate: Fate
    names: Mapping[str, str] = field(default_factory=dict)
    """For the policy's `fill` texts."""
    visits: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By element id, and by member where it is given to one."""


@dataclass
class Course:
    """One round of one track."""

    seed: int
    round_id: str
    year: int
    track: str
    applicants: Mapping[str, Applicant]
    """By division code."""
    units: Mapping[str, Fate]
    """What befalls each unit's recommendation, by division code."""
    pool: Sequence[Member]
    tie: bool
    """Whether the committee is to end in a tie at the last place."""
    barred: Sequence[str] = ()
    """Codes of divisions that try to apply though they are barred."""
    suspect: Suspect | None = None
    applications: dict[str, str] = field(default_factory=dict)
    """Application id → division code."""
    contested: str | None = None
    """The application from which so many members withdraw that an alternate has to score it."""
    notices: set[str] = field(default_factory=set)
    is_collecting: bool = False
    is_scoring: bool = False
    _views: dict[int, dict[str, tuple[float, float]]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.year}/{self.track}"

    def begun(self, kind: str, code: str) -> Case:
        """A case that no person set up: of a recommending unit, or of a division that was called upon."""
        if kind != subjects.APPLICATION:
            return Case(f"{self.label}/{code}", self.units[code])
        applicant = self.applicants[code]
        return Case(f"{self.label}/{code}", applicant.fate, {"division": applicant.name})

    def random(self, *parts: object) -> Random:
        """Draws that depend on nothing but the seed and these parts."""
        return Random("/".join(map(str, (self.seed, self.label, *parts))))

    def merit(self, application_id: str) -> float:
        return self.applicants[self.applications[application_id]].merit

    def best_first(self, application_ids: Sequence[str]) -> list[str]:
        return sorted(application_ids, key=lambda key: (-self.merit(key), self.applications[key]))

    def by_code(self, application_ids: Sequence[str]) -> list[str]:
        return sorted(application_ids, key=lambda key: self.applications[key])

    def member(self, person_id: str | None) -> int | None:
        """The member's number in the pool: ids differ from run to run."""
        return next((n for n, each in enumerate(self.pool) if each.person_id == person_id), None)

    def score(self, session: Session, application_id: str, member: int) -> str:
        """What a member gives: around the applicant's place among all, exactly the same for those tied."""
        scoring_pass = rounds.get(session, self.round_id).scoring_pass
        if scoring_pass not in self._views:
            self._views[scoring_pass] = self._form_views(session)
        middle, noise = self._views[scoring_pass][application_id]
        draw = self.random("score", scoring_pass, member, self.applications[application_id]).random()
        return f"{min(max(middle + noise * (2 * draw - 1), 0), 100):.2f}"

    def _form_views(self, session: Session) -> dict[str, tuple[float, float]]:
        """Application id → (what the committee thinks of it, by how much its members differ)."""
        ordered = self.best_first(
            [each.application_id for each in applications.applicants(session, self.round_id)]
        )
        step = SPREAD / len(ordered)
        noise = 0.4 * step if self.tie else USUAL_NOISE
        views = {key: (BEST - step * place, noise) for place, key in enumerate(ordered)}
        last = (rounds.get(session, self.round_id).quota or 0) - 1
        if self.tie and len(ordered) > last + 1:
            size = self.random("tie").randint(2, MOST_TIED)
            for key in ordered[last : last + size]:
                views[key] = (views[ordered[last]][0], 0.0)
        return views
