"""Effects of user tasks on a round, up to its score sheets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain import (
    applications,
    committees,
    rounds,
    scores,
    tracks,
)
from service.domain.applications import Status
from service.domain.committees import Seat
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.procedures import keys
from service.domain.rounds import Stage
from service.domain.scores import Line
from service.engine.services import Completion, Context, Result


class IntakeOpen(Conflict):
    """还有 {count} 件没有办结，不能结束受理审查：{names}。"""


class DeadlineTooLate(Invalid):
    """材料报送截止日期应早于要求完成的日期。"""


def open_round(context: Context, completion: Completion) -> Result:
    content = completion.content["opening"]
    deadline = date.fromisoformat(content["deadline"])
    if (required := content.get("required_by")) and deadline >= date.fromisoformat(required):
        told = "材料报送截止日期应早于要求完成的日期（截止之后还要评审和公示），请提前。"
        raise DeadlineTooLate([Problem("/deadline", told, "opening")])
    round_ = rounds.open_collection(context, keys.round_(context).id, deadline)
    assert round_.collection_ends_at is not None
    return {"collection_ends": round_.collection_ends_at.isoformat()}


def close_intake(context: Context, completion: Completion) -> Result:
    """The review begins only when every application and recommendation has been dealt with."""
    session, round_ = context.session, keys.round_(context)
    if pending := applications.pending(session, round_.id):
        raise IntakeOpen(count=len(pending), names="、".join(pending))
    accepted = applications.count(session, round_.id, Status.ACCEPTED)
    context.record("intake_closed", round_id=round_.id, accepted=accepted)
    if accepted:
        rounds.enter(context, round_, Stage.COMMITTEE)
    return {"accepted": accepted}


def form_committee(context: Context, completion: Completion) -> Result:
    round_ = keys.round_(context)
    seats = [Seat.of(row) for row in completion.content["committee"]["members"]]
    accepted = applications.applicants(context.session, round_.id)
    committees.form(context, round_, seats, accepted, context.parameters["committee"])
    return None


def record_quota(context: Context, completion: Completion) -> Result:
    quota = int(completion.content["quota"]["quota"])
    round_ = keys.round_(context)
    bounds = tracks.of_track(context.parameters, round_.track)["quota"]
    rounds.record_quota(context, round_.id, quota, bounds)
    return None


def submit_scores(context: Context, completion: Completion) -> Result:
    """One member's sheet; `sheet` is what the multi-instance collects: whose it is, never what it says."""
    round_ = keys.round_(context)
    given: Mapping[str, Any] = completion.content["score_sheet"]["scores"]
    lines = {
        key: Line(row.get("score") or None, row.get("comment") or None, bool(row.get("recused")))
        for key, row in given.items()
    }
    accepted = applications.applicants(context.session, round_.id)
    scores.submit(context, round_, completion.person_id, accepted, lines, context.parameters)
    return {"sheet": completion.person_id}


EFFECTS = {
    "committees.form": form_committee,
    "rounds.close_intake": close_intake,
    "rounds.open": open_round,
    "rounds.record_quota": record_quota,
    "scores.submit": submit_scores,
}
