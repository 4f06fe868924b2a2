"""What the forms of a pilot list and are supplied with: committee, targets of the plan, what to put right."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.domain import committees, cycles, evaluations, forms, people, subjects
from service.domain.cycles import CycleTarget
from service.domain.subjects import Subject
from service.engine.user_tasks import UserTask

List = list[tuple[str, str]]


def _members(session: Session, subject: Subject, user_task: UserTask) -> List:
    """Those of now, and for a form that was handed in all who were named in it."""
    seated = [each.person_id for each in committees.members(session, subject.round_id)]
    submitted = forms.latest(session, subject.business_key, "panel")
    before = submitted.content["members"] if submitted is not None else {}
    everybody = [*seated, *(each for each in before if each not in seated)]
    names = people.names(session, everybody)
    return [(each, names[each]) for each in everybody]


def _plan_targets(session: Session, subject: Subject, user_task: UserTask) -> List:
    return [(str(each.position), each.title) for each in _targets(session, subject)]


def _rectification_items(session: Session, subject: Subject, user_task: UserTask) -> List:
    return [(str(number), row["item"]) for number, row in enumerate(_items(session, subject), start=1)]


LISTS: Mapping[str, Callable[[Session, Subject, UserTask], List]] = {
    "committee_members": _members,
    "plan_targets": _plan_targets,
    "rectification_items": _rectification_items,
}


def _goals(session: Session, subject: Subject) -> Any:
    """Unit, direction and the goals in force, by target."""
    return {
        str(each.position): {
            "unit": each.unit,
            "direction": each.direction,
            "n1": each.first,
            "n2": each.second,
            "n3": each.third,
        }
        for each in _targets(session, subject)
    }


def _demands(session: Session, subject: Subject) -> Any:
    rows = _items(session, subject)
    return {str(number): {"demand": row["demand"]} for number, row in enumerate(rows, start=1)}


def _score(session: Session, subject: Subject) -> Any:
    last = evaluations.last(session, subject.id)
    return last.score if last is not None else None


def _sheets(session: Session, subject: Subject) -> Any:
    last = evaluations.last(session, subject.id)
    return str(last.sheets) if last is not None and last.score is not None else None


def _targets(session: Session, subject: Subject) -> list[CycleTarget]:
    cycle = cycles.find_cycle(session, subject.id) if subject.kind == subjects.APPLICATION else None
    return [] if cycle is None else list(cycles.targets(session, subject.id, cycle.version))


def _items(session: Session, subject: Subject) -> list[dict[str, str]]:
    submitted = forms.latest(session, subject.business_key, "rectification_order")
    return [] if submitted is None else list(submitted.content["items"])


SOURCES: Mapping[str, Callable[[Session, Subject], Any]] = {
    "evaluation_score": _score,
    "evaluation_sheets": _sheets,
    "plan_targets": _goals,
    "rectification_items": _demands,
}
