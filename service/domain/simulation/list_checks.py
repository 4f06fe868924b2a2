"""List checks: that a simulated round's list keeps to rank, votes, caps, floors and lists that go before it.

As the other round checks they compute anew, and yield a sentence for everything that is broken.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sqlalchemy import select

from service.domain import divisions, editions
from service.domain.awards import Award, AwardStatus
from service.domain.forms.fields import article_title
from service.domain.shortlists import Candidate, CandidateState
from service.domain.simulation.facts import Facts
from service.engine import history


def order(facts: Facts) -> Iterator[str]:
    """Nobody is passed over for somebody worse; equals are told apart by a recorded vote alone.

    Unless caps or floors of the edition forbid to take the one for the other. Where there are any and a list
    was changed after its publication, whoever stood on it stays, so that pairs say nothing.
    """
    ruled = bool(editions.get(facts.session, facts.round.edition_id).selection)
    removed = any(CandidateState(each.state).is_out for each in facts.candidates.values())
    selected = [each for each in facts.candidates.values() if each.state == CandidateState.SELECTED]
    over = [each for each in facts.candidates.values() if each.state == CandidateState.PASSED_OVER]
    for winner in () if ruled and removed else selected:
        for loser in over:
            if ruled and any(
                _broken(facts, {*_ids(selected), loser.application_id} - {winner.application_id})
            ):
                continue
            high, low = Fraction(winner.score), Fraction(loser.score)
            names = f"{facts.names[winner.application_id]}、{facts.names[loser.application_id]}"
            if high < low:
                yield f"{names}：得分低的入选，得分高的落选。"
            elif high == low and not (winner.vote_order or 0) < (loser.vote_order or 0):
                yield f"{names}：同分，没有表决就分了先后。"
    events = [each.type for each in history.of_chain(facts.session, facts.round.instance_id or "")]
    if any(each.vote_order for each in facts.candidates.values()) and "tie_broken" not in events:
        yield f"{facts.round.title}：有表决名次，却没有表决记录。"
    for each in facts.candidates.values():
        if each.state in (CandidateState.TIED, CandidateState.WAITING, CandidateState.PROMOTED):
            yield f"{facts.names[each.application_id]}：结束时仍是“{CandidateState(each.state).label}”。"
        if not each.reason:
            yield f"{facts.names[each.application_id]}：排名没有说明理由。"


def groups(facts: Facts) -> Iterator[str]:
    """The list keeps to the caps and floors of the edition, counted by the table of divisions."""
    selected = [each for each in facts.candidates.values() if each.state == CandidateState.SELECTED]
    if facts.round.noticed_at is not None:
        yield from _broken(facts, _ids(selected))


def repeats(facts: Facts) -> Iterator[str]:
    """Nobody is awarded whose city is on the list that goes before, unless a decision admits it."""
    for key, why in _repeated(facts, facts.awards).items():
        yield f"{facts.names[key]}：{why}，却获得激励。"


def _repeated(facts: Facts, keys: Iterable[str]) -> dict[str, str]:
    """Which of these applications another list bars, by the awards and the table of divisions."""
    found = {}
    for each in editions.get(facts.session, facts.round.edition_id).selection.get("no_repeat", ()):
        if facts.round.track not in each["tracks"]:
            continue
        granted = facts.session.scalars(
            select(Award.division_code).where(
                Award.programme == facts.round.programme,
                Award.year == facts.round.year,
                Award.track == each["against"],
                Award.status != AwardStatus.REVOKED,
            )
        ).all()
        ids = sorted(keys)
        codes = [facts.applications[key].division_code for key in ids]
        of = divisions.groups(facts.session, {*codes, *granted})
        holders = {of[code][each["group"]] for code in granted if each["group"] in of[code]}
        admitted = {waiver.rule for waiver in facts.waivers}
        for key, code in zip(ids, codes, strict=True):
            rule = f"exclusion:{article_title(each['article'])}:{key}"
            if of[code].get(each["group"]) in holders and rule not in admitted:
                found[key] = "所属地区已列入先行名单"
    return found


def _ids(candidates: Iterable[Candidate]) -> set[str]:
    return {each.application_id for each in candidates}


def _broken(facts: Facts, listed: set[str]) -> Iterator[str]:
    """What caps and floors, as far as no recorded decision set them aside, say against such a list."""
    selection = editions.get(facts.session, facts.round.edition_id).selection
    if not selection:
        return
    yield from _repeated(facts, listed).values()
    codes = [facts.applications[key].division_code for key in sorted(listed)]
    of = divisions.groups(facts.session, codes)
    for cap in selection.get("caps", ()):
        values = [of[code][cap["group"]] for code in codes if cap["group"] in of[code]]
        for value in sorted(set(values)):
            most = facts.limit(cap, f"{value}:{cap['maximum']}", cap["maximum"], len(values))
            if values.count(value) > most:
                yield f"{facts.round.title}：{value} 有 {values.count(value)} 个，超过上限 {most}。"
    for floor in selection.get("floors", ()):
        count = sum(of[code].get(floor["group"]) in floor["values"] for code in codes)
        named = f"{'+'.join(sorted(floor['values']))}:{floor['minimum']}"
        least = facts.limit(floor, named, floor["minimum"], 0)
        if count < least:
            yield f"{facts.round.title}：{floor['values']} 只有 {count} 个，少于 {least} 个。"
