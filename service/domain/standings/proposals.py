"""Proposals: the 差额 list (拟列入督查激励建议名单), and what was decided on it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from service.domain import applications, awards, divisions, editions, rounds, selection
from service.domain.awards import Award
from service.domain.errors import Conflict, Invalid
from service.domain.forms.fields import article_title
from service.domain.rounds import Round, Stage
from service.domain.rules import rule
from service.domain.selection import Floor, Rules, Selection, Waiver
from service.domain.selection import Standing as Verdict
from service.domain.standings.models import (
    Proposal,
    Standing,
    StandingStage,
    StandingState,
    of_pool,
    proposal,
)
from service.domain.standings.scoring import order_votes
from service.engine import seals
from service.engine.services import Context

ACCELERATING = "accelerating"
"""The group of the counties of which the list holds some (26个加快发展县（市、区）)."""


class SizeMissing(Conflict):
    """还没有记录差额比例，不能综合评分。请先确定激励名额和差额比例。"""


class SizeRefused(Invalid):
    """建议名单 {size} 个，应为 {minimum} 至 {maximum} 之间的一个整数，并多于激励名额 {quota} 个。"""

    place = "/size"


class NothingToWaive(Conflict):
    """建议名单没有与规定冲突之处，不需要例外。请刷新页面查看现状。"""


class ProposalOpen(Conflict):
    """建议名单还没有确定，不能继续：{why}"""


class DecisionRefused(Invalid):
    """评选结果与建议名单不符：只能从建议名单中确定。请刷新页面后重新登记。"""

    place = "/applications"


class TooFewAccelerating(Invalid):
    """列入督查激励的加快发展县（市、区）有 {count} 个，少于 {minimum} 个；请调整，或者按例外办理。"""

    place = "/exception"


@rule("差额比例是每年的必填参数，在公开得分之前记录", "shortlist")
def record_size(context: Context, round_: Round, size: int, parameters: Mapping[str, Any]) -> Proposal:
    """Fix the length of the list, once, before anybody's points are known; SizeRefused."""
    bounds, quota = parameters["shortlist"], int(parameters["quota"]["maximum"])
    minimum, maximum = int(bounds["minimum"]), int(bounds["maximum"])
    if not minimum <= size <= maximum or size <= quota:
        raise SizeRefused(size=size, minimum=minimum, maximum=maximum, quota=quota)
    row = Proposal(round_id=round_.id, size=size, recorded_by=context.actor_id or "", recorded_at=context.now)
    context.session.add(row)
    context.session.flush()
    context.record("shortlist_size_recorded", round_id=round_.id, size=size, sealed=seals.of(row))
    return row


def place(context: Context, round_: Round) -> str:
    """Say of every county where it stands; what comes next: `none`, `vote`, `waive` or `propose`."""
    session = context.session
    rows = of_pool(session, StandingStage.PROVINCE, round_.id)
    if not rows:
        return "none"
    made = _selection(session, round_)
    states = {Verdict.TIED: StandingState.TIED, Verdict.WAITING: StandingState.WAITING}
    by_id = {each.application_id: each for each in rows}
    for placement in made.placements:
        row = by_id[placement.id]
        row.state = states.get(placement.standing, StandingState.PASSED_OVER)
        if placement.standing == Verdict.SELECTED:
            row.state = StandingState.LISTED
        row.reason = _worded(placement.reason)
    session.flush()
    rounds.enter(context, round_, Stage.DELIBERATION)
    following = "waive" if made.conflict else "vote" if made.tie else "propose"
    context.record("standings_placed", round_id=round_.id, next=following, sealed=seals.of(*by_id.values()))
    return following


def vote(context: Context, round_: Round, votes: Mapping[str, int]) -> None:
    """The 转升办's recorded decision between equals at the end of the list (reading 3)."""
    rows = of_pool(context.session, StandingStage.PROVINCE, round_.id)
    tied = [each for each in rows if each.state == StandingState.TIED]
    order_votes(tied, votes)
    context.session.flush()
    context.record("standings_voted", round_id=round_.id, votes=dict(votes), sealed=seals.of(*tied))


def waive(context: Context, round_: Round, *, reason: str, decider: str, number: str) -> None:
    """“原则上” (reading 14): a rule that no list can keep to does not apply this time; NothingToWaive."""
    made, row = _selection(context.session, round_), proposal(context.session, round_.id)
    if made.conflict is None or row is None:
        raise NothingToWaive
    rule_ = next(each for each in made.conflict.rules if each.waivable)
    row.waiver = {"rule": rule_.key, "reason": reason, "decider": decider, "number": number}
    context.session.flush()
    context.record("floor_waived", round_id=round_.id, text=rule_.text, sealed=seals.of(row))


