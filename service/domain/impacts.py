"""Impacts: who would move if an objection were upheld, by the same selection that makes the list."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import (
    applications,
    awards,
    divisions,
    editions,
    objections,
    rounds,
    sanctions,
    shortlists,
    subjects,
    visibility,
)
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.awards import AwardStatus
from service.domain.objections import Objection, ObjectionStatus
from service.domain.rounds import Round, Stage
from service.domain.selection import Selection, Standing
from service.domain.selection.reasons import Placement, cite
from service.domain.shortlists import CandidateState


class Change(StrEnum):
    """What becomes of an application that moves."""

    LEAVES = "leaves"
    ENTERS = "enters"
    TIED = "tied"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Change.LEAVES: "移出", Change.ENTERS: "列入", Change.TIED: "待表决"}


class Move(NamedTuple):
    """One application that would move, and by which rule."""

    application_id: str
    division: str
    change: str
    change_label: str
    reason: str


class Impact(NamedTuple):
    """What upholding an objection would do; `moves` is empty where nobody else is touched."""

    summary: str
    moves: list[Move]
    rules: list[str]
    """Rules that no list could keep to any more: a decision on them would have to come first."""


def of_objection(session: Session, actor: Actor, objection: Objection) -> Impact | None:
    """Who would move; None once it is decided, and for those whom the ranking does not concern.

    Whoever sees the objection and the round's working papers: the recommending unit, which may be asked to
    mend something, learns nothing of the ranking by it.
    """
    if not ObjectionStatus(objection.status).open or objection.finding is not None:
        return None
    if not visibility.sees(session, actor, f"{subjects.OBJECTION}:{objection.id}"):
        return None
    if not visibility.sees(session, actor, f"{subjects.ROUND}:{objection.round_id}"):
        return None
    round_ = rounds.get(session, objection.round_id)
    told = _of_the_round(session, round_, objection)
    return told._replace(summary=told.summary + _of_fraud(session, round_, objection))


def _of_the_round(session: Session, round_: Round, objection: Objection) -> Impact:
    if round_.stage in (Stage.ANNOUNCED, Stage.CLOSED):
        return Impact(_after_the_round(session, objection), [], [])
    standing = shortlists.of_application(session, round_, objection.application_id)
    if round_.ranked_at is None or standing is None:
        return Impact("排名还没有确定；认定成立的，不再参加评审。", [], [])
    if CandidateState(standing.state).is_out:
        return Impact("已经移出名单；认定成立与否，名单都不变。", [], [])
    if round_.noticed_at is None and (why := shortlists.awaited(session, round_)):
        return Impact(f"名单还没有排定（{why}）；认定成立的，不再参加排定。", [], [])
    return _of_the_list(session, round_, objection)


def _after_the_round(session: Session, objection: Objection) -> str:
    granted = {each.application_id: each.status for each in awards.of_round(session, objection.round_id)}
    if granted.get(objection.application_id, AwardStatus.REVOKED) == AwardStatus.REVOKED:
        return "本轮次已经结束；认定成立与否，名单都不变。"
    return "本轮次已经公布；认定成立的，撤销激励，不再递补。"


def _of_fraud(session: Session, round_: Round, objection: Objection) -> str:
    """Which lists of other years the division would leave if this were fraud, a bar of years; else empty."""
    parameters = editions.get(session, round_.edition_id).parameters["sanction"]
    accused = applications.get(session, objection.application_id)
    barred = sanctions.answerable(session, accused.division_code, parameters)
    year = rounds.last_closed_year(session, round_)
    titles = session.scalars(
        select(Round.title)
        .join(Application, Application.round_id == Round.id)
        .where(
            Round.programme == round_.programme,
            Round.year.between(year + 1, year + int(parameters["city_years"])),
            Application.division_code == barred,
            Application.closed_at.is_(None),
        )
        .order_by(Round.year, Round.title)
    ).all()
    if not titles:
        return ""
    name = divisions.full_names(session, [barred])[barred]
    return f"认定弄虚作假的，{name}在{'、'.join(f'“{title}”' for title in titles)}中的申报也不再参加评选。"


def _of_the_list(session: Session, round_: Round, objection: Objection) -> Impact:
    """The list without those who are disqualified already, against the list without this one too."""
    parameters = editions.get(session, round_.edition_id).parameters
    below = int(parameters["objection"]["promote_below"])
    ids = [each.application_id for each in shortlists.candidates(session, round_)]
    gone = objections.disqualified(session, ids)
    before = shortlists.preview(session, round_, below, gone)
    upheld = {objection.application_id: f"异议（{objection.number}）如认定成立，移出名单。"}
    after = shortlists.preview(session, round_, below, gone | upheld)
    moves = _moves(session, before, after)
    if after.conflict is None:
        moves += _on_lists_that_follow(session, round_, after, below)
    if objection.application_id not in before.selected:
        summary = "它不在名单上"
    elif round_.noticed_at is None:
        summary = "它在名单上；认定成立的，名单按规则重新确定"
    else:
        filled = min(below, round_.quota or 0)
        summary = f"它在已公示的名单上；认定成立的移出，名单不足 {filled} 个的依次递补，已公示的不变"
    if after.conflict is not None:
        summary += "；移出后没有符合全部规则的名单，须先记录对其中一项规则的例外决定"
    elif after.tie is not None:
        summary += f"；余下 {after.tie.places} 个名额须由评审委员会表决"
    elif not set(after.selected) - set(before.selected):
        summary += "；没有递补"
    rules = [cite(each) for each in after.conflict.rules] if after.conflict else []
    return Impact(f"{summary}。", moves, rules)


def _on_lists_that_follow(session: Session, round_: Round, after: Selection, below: int) -> list[Move]:
    """Who would move there because nobody is to be listed twice; a list that is not placed yet has none."""
    codes = applications.divisions_of(session, after.selected)
    supposed = {round_.id: sorted(codes.values())}
    moves: list[Move] = []
    for each in shortlists.following(session, round_):
        if each.ranked_at is None or each.stage in (Stage.ANNOUNCED, Stage.CLOSED):
            continue
        if shortlists.awaited(session, each):
            continue
        gone = objections.disqualified(
            session, [one.application_id for one in shortlists.candidates(session, each)]
        )
        was = shortlists.preview(session, each, below, gone)
        will = shortlists.preview(session, each, below, gone, supposed)
        for move in _moves(session, was, will):
            moves.append(move._replace(reason=f"“{each.title}”名单：{move.reason}"))
    return moves


def _moves(session: Session, before: Selection, after: Selection) -> list[Move]:
    """In rank order, those who leave first."""
    was, will = set(before.selected), set(after.selected)
    stuck = after.conflict is not None
    tied = set(after.tie.members if after.tie else ()) - set(before.tie.members if before.tie else ())
    changes = [
        *((Change.LEAVES, each) for each in after.placements if each.id in was and _leaves(each, stuck)),
        *((Change.ENTERS, each) for each in after.placements if each.id in will - was),
        *((Change.TIED, each) for each in after.placements if each.id in tied),
    ]
    names = applications.names_of(session, [each.id for _, each in changes])
    return [Move(each.id, names[each.id], change, change.label, each.reason) for change, each in changes]


def _leaves(placement: Placement, stuck: bool) -> bool:
    """Where no list is legal nobody's place is certain: only who is taken off surely leaves."""
    return placement.standing == Standing.EXCLUDED or (
        not stuck and placement.standing == Standing.PASSED_OVER
    )
