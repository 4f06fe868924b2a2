"""Facts: the rows of one simulated round, as the checks need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import (
    applications,
    awards,
    bonuses,
    committees,
    divisions,
    editions,
    notices,
    rounds,
    shortlists,
    tracks,
    waivers,
)
from service.domain.applications import Application
from service.domain.awards import Award
from service.domain.committees import CommitteeMember
from service.domain.notices import Notice, NoticeEntry
from service.domain.objections import Objection
from service.domain.rounds import Round
from service.domain.scores import ScoreSheet
from service.domain.shortlists import Candidate
from service.domain.simulation.runs import Run
from service.domain.waivers import Waiver


@dataclass(frozen=True)
class Facts:
    """One round and what belongs to it."""

    session: Session
    run: Run
    round: Round
    parameters: Mapping[str, Any]
    applications: Mapping[str, Application]
    names: Mapping[str, str]
    """Full division names, by application id."""
    members: Sequence[CommitteeMember]
    """Alternates too."""
    ever: Mapping[str, CommitteeMember]
    """Those who have left the committee too, by person id."""
    recusals: set[tuple[str, str]]
    """(application id, person id)"""
    sheets: Sequence[ScoreSheet]
    """Of every pass."""
    bonuses: Mapping[str, Fraction]
    """By application id, of those that have one."""
    candidates: Mapping[str, Candidate]
    """Of the last pass, by application id."""
    notices: Sequence[Notice]
    entries: Mapping[str, Sequence[NoticeEntry]]
    objections: Sequence[Objection]
    awards: Mapping[str, Award]
    """By application id."""
    waivers: Sequence[Waiver]

    def limit(self, rule: Mapping[str, Any], named: str, stated: int, none: int) -> int:
        """The number of a cap or floor that applies: what a decision put in its place, or `none` at all."""
        for each in self.waivers:
            if each.rule.endswith(f":{rule['group']}:{named}"):
                return none if each.limit is None else each.limit
        return stated


def gather(session: Session, run: Run, round_id: str) -> Facts:
    round_ = rounds.get(session, round_id)
    of_round = {each.id: each for each in applications.of_round(session, round_id)}
    full = divisions.full_names(session, {each.division_code for each in of_round.values()})
    published = sorted(notices.of_round(session, round_id), key=lambda each: each.sequence)
    return Facts(
        session=session,
        run=run,
        round=round_,
        parameters=tracks.of_track(editions.get(session, round_.edition_id).parameters, round_.track),
        applications=of_round,
        names={key: full[each.division_code] for key, each in of_round.items()},
        members=committees.members(session, round_id),
        ever={each.person_id: each for each in committees.everybody(session, round_id)},
        recusals={(each.application_id, each.person_id) for each in committees.recusals(session, round_id)},
        sheets=session.scalars(select(ScoreSheet).where(ScoreSheet.round_id == round_id)).all(),
        bonuses=bonuses.of_round(session, round_),
        candidates={each.application_id: each for each in shortlists.candidates(session, round_)},
        notices=published,
        entries=notices.entries(session, [each.id for each in published]),
        objections=session.scalars(select(Objection).where(Objection.round_id == round_id)).all(),
        waivers=waivers.of_round(session, round_id),
        awards={each.application_id: each for each in awards.of_round(session, round_id)},
    )
