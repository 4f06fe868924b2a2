"""Answers: what a synthetic official fills into the forms of one user task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from service.domain import allowances, applications, bonuses, forms, rounds, shortlists
from service.domain.forms import Compiled
from service.domain.simulation import county_answers, pilot_answers
from service.domain.simulation.courses import Case, Course
from service.domain.simulation.policies import Act, Policy

Given = dict[str, Any]
SPARED = {"barred": False}
TO_REVIEW = 120
"""Calendar days that are left between the deadline and the day by which all must be done."""


class NothingToFillIn(Exception):
    """The form has no row that could be answered: the policy's other decision is taken."""


@dataclass(frozen=True)
class Desk:
    """What lies before the official who answers."""

    session: Session
    policy: Policy
    course: Course
    case: Case
    member: int | None
    """The official's number in the committee's pool, for what is given to one person."""
    act: Act
    today: date
    random: Random
    business_key: str
    programme: str

    @property
    def nothing_to_fill_in(self) -> Exception:
        return NothingToFillIn()

    def answer(self, compiled: Compiled) -> dict[str, Any]:
        """Content of one form that passes; what the act's `fill` says goes before all else."""
        texts = self.policy.fill.get(compiled.key, {})
        given: Given = {path: self._told(text) for path, text in texts.items()}
        called = applications.calls_upon(compiled.scope.parameters)
        fillers = county_answers.FILLERS if called else _FILLERS
        if compiled.key in fillers:
            given |= fillers[compiled.key](self, compiled)
        given |= {path: self._told(value) for path, value in self.act.fill.get(compiled.key, {}).items()}
        supplied = {key for key, field in compiled.definition.fields.items() if field.source}
        known = compiled.editable | supplied
        wanted = {path: value for path, value in given.items() if path.split(".")[0] in known}
        return forms.sample(compiled, self.random.getrandbits(32), wanted, on=self.today)

    def _told(self, value: Any) -> Any:
        """Texts with what the policy cannot know: {division}, {today} …"""
        if not isinstance(value, str):
            return value
        return value.format(**self.case.names, today=self.today.isoformat(), year=self.today.year)


def _opening(desk: Desk, compiled: Compiled) -> Given:
    days = desk.random.randint(*desk.policy.collection)
    given = {"deadline": (desk.today + timedelta(days=days)).isoformat()}
    if "required_by" in compiled.definition.fields:
        given["required_by"] = (desk.today + timedelta(days=days + TO_REVIEW)).isoformat()
    return given


def _selection(desk: Desk, compiled: Compiled) -> Given:
    """The best first, within the unit's allowance; those whom fate passes over are not recommended.

    Where fate gives a reason to exceed it, and there is one more, that one too.
    """
    course = desk.course
    ready = [key for key, _ in compiled.scope.source("ready_applications")]
    wanted = [key for key in ready if course.applicants[course.applications[key]].fate.recommended]
    if not wanted:
        raise NothingToFillIn
    unit = course.applicants[course.applications[wanted[0]]].unit
    most, principle, *_ = allowances.of_unit(desk.session, compiled.scope.parameters, course.track, unit)
    more = "excess_reason" in desk.act.fill.get(compiled.key, {}) and most is not None and len(wanted) > most
    chosen = set(course.best_first(wanted)[: most + more if most is not None else None])
    if not chosen:
        raise NothingToFillIn
    reasons = {True: "工业稳增长和转型升级成效突出，符合条件。", False: "与其他申报地区相比，成效不够突出。"}
    verdicts = {key: {"recommended": key in chosen, "reason": reasons[key in chosen]} for key in ready}
    if allowances.EXCEEDS not in compiled.definition.fields:
        return {"applications": verdicts}
    return {"applications": verdicts, allowances.EXCEEDS: more, allowances.PRINCIPLE: principle}


