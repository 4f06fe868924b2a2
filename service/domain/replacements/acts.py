"""The act itself: the leaver's row ends, the alternate's begins, what is open passes on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from service.domain import applications, committees, editions, forms, organisers, people, rounds
from service.domain.access import Actor
from service.domain.applications import Applicant
from service.domain.calendars import chinese
from service.domain.committees import CommitteeMember, Recusal, recusing
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.replacements import faults
from service.domain.replacements.faults import Replacement
from service.domain.rounds import Round, Stage
from service.engine import history, instances, seals
from service.engine.engine import ProcessEngine
from service.engine.user_tasks import UserTask

CHAIR = "scoring.chair"
"""Where the round's process keeps who is in the chair: an edition names the result of
`committees.open_scoring` `scoring`."""


class AlreadyReplaced(Conflict):
    """{leaver}已于{when}由{by}更换为{alternate}（{number}），本次更换没有生效。请刷新页面查看现在的名单。"""


class ReplacementRefused(Invalid):
    """更换委员的内容有 {count} 处需要改正，没有更换。"""


class MemberReplaced(Forbidden):
    """您已于{when}退出本轮次评审委员会，由{alternate}接任（{number}；原因：{reason}），不能再查看和办理评审事项。"""


def replace(
    session: Session, engine: ProcessEngine, actor: Actor, round_id: str, decided: Replacement
) -> CommitteeMember:
    """Seat the alternate in the leaver's place; the alternate's row.

    What the leaver has open passes on, without its drafts; a sheet that was submitted stands, and then the
    alternate scores from the next pass on. The alternate's recusals are its own. Raises Forbidden,
    RoundMissing, NotSeatedYet, CommitteeDone, AlreadyReplaced (who and when), ReplacementRefused.
    """
    round_ = rounds.get(session, round_id)
    organisers.require(actor, round_.division_code)
    # As a command on the round does: first its instance, then its own row.
    instances.lock(session.connection(), round_.instance_id or "")
    round_ = rounds.locked(session, round_id)
    tasks = faults.open_tasks(session, round_id)
    ever = {each.person_id: each for each in committees.everybody(session, round_id)}
    faults.require_at_work(round_, list(ever.values()), tasks)
    leaver = ever.get(decided.leaver_id)
    if leaver is not None and leaver.ended_at is not None:
        raise _already(session, leaver)
    now = engine.clock.now()
    accepted = applications.applicants(session, round_id)
    if problems := [
        *faults.formal(session, decided, accepted, now),
        *faults.of_people(session, decided, round_, ever, tasks, now),
    ]:
        raise ReplacementRefused(problems)
    assert leaver is not None

    mine = [task for task in tasks if task.assignee_id == leaver.person_id]
    seat = _seat(session, leaver, ever.get(decided.alternate_id), decided, actor, now)
    leaver.ended_at, leaver.ended_by, leaver.ended_reason = now, actor.person_id, decided.reason.strip()
    leaver.replaced_by = seat.person_id
    leaver.decision_number, leaver.decided_on = decided.decision_number.strip(), decided.decided_on
    scoring = round_.stage == Stage.SCORING
    leaver.last_pass = round_.scoring_pass - (1 if scoring and mine else 0)
    seat.first_pass = leaver.last_pass + 1
    chair = ever.get(decided.chair_id or "", seat) if leaver.chair else None
    if chair is not None:
        chair.chair = True
    session.flush()
    recused = _recuse(session, round_.division_code, seat, decided, accepted, now)
    heir = chair if chair is not None and not scoring else seat
    dropped = _pass_on(session, engine, actor, round_, mine, heir, chair)
    parameters = editions.get(session, round_.edition_id).parameters["committee"]
    if problems := list(faults.of_committee(session, round_, accepted, parameters)):
        raise ReplacementRefused(problems)
    data = {
        "round_id": round_id,
        "leaver": leaver.person_id,
        "alternate": seat.person_id,
        "chair": chair.person_id if chair is not None else None,
        "user_tasks": [task.id for task in mine],
        "drafts_dropped": dropped,
        "recusals": len(recused),
        "sealed": seals.of(leaver, seat, *([chair] if chair is not None else ()), *recused),
    }
    chain = round_.instance_id or ""
    history.record(session, chain, "committee_member_replaced", now, actor_id=actor.person_id, data=data)
    return seat


def departure(session: Session, round_id: str, person_id: str) -> MemberReplaced | None:
    """What somebody who has left the round's committee is told; None for everybody else."""
    member = session.get(CommitteeMember, (round_id, person_id))
    if member is None or member.ended_at is None:
        return None
    names = people.names(session, [member.replaced_by])
    return MemberReplaced(
        when=chinese(member.ended_at),
        alternate=names.get(member.replaced_by or "", "其他人员"),
        number=member.decision_number,
        reason=member.ended_reason,
    )


def _already(session: Session, leaver: CommitteeMember) -> AlreadyReplaced:
    names = people.names(session, [leaver.person_id, leaver.ended_by, leaver.replaced_by])
    assert leaver.ended_at is not None
    return AlreadyReplaced(
        leaver=names[leaver.person_id],
        when=chinese(leaver.ended_at),
        by=names.get(leaver.ended_by or "", "其他人员"),
        alternate=names.get(leaver.replaced_by or "", "其他人员"),
        number=leaver.decision_number,
    )


def _seat(
    session: Session,
    leaver: CommitteeMember,
    known: CommitteeMember | None,
    decided: Replacement,
    actor: Actor,
    now: datetime,
) -> CommitteeMember:
    """The alternate's row in the leaver's place and role; who stood by in the list has one already."""
    if known is not None:
        known.position, known.role = leaver.position, leaver.role
        known.division_code = decided.division_code or known.division_code
        known.seated_by, known.seated_at = actor.person_id, now
        return known
    row = CommitteeMember(
        round_id=leaver.round_id,
        person_id=decided.alternate_id,
        position=leaver.position,
        role=leaver.role,
        chair=False,
        division_code=decided.division_code,
        seated_by=actor.person_id,
        seated_at=now,
    )
    session.add(row)
    return row


def _recuse(
    session: Session,
    organiser: str,
    seat: CommitteeMember,
    decided: Replacement,
    accepted: Sequence[Applicant],
    now: datetime,
) -> list[Recusal]:
    """The alternate's own recusals, found and declared as at the seating; new rows only."""
    known = {(each.application_id, each.person_id) for each in committees.recusals(session, seat.round_id)}
    homes = {seat.person_id: seat.division_code}
    found = recusing.automatic(session, organiser, homes, accepted)
    declared = {(application_id, seat.person_id) for application_id in decided.recused}
    new = {pair: reason for pair, reason in found.items() if pair not in known}
    return recusing.add(session, seat.round_id, declared - known, new, now)


def _pass_on(
    session: Session,
    engine: ProcessEngine,
    actor: Actor,
    round_: Round,
    tasks: Sequence[UserTask],
    heir: CommitteeMember,
    chair: CommitteeMember | None,
) -> int:
    """Give away what the leaver has open, and the chair where it is vacant; how many drafts were dropped."""
    reason = "更换评审委员"
    dropped = sum(forms.drop_drafts(session, task.id) for task in tasks)
    for task in tasks:
        engine.reassign(session, task.id, heir.person_id, actor_id=actor.person_id, reason=reason)
    if chair is not None and round_.scoring_pass:
        instance_id = round_.instance_id or ""
        engine.amend(session, instance_id, CHAIR, chair.person_id, actor_id=actor.person_id, reason=reason)
    return dropped
