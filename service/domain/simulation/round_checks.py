"""Round checks: what must hold of one round, computed anew rather than asked of the code under test.

Each yields a sentence for everything that is broken.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import chinese_calendar
from sqlalchemy import func, select

from service.clock import SHANGHAI
from service.domain import eligibility, judgements, recommendations
from service.domain.applications import Status
from service.domain.committees import Role
from service.domain.divisions import Division
from service.domain.objections import Objection, ObjectionStatus
from service.domain.recommendations import RecommendationStatus
from service.domain.rounds import Outcome
from service.domain.shortlists import CandidateState
from service.domain.simulation.facts import Facts
from service.engine import history

ENDED = frozenset(Status) - {
    Status.UNDER_WAY,
    Status.READY,
    Status.RECOMMENDED,
    Status.ACCEPTED,
    Status.AWARDED,
}


def quota(facts: Facts) -> Iterator[str]:
    round_, bounds = facts.round, facts.parameters["quota"]
    if not round_.scoring_pass:
        return
    if round_.quota is None or not int(bounds["minimum"]) <= round_.quota <= int(bounds["maximum"]):
        yield f"{round_.title}：名额 {round_.quota} 不在 {bounds['minimum']} 至 {bounds['maximum']} 之间。"
    events = [
        each.type
        for each in history.of_chain(facts.session, round_.instance_id or "")
        if each.type in ("quota_recorded", "scores_opened")
    ]
    if not events or events[0] != "quota_recorded" or events.count("quota_recorded") != 1:
        yield f"{round_.title}：名额没有在开始评分之前记录一次。"
    listed = [each for each in facts.candidates.values() if each.state == CandidateState.SELECTED]
    if round_.quota is not None and len(listed) > round_.quota:
        yield f"{round_.title}：名单有 {len(listed)} 个，超过名额 {round_.quota}。"


def committee(facts: Facts) -> Iterator[str]:
    if not facts.round.scoring_pass:
        return
    demanded = facts.parameters["committee"]
    seated = [each for each in facts.members if each.role != Role.ALTERNATE]
    size = len(seated)
    if size < int(demanded["minimum"]) or (demanded["odd"] and size % 2 == 0):
        yield f"{facts.round.title}：评审委员会 {size} 人，应为不少于 {demanded['minimum']} 的单数。"
    if {each.role for each in seated} != {Role.EXPERT, Role.BUREAU}:
        yield f"{facts.round.title}：评审委员会应由专家和主办部门代表共同组成。"
    if sum(each.chair for each in seated) != 1:
        yield f"{facts.round.title}：主任委员应恰好一名。"
    for gone in (each for each in facts.ever.values() if each.ended_at is not None):
        if gone.replaced_by not in facts.ever or not gone.decision_number or not gone.ended_reason:
            yield f"{facts.round.title}：有委员退出，却没有接任的委员、文号或原因。"
    minimum = int(demanded["minimum_sheets"])
    for key, candidate in facts.candidates.items():
        if candidate.sheets < minimum:
            yield f"{facts.names[key]}：只有 {candidate.sheets} 份评分，少于 {minimum} 份。"


def scores(facts: Facts) -> Iterator[str]:
    """Sheets are complete, none is of a recused member, and the figures follow from them.

    Every sheet is of who had the seat in that pass: its first member, or one who was properly replaced.
    """
    last = facts.round.scoring_pass
    sheets = [each for each in facts.sheets if each.scoring_pass == last]
    for each in facts.sheets:
        member = facts.ever.get(each.person_id)
        if member is None or not member.scores_in(each.scoring_pass):
            yield f"{facts.names[each.application_id]}：有一份评分不是委员所打。"
    means = {}
    for key, candidate in facts.candidates.items():
        mine = [each for each in sheets if each.application_id == key]
        due = _scorers(facts, key)
        if {each.person_id for each in mine} != due or candidate.sheets != len(due):
            yield f"{facts.names[key]}：评分的委员与应评分的委员不一致。"
            continue
        means[key] = sum(Fraction(each.score) for each in mine) / len(mine) + facts.bonuses.get(key, 0)
        hundredths = (means[key] * 100 + Fraction(1, 2)).__floor__()
        if Fraction(candidate.score) != Fraction(hundredths, 100) or Fraction(candidate.exact) != means[key]:
            yield f"{facts.names[key]}：公布的得分 {candidate.score} 与评分表的平均数（含加分）不符。"
    for key, candidate in facts.candidates.items():
        better = sum(Fraction(each.score) > Fraction(candidate.score) for each in facts.candidates.values())
        if candidate.rank != better + 1:
            yield f"{facts.names[key]}：名次 {candidate.rank} 与得分不符，应为 {better + 1}。"


def _scorers(facts: Facts, application_id: str) -> set[str]:
    """Who is seated and not recused; of the alternates, in their order, as many as are wanting."""
    scoring = [each for each in facts.ever.values() if each.scores_in(facts.round.scoring_pass)]
    free = [each for each in scoring if (application_id, each.person_id) not in facts.recusals]
    seated = [each.person_id for each in free if each.role != Role.ALTERNATE]
    alternates = [each.person_id for each in free if each.role == Role.ALTERNATE]
    wanting = max(0, int(facts.parameters["committee"]["minimum_sheets"]) - len(seated))
    return {*seated, *alternates[:wanting]}


def entitlement(facts: Facts) -> Iterator[str]:
    """Whoever was scored, published or awarded was eligible, recommended and accepted."""
    published = {entry.application_id for entries in facts.entries.values() for entry in entries}
    for key in {*facts.candidates, *published, *facts.awards}:
        application, name = facts.applications[key], facts.names[key]
        findings = eligibility.latest(facts.session, key)
        overridden = judgements.overridden(facts.session, application)
        if not findings or not all(
            each.met or (each.hard is False and each.condition in overridden) for each in findings
        ):
            yield f"{name}：不符合基本条件，却进入了评审。"
        judged = judgements.of(facts.session, application)
        if not judged or not all(each.stands for each in judged):
            yield f"{name}：推荐单位没有核实基本条件，或者有不符合的，却进入了评审。"
        if any(each.hard and each.override for each in judged):
            yield f"{name}：放宽了必须具备的条件。"
        recommendation = recommendations.get(facts.session, application.recommendation_id or "")
        choice = recommendations.choices(facts.session, recommendation.id).get(key)
        if recommendation.status != RecommendationStatus.SUBMITTED or choice is None or not choice.chosen:
            yield f"{name}：没有获得推荐，却进入了评审。"
        if application.accepted_at is None:
            yield f"{name}：没有受理，却进入了评审。"
        ends = facts.round.collection_ends_at
        if ends is None or recommendation.submitted_at is None or recommendation.submitted_at >= ends:
            yield f"{name}：推荐没有在截止之前报送。"


def cap(facts: Facts) -> Iterator[str]:
    """No recommending unit recommends more than the edition allows, or has leave for it in writing."""
    for each in recommendations.of_round(facts.session, facts.round.id):
        most = _most(facts, each.division_code)
        chosen = sum(choice.chosen for choice in recommendations.choices(facts.session, each.id).values())
        given = (each.excess_reason, each.excess_approver, each.excess_number, each.excess_approved_on)
        approved = bool(facts.parameters["recommendation"].get("principle")) and all(given)
        if most is not None and chosen > most and not approved:
            yield f"{each.division_code}：推荐了 {chosen} 个，至多 {most} 个。"
        if any(given) and (most is None or chosen <= most):
            yield f"{each.division_code}：推荐了 {chosen} 个，没有超过 {most} 个，却记录了超过的理由。"


def _most(facts: Facts, unit: str) -> int | None:
    """A number, or a share in whole numbers of the divisions that stand below the unit."""
    told = facts.parameters["recommendation"]["cap"]
    if told is None or isinstance(told, int):
        return told
    above, below = told["share"].split("/")
    stands = Division.active & (Division.parent_code == unit) & (Division.level == told["of"])
    count = facts.session.scalar(select(func.count()).select_from(Division).where(stands)) or 0
    return max(int(told["minimum"]), count * int(above) // int(below))


def notices(facts: Facts) -> Iterator[str]:
    """Each runs its working days in full, waits for its objections, and names divisions unranked."""
    demanded = facts.parameters["notice"]
    for notice in facts.notices:
        assert notice.published_at is not None
        first = notice.published_at.astimezone(SHANGHAI).date()
        last = _last_day(first, int(demanded["working_days"]), bool(demanded["count_first_day"]))
        if notice.ends_on != last or notice.ends_at is None:
            yield f"公示（{notice.number}）应到 {last} 结束，而不是 {notice.ends_on}。"
        elif notice.ends_at != datetime.combine(last + timedelta(days=1), time(), SHANGHAI):
            yield f"公示（{notice.number}）的截止时刻不是 {last} 24:00。"
        if notice.closed_at is None or notice.ends_at is None or notice.closed_at < notice.ends_at:
            yield f"公示（{notice.number}）没有公示满期。"
        for each in facts.objections:
            if each.notice_id == notice.id and not (
                each.closed_at and notice.closed_at and each.closed_at <= notice.closed_at
            ):
                yield f"公示（{notice.number}）结束时还有异议没有办结。"
        codes = [entry.division_code for entry in facts.entries[notice.id]]
        if not codes or codes != sorted(codes):
            yield f"公示（{notice.number}）的名单为空，或不按行政区划代码排列。"


def awards(facts: Facts) -> Iterator[str]:
    """Exactly those still on the list after the notices are awarded, for the edition's years."""
    round_ = facts.round
    selected = {key for key, each in facts.candidates.items() if each.state == CandidateState.SELECTED}
    announced = round_.outcome == Outcome.ANNOUNCED
    for key in facts.awards.keys() ^ (selected if announced else set()):
        fault = "不在名单上却获得激励" if key in facts.awards else "在名单上却没有激励"
        yield f"{facts.names[key]}：{fault}。"
    published = {entry.application_id for entries in facts.entries.values() for entry in entries}
    for key, award in facts.awards.items():
        name = facts.names[key]
        if key not in published:
            yield f"{name}：没有公示就获得激励。"
        if _against(facts, key, before=award.granted_at):
            yield f"{name}：已被取消资格，仍获得激励。"
        years = int(facts.parameters["award"]["years"])
        expected = award.starts_on.replace(year=award.starts_on.year + years) - timedelta(days=1)
        if award.starts_on != round_.award_starts_on or award.ends_on != expected:
            yield f"{name}：激励期 {award.starts_on} 至 {award.ends_on} 不是 {years} 年。"
        revoked = facts.applications[key].status == Status.AWARD_REVOKED
        if bool(_against(facts, key)) != revoked or (award.status == "revoked") != revoked:
            yield f"{name}：认定成立的异议与激励的撤销不一致。"
    if announced and (round_.approved_on is None or not round_.approval_number):
        yield f"{round_.title}：没有批复就公布了名单。"


