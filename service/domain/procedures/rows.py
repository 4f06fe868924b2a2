"""What forms list: applications, people and divisions that a round knows and a form definition cannot."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import (
    applications,
    committees,
    divisions,
    editions,
    forms,
    rounds,
    scores,
    selection,
    shortlists,
    standings,
    subjects,
    targets,
    waivers,
)
from service.domain.applications import Applicant
from service.domain.forms import FormSubmission
from service.domain.procedures import cycle_lists
from service.domain.shortlists import CandidateState
from service.domain.standings import Standing, StandingStage, StandingState
from service.domain.subjects import Subject
from service.engine.user_tasks import UserTask, UserTaskStatus

VOTE, REOPENING = "tie_break", "reopening"
"""The forms of a vote between equals, and of which review is taken up again."""
Rows = dict[str, list[tuple[str, str]]]
"""Source name → (key, title) pairs, in the order in which a form shows them."""


class RowsUnknown(LookupError):
    """A form asks for a list that no procedure gives."""


def rows(session: Session, user_task: UserTask, sources: Collection[str]) -> Rows:
    """What the dynamic tables and choices of a user task's forms list.

    Sources: `people` (who may sit in a committee), `divisions` (from which they may come: one level below the
    organiser), `ready_applications`, `accepted_applications`, `scored_applications` (of this member),
    `tied_applications`, `waivable_rules`, `city_counties` (of the applicant's city); of a pilot
    `committee_members`, `plan_targets`, `rectification_items`; where counties are scored by targets `cities`,
    `counties`, `reviewed_counties`, `ranked_applications`, `tied_counties`, `listed_applications`.
    """
    subject = subjects.get(session, user_task.business_key)
    if unknown := set(sources) - set(_SOURCES):
        raise RowsUnknown(sorted(unknown))
    return {source: _SOURCES[source](session, subject, user_task) for source in sources}


List = list[tuple[str, str]]


def _people(session: Session, subject: Subject, user_task: UserTask) -> List:
    # Who has left since stays in a list that was handed in; whether anybody has is asked when it is.
    return committees.eligible_people(session, subject.organiser, user_task.created_at)


def _divisions(session: Session, subject: Subject, user_task: UserTask) -> List:
    return committees.homes(session, subject.organiser)


def _ready(session: Session, subject: Subject, user_task: UserTask) -> List:
    return list(applications.compared(session, subject.id).items())


def _accepted(session: Session, subject: Subject, user_task: UserTask) -> List:
    return [(each.application_id, each.name) for each in _applicants(session, subject, user_task)]


def _scored(session: Session, subject: Subject, user_task: UserTask) -> List:
    round_ = rounds.get(session, subject.round_id)
    applicants = _applicants(session, subject, user_task)
    mine = scores.assignments(session, round_, applicants).get(user_task.assignee_id or "", [])
    return [(each.application_id, each.name) for each in mine]


def _tied(session: Session, subject: Subject, user_task: UserTask) -> List:
    """Who is to be voted on; in a form that was handed in, who was."""
    if not _is_asked(user_task, VOTE):
        return _voted(session, user_task)
    round_ = rounds.get(session, subject.round_id)
    candidates = shortlists.candidates(session, round_)
    tied = {each.application_id for each in candidates if each.state == CandidateState.TIED}
    return [row for row in _accepted(session, subject, user_task) if row[0] in tied]


def _waivable(session: Session, subject: Subject, user_task: UserTask) -> List:
    """The rules that conflict, or that could be set aside; for a form that was handed in, what it names."""
    round_ = rounds.get(session, subject.round_id)
    if user_task.status != UserTaskStatus.OPEN:
        recorded = waivers.of_round(session, round_.id)
        return list({shortlists.row_key(each): f"{each.article}（{each.text}）" for each in recorded}.items())
    found = shortlists.waivable(session, round_, shortlists.refilled_to(session, round_))
    return [(shortlists.row_key(each), selection.cite(each)) for each in found]


def _cities(session: Session, subject: Subject, user_task: UserTask) -> List:
    return [(each.code, each.name) for each in targets.cities(session, subject.organiser)]


def _counties(session: Session, subject: Subject, user_task: UserTask) -> List:
    """A city's for its decomposition, all of them for the organiser."""
    parameters = editions.get(session, subject.edition_id).parameters
    if subject.kind == subjects.DECOMPOSITION:
        return [
            (each.code, each.name) for each in targets.counties(session, subject.division_code, parameters)
        ]
    return [
        (county.code, f"{city.name}{county.name}")
        for city in targets.cities(session, subject.organiser)
        for county in targets.counties(session, city.code, parameters)
    ]


def _reviewed(session: Session, subject: Subject, user_task: UserTask) -> List:
    """Whose review is finished at this stage; for a form that was handed in, all that it may name."""
    if subject.kind != subjects.RECOMMENDATION:
        return _accepted(session, subject, user_task)
    former = not _is_asked(user_task, REOPENING)
    found = applications.of_unit(session, subject.id) if former else applications.ready(session, subject.id)
    return list(found.items())


def _ranked(session: Session, subject: Subject, user_task: UserTask) -> List:
    return _standing(session, standings.of_pool(session, StandingStage.PROVINCE, subject.id))


def _listed(session: Session, subject: Subject, user_task: UserTask) -> List:
    return _standing(session, standings.listed(session, subject.id))


def _tied_counties(session: Session, subject: Subject, user_task: UserTask) -> List:
    """Who is to be voted on; in a form that was handed in, who was: scoring afresh does not change that."""
    if not _is_asked(user_task, VOTE):
        return _voted(session, user_task)
    if subject.kind == subjects.RECOMMENDATION:
        pool = standings.of_pool(session, StandingStage.CITY, subject.id)
        tied = {each.application_id for each in standings.best(pool)}
    else:
        pool = standings.of_pool(session, StandingStage.PROVINCE, subject.id)
        tied = {each.application_id for each in pool if each.state == StandingState.TIED}
    return _standing(session, [each for each in pool if each.application_id in tied])


def _is_asked(user_task: UserTask, form_key: str) -> bool:
    """Whether the user task is there to fill the form in; else it shows what was handed in."""
    return user_task.status == UserTaskStatus.OPEN and form_key in user_task.form_keys


def _voted(session: Session, user_task: UserTask) -> List:
    """The applications in the vote that this user task handed in, or in the last of the case."""
    query = select(FormSubmission).where(
        FormSubmission.user_task_id == user_task.id, FormSubmission.form_key == VOTE
    )
    found = session.scalar(query) or forms.latest(session, user_task.business_key, VOTE)
    votes: Mapping[str, Any] = found.content["votes"] if found is not None else {}
    return list(applications.names_of(session, votes.keys()).items())


def _standing(session: Session, rows: Sequence[Standing]) -> List:
    codes = applications.divisions_of(session, [each.application_id for each in rows])
    names = divisions.full_names(session, codes.values())
    return [(each.application_id, names[codes[each.application_id]]) for each in rows]


def _applicants(session: Session, subject: Subject, user_task: UserTask) -> list[Applicant]:
    """Those that are still to be judged; for a form that was handed in, all that it may name."""
    former = user_task.status != UserTaskStatus.OPEN
    return applications.applicants(session, subject.round_id, former=former)


def _city_counties(session: Session, subject: Subject, user_task: UserTask) -> List:
    """The counties of the city in which the applicant lies, or which it is."""
    city = divisions.ancestor_at(session, subject.division_code, "city")
    return [(each.code, each.name) for each in divisions.children(session, city.code)] if city else []


_SOURCES: Mapping[str, Callable[[Session, Subject, UserTask], List]] = {
    **cycle_lists.LISTS,
    "people": _people,
    "divisions": _divisions,
    "ready_applications": _ready,
    "accepted_applications": _accepted,
    "scored_applications": _scored,
    "tied_applications": _tied,
    "waivable_rules": _waivable,
    "city_counties": _city_counties,
    "cities": _cities,
    "counties": _counties,
    "reviewed_counties": _reviewed,
    "ranked_applications": _ranked,
    "tied_counties": _tied_counties,
    "listed_applications": _listed,
}