def _committee(desk: Desk, compiled: Compiled) -> Given:
    """An odd number of members from experts and departments, two alternates, and some who withdraw.

    In one of three rounds most members have to do with one applicant, so that an alternate scores it.
    """
    if "accepted_applications" not in compiled.definition.sources:
        return pilot_answers.committee(desk.course.pool, compiled, desk.random)
    course, parameters = desk.course, compiled.scope.parameters["committee"]
    size = int(parameters["minimum"]) + desk.random.choice((0, 2, 4))
    size += parameters["odd"] and size % 2 == 0
    experts = [each for each in course.pool if each.role == "expert"]
    *bureau, first, second = [each for each in course.pool if each.role == "bureau"]
    seated = desk.random.sample(bureau, size // 2) + desk.random.sample(experts, size - size // 2)
    accepted = course.by_code([key for key, _ in compiled.scope.source("accepted_applications")])
    withdrawn = {1: accepted[0]}
    if desk.random.randrange(3) == 0:
        course.contested = desk.random.choice(accepted)
        left = int(parameters["minimum_sheets"]) - 1
        withdrawn = dict.fromkeys(range(size - left), course.contested)
    members = [
        {
            "person": each.person_id,
            "role": each.role,
            "division": each.home or "",
            "recused": [withdrawn[place]] if place in withdrawn else [],
            "chair": place == 0,
        }
        for place, each in enumerate(seated)
    ]
    for each in (first, second):
        alternate = {"person": each.person_id, "role": "alternate", "division": "", "recused": []}
        members.append({**alternate, "chair": False})
    return {"members": members}


def _quota(desk: Desk, compiled: Compiled) -> Given:
    """The number of places; where there is a bonus, its size and who deserves it: about one in eight."""
    bounds = compiled.scope.parameters["quota"]
    given: Given = {"quota": str(desk.random.randint(int(bounds["minimum"]), int(bounds["maximum"])))}
    if bonuses.POINTS not in compiled.definition.fields:
        return given
    accepted = desk.course.by_code([key for key, _ in compiled.scope.source("accepted_applications")])
    praised = {key for key in accepted if desk.random.randrange(8) == 0}
    basis = {"praised": True, "basis": "国务院办公厅关于国务院大督查发现典型经验做法的通报"}
    rows = {key: basis if key in praised else {"praised": False} for key in accepted}
    return given | {bonuses.POINTS: "1.00", bonuses.PRAISED: rows}


def _sanction(desk: Desk, compiled: Compiled) -> Given:
    """Where the decision names counties one by one: those of the city that have applied, for two years."""
    if "counties" not in compiled.definition.fields:
        return {}
    offered = [code for code, _ in compiled.scope.source("city_counties")]
    named = {"barred": True, "years": "2"}
    return {"counties": {code: named if code in desk.course.applicants else SPARED for code in offered}}


def _score_sheet(desk: Desk, compiled: Compiled) -> Given:
    """The member's scores; now and then a member finds a reason to withdraw only now."""
    if "scored_applications" not in compiled.definition.sources:
        return {"recused": False}
    course, member = desk.course, desk.member
    assert member is not None
    mine = course.by_code([key for key, _ in compiled.scope.source("scored_applications")])
    late = course.random("late recusal").randrange(len(course.pool)) == member
    rows: dict[str, Any] = {
        key: {"recused": False, "score": course.score(desk.session, key, member)} for key in mine
    }
    if late and mine and mine[-1] != course.contested:
        rows[mine[-1]] = {"recused": True}
    return {"scores": rows}


def _tie_break(desk: Desk, compiled: Compiled) -> Given:
    """The better, the more votes; nobody more than members may cast."""
    round_ = rounds.get(desk.session, desk.course.round_id)
    tied = desk.course.best_first([key for key, _ in compiled.scope.source("tied_applications")])
    seated, withdrawn = shortlists.voters(desk.session, round_)
    most = min(len(seated - withdrawn.get(key, set())) for key in tied)
    below = int(compiled.scope.parameters["objection"]["promote_below"])
    counts = ballot(len(tied), shortlists.open_places(desk.session, round_, below), most)
    return {"votes": {key: {"votes": str(count)} for key, count in zip(tied, counts, strict=True)}}


def _waiver(desk: Desk, compiled: Compiled) -> Given:
    """The first of the rules is set aside, and no other."""
    first, *others = [key for key, _ in compiled.scope.source("waivable_rules")]
    rows: dict[str, Any] = {key: {"waived": False} for key in others}
    rows[first] = {"waived": True, "reason": "申报的地区不足，无法满足这一规则。"}
    return {"rules": rows, "decider": "党组会", "number": f"会议纪要〔{desk.today.year}〕{desk.today:%m%d}号"}


def _achievements(desk: Desk, compiled: Compiled) -> Given:
    return pilot_answers.achievements(desk.session, desk.case.names["application"], compiled.key, desk.random)


def _adjustment(desk: Desk, compiled: Compiled) -> Given:
    return pilot_answers.adjustment(desk.session, desk.case.names["application"])


def ballot(tied: int, places: int, most: int) -> list[int]:
    """Votes for each of those tied, the best first: between 0 and `most`, different at the last place.

    Where there are more of them than numbers of votes, the first share the highest and the last the lowest.
    """
    out = tied - places
    if tied > most:
        out = min(out, most // 2)
    return [min(max(out + places - place, 0), most) for place in range(tied)]


_FILLERS: Mapping[str, Callable[[Desk, Compiled], Given]] = {
    "opening": _opening,
    "sanction": _sanction,
    "selection": _selection,
    "committee": _committee,
    "quota": _quota,
    "score_sheet": _score_sheet,
    "tie_break": _tie_break,
    "waiver": _waiver,
    "midterm": _achievements,
    "final": _achievements,
    "adjustment": _adjustment,
}