def listed(session: Session, round_id: str) -> list[Standing]:
    """Who is on the list, in rank order, before and after the decision."""
    on_it = {StandingState.LISTED, StandingState.AWARDED, StandingState.NOT_AWARDED}
    rows = of_pool(session, StandingStage.PROVINCE, round_id)
    return [each for each in rows if each.state in on_it]


def require_whole(session: Session, round_id: str) -> None:
    """ProposalOpen while a vote or a decision on a conflicting rule is still to come."""
    for each in of_pool(session, StandingStage.PROVINCE, round_id):
        if each.state in (StandingState.TIED, StandingState.WAITING):
            raise ProposalOpen(why=each.reason)


@rule("每年的激励名额从建议名单中确定，原则上有列明的县（市、区）", "quota", "floor", given="shortlist")
def decide(
    context: Context,
    round_: Round,
    decided_by: str,
    verdicts: Mapping[str, tuple[bool, str]],
    *,
    exception: bool,
) -> list[Standing]:
    """评选: {application: (awarded, reason)} of everybody on the list; DecisionRefused, TooFewAccelerating.

    As many as there are places; fewer of the 加快发展县 than demanded only by a recorded exception.
    """
    session = context.session
    rows = {each.application_id: each for each in listed(session, round_.id)}
    parameters = editions.get(session, round_.edition_id).parameters
    chosen = [key for key, (awarded, _) in verdicts.items() if awarded]
    assert round_.quota is not None
    if set(verdicts) != set(rows) or len(chosen) != min(round_.quota, len(rows)):
        raise DecisionRefused
    among = accelerating(session, round_)
    count, minimum = len(among & set(chosen)), int(parameters["floor"]["minimum"])
    if count < minimum and not exception:
        raise TooFewAccelerating(count=count, minimum=minimum)
    for key, (awarded, reason) in verdicts.items():
        rows[key].state = StandingState.AWARDED if awarded else StandingState.NOT_AWARDED
        rows[key].reason = f"{rows[key].reason}评选{'列入' if awarded else '未列入'}：{reason}"
    row = proposal(session, round_.id)
    assert row is not None
    row.decided_by, row.decided_at = decided_by, context.now
    session.flush()
    rounds.enter(context, round_, Stage.APPROVAL)
    context.record(
        "awards_decided",
        round_id=round_.id,
        chosen=chosen,
        exception=exception,
        sealed=seals.of(row, *rows.values()),
    )
    return [rows[key] for key in chosen]


def grant(context: Context, round_: Round) -> list[Award]:
    """The awards of the announced decision."""
    chosen = [each for each in listed(context.session, round_.id) if each.state == StandingState.AWARDED]
    return awards.grant_announced(context, round_, [each.application_id for each in chosen])


def accelerating(session: Session, round_: Round) -> set[str]:
    """Application ids of the ranked counties that are among those of the floor."""
    among = editions.get(session, round_.edition_id).parameters["floor"]["divisions"]
    ids = [each.application_id for each in of_pool(session, StandingStage.PROVINCE, round_.id)]
    return {key for key, code in applications.divisions_of(session, ids).items() if code in among}


def _worded(reason: str) -> str:
    """A selection's places are here those of the list, not of the awards; and no committee votes."""
    return reason.replace("名额", "建议名单名额").replace("评审委员会", "转升办集体")


def _selection(session: Session, round_: Round) -> Selection:
    row = proposal(session, round_.id)
    if row is None:
        raise SizeMissing
    rows = of_pool(session, StandingStage.PROVINCE, round_.id)
    ids = [each.application_id for each in rows]
    codes, among = applications.divisions_of(session, ids), accelerating(session, round_)
    names = divisions.full_names(session, codes.values())
    parameters = editions.get(session, round_.edition_id).parameters
    floor, size = parameters["floor"], parameters["shortlist"]
    candidates = [
        selection.Candidate(
            id=each.application_id,
            score=Fraction(each.total),
            groups={ACCELERATING: "yes"} if each.application_id in among else {},
            name=names[codes[each.application_id]],
            place=each.vote_order,
        )
        for each in rows
    ]
    article = article_title(floor["article"])
    floors = [Floor(ACCELERATING, ("yes",), int(floor["minimum"]), article, floor["title"])]
    waivers = [Waiver(**row.waiver)] if row.waiver else []
    told = article_title(size.get("reading") or size["article"])
    rules = Rules(row.size, floors=floors, waivers=waivers, quota_article=told)
    return selection.select(candidates, rules)
