"""Outcomes: what a simulation came to, for people and for machines; the same for the same seed."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy.orm import Session

from service.domain import (
    applications,
    committees,
    cycles,
    divisions,
    evaluations,
    notices,
    recommendations,
    rounds,
    shortlists,
    standings,
    waivers,
)
from service.domain.applications import Application, Status
from service.domain.cycles import CycleStatus, Stage, Verdict
from service.domain.rounds import Outcome as RoundOutcome
from service.domain.rounds import Round
from service.domain.shortlists import CandidateState
from service.domain.simulation import records, timelines
from service.domain.simulation.runs import Run
from service.domain.simulation.timelines import Entry
from service.domain.standings import Standing, StandingStage, StandingState


@dataclass(frozen=True)
class Ranked:
    """One candidate of the last scoring pass."""

    rank: int
    division: str
    score: str
    exact: str
    """The mean as a fraction, so that anybody can recompute the score."""
    sheets: int
    vote: int | None
    state: str
    reason: str


@dataclass(frozen=True)
class Result:
    """What became of one application, and why."""

    code: str
    division: str
    status: str
    reason: str


@dataclass(frozen=True)
class Pilot:
    """What became of one approved plan over its years."""

    code: str
    division: str
    starts_on: str
    ends_on: str
    status: str
    score: str
    targets: int
    version: int
    """Of the targets at the end: 1, and one more for each adjustment."""
    assessments: list[str]
    rectifications: list[str]


@dataclass(frozen=True)
class Notice:
    """One public notice."""

    number: str
    starts_on: str
    ends_on: str
    closed_at: str
    divisions: list[str]


@dataclass(frozen=True)
class RoundResult:
    """One round."""

    title: str
    year: int
    track: str
    outcome: str
    quota: int | None
    committee: int
    alternates: int
    recusals: int
    scoring_passes: int
    waivers: int
    """Rules of the list that a recorded decision set aside."""
    notices: list[Notice]
    ranking: list[Ranked]
    cities: dict[str, list[Ranked]]
    """The rankings that the recommending units make, by their names, where counties are scored by targets."""
    results: list[Result]
    pilots: list[Pilot]


@dataclass(frozen=True)
class Outcome:
    """All of it; `digest` is the SHA-256 of everything else."""

    edition: str
    seed: int
    count: int
    rounds: list[RoundResult]
    timeline: list[Entry]
    records: dict[str, str]
    """Table → SHA-256 of all that its rows put on record."""
    digest: str = field(default="")


def tell(session: Session, run: Run) -> Outcome:
    """Read the outcome from the database."""
    told = Outcome(
        edition=run.edition,
        seed=run.seed,
        count=run.count,
        rounds=[_round(session, run, rounds.get(session, round_id)) for round_id in run.rounds],
        timeline=timelines.read(session, run),
        records=records.digests(session, run),
    )
    content = json.dumps(asdict(told), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Outcome(**{**vars(told), "digest": hashlib.sha256(content.encode()).hexdigest()})


def _round(session: Session, run: Run, round_: Round) -> RoundResult:
    filed = timelines.receipts(session, run)
    of_round = applications.of_round(session, round_.id)
    names = divisions.full_names(session, [each.division_code for each in of_round])
    by_id = {each.id: each for each in of_round}
    ranked = [
        (
            by_id[each.application_id].division_code,
            Ranked(
                rank=each.rank,
                division=names[by_id[each.application_id].division_code],
                score=each.score,
                exact=each.exact,
                sheets=each.sheets,
                vote=each.vote_order,
                state=CandidateState(each.state).label,
                reason=timelines.stable(each.reason, filed),
            ),
        )
        for each in shortlists.candidates(session, round_)
    ]
    ranked += _ranked(standings.of_pool(session, StandingStage.PROVINCE, round_.id), by_id, names)
    ranked.sort(key=lambda each: (each[1].rank, each[1].vote or 0, each[0]))
    seats = committees.members(session, round_.id)
    alternates = sum(each.alternate for each in seats)
    return RoundResult(
        title=round_.title,
        year=round_.year,
        track=round_.track,
        outcome=RoundOutcome(round_.outcome).label if round_.outcome else "没有结束",
        quota=round_.quota,
        committee=len(seats) - alternates,
        alternates=alternates,
        recusals=len(committees.recusals(session, round_.id)),
        scoring_passes=round_.scoring_pass,
        waivers=len(waivers.of_round(session, round_.id)),
        notices=list(_notices(session, round_)),
        ranking=[each for _, each in ranked],
        cities=_cities(session, round_, by_id, names),
        results=[
            Result(
                code=each.division_code,
                division=names[each.division_code],
                status=Status(each.status).label,
                reason=timelines.stable(each.reason or "", filed),
            )
            for each in of_round
        ],
        pilots=[pilot for each in of_round if (pilot := _pilot(session, each, names)) is not None],
    )


def _pilot(session: Session, application: Application, names: Mapping[str, str]) -> Pilot | None:
    cycle = cycles.find_cycle(session, application.id)
    if cycle is None:
        return None
    last = evaluations.last(session, application.id)
    return Pilot(
        code=application.division_code,
        division=names[application.division_code],
        starts_on=str(cycle.starts_on),
        ends_on=str(cycle.ends_on),
        status=CycleStatus(cycle.status).label,
        score=(last.score or "") if last is not None else "",
        targets=len(cycles.targets(session, application.id, cycle.version)),
        version=cycle.version,
        assessments=[
            f"{Stage(each.stage).label}：{Verdict(each.verdict).label}"
            + (f"，{each.targets} 项目标完成 {each.reached} 项，最低 {each.lowest}%" if each.lowest else "")
            for each in cycles.assessments(session, application.id)
        ],
        rectifications=[
            f"{Stage(each.stage).label}后限期整改至 {each.ends_on}：{Verdict(each.verdict or '').label}"
            for each in cycles.rectifications(session, application.id)
        ],
    )


def _cities(
    session: Session, round_: Round, by_id: Mapping[str, Application], names: Mapping[str, str]
) -> dict[str, list[Ranked]]:
    units = recommendations.of_round(session, round_.id)
    called = divisions.names(session, [each.division_code for each in units])
    pools = {
        called[each.division_code]: _ranked(
            standings.of_pool(session, StandingStage.CITY, each.id), by_id, names
        )
        for each in units
    }
    return {
        name: [each for _, each in sorted(pool, key=lambda each: (each[1].rank, each[0]))]
        for name, pool in pools.items()
        if pool
    }


def _ranked(
    rows: Iterable[Standing], by_id: Mapping[str, Application], names: Mapping[str, str]
) -> list[tuple[str, Ranked]]:
    """With the division's code, by which equals are put in an order that no id has a part in."""
    return [
        (
            by_id[each.application_id].division_code,
            Ranked(
                rank=each.rank,
                division=names[by_id[each.application_id].division_code],
                score=each.total,
                exact=each.exact,
                sheets=0,
                vote=each.vote_order,
                state=StandingState(each.state).label,
                reason=each.reason,
            ),
        )
        for each in rows
    ]


def _notices(session: Session, round_: Round) -> Iterator[Notice]:
    published = sorted(notices.of_round(session, round_.id), key=lambda each: each.sequence)
    entries = notices.entries(session, [each.id for each in published])
    for each in published:
        yield Notice(
            number=each.number,
            starts_on=str(each.starts_on),
            ends_on=str(each.ends_on),
            closed_at=timelines.local(each.closed_at),
            divisions=[entry.division_name for entry in entries[each.id]],
        )