def endings(facts: Facts) -> Iterator[str]:
    """Every application has ended, and the applicant can read why."""
    for key, each in facts.applications.items():
        if each.status not in ENDED or each.closed_at is None:
            yield f"{facts.names[key]}：没有办结（{Status(each.status).label}）。"
        elif not each.reason:
            yield f"{facts.names[key]}：办结了，却没有理由。"
        if each.status == Status.DISQUALIFIED and not _against(facts, key):
            yield f"{facts.names[key]}：没有认定成立的异议，却被取消资格。"
    if facts.round.outcome is None:
        yield f"{facts.round.title}：没有结束。"


def _against(facts: Facts, application_id: str, before: datetime | None = None) -> list[Objection]:
    """The objections that disqualify an application, or did at a moment."""
    return [
        each
        for each in facts.objections
        if each.application_id == application_id
        and each.status in (ObjectionStatus.UPHELD, ObjectionStatus.FRAUD)
        and (before is None or (each.closed_at is not None and each.closed_at <= before))
    ]


def _last_day(first: date, days: int, count_first: bool) -> date:
    """Counted day by day on the State Council's calendar, without the project's own code."""
    day = first if count_first else first + timedelta(days=1)
    while True:
        days -= chinese_calendar.is_workday(day)
        if days == 0:
            return day
        day += timedelta(days=1)
