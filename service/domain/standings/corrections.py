"""Corrections: a review that is taken up again before its stage is decided (reading 25); what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications, divisions, editions, forms, recommendations, rounds, subjects
from service.domain.applications import Application, Status
from service.domain.editions import Edition
from service.domain.errors import Invalid
from service.domain.forms import FormSubmission, GivenTable
from service.domain.standings.counties import REVIEWS
from service.domain.standings.models import Standing, StandingStage, of_pool
from service.engine import seals
from service.engine.services import Context
from service.store.database import change

FORM = "reopening"
"""By which it is said which county, and why."""
_BEFORE = {StandingStage.CITY: Status.READY, StandingStage.PROVINCE: Status.ACCEPTED}
_AGAIN = {StandingStage.CITY: Status.UNDER_WAY, StandingStage.PROVINCE: Status.RECOMMENDED}


class NotReviewed(Invalid):
    """{name}现在没有可以重新核定的核定结果：还没有核定完毕，或者正在重新核定。请刷新页面后重新选择。"""

    place = "/county"


class Change(NamedTuple):
    """One figure that the review confirms otherwise than before, as people read it."""

    title: str
    before: str
    after: str
    reason: str
    """What the reviewer wrote beside the figure; empty where nothing was."""


class Correction(NamedTuple):
    """A review that was taken up again."""

    stage: StandingStage
    request: FormSubmission
    """The form that says why."""
    reason: str
    article: str | None
    """What the form says that it carries out."""
    review: FormSubmission | None
    """What came of it; None while it is under way."""
    changes: list[Change]


def reopen_in_city(context: Context, recommendation_id: str, application_id: str) -> None:
    """A city goes back to a county that it had confirmed; NotReviewed."""
    recommendations.locked(context.session, recommendation_id)
    _reopen(context, StandingStage.CITY, recommendation_id, application_id)


def reopen_in_province(context: Context, round_id: str, application_id: str) -> None:
    """The organiser goes back to one of those that the cities have recommended; NotReviewed."""
    round_ = rounds.locked(context.session, round_id)
    _reopen(context, StandingStage.PROVINCE, round_id, application_id)
    round_.ranked_at = None


def _reopen(context: Context, stage: StandingStage, pool: str, application_id: str) -> None:
    """What was computed from the figures no longer counts: none is shown until they are confirmed again."""
    session = context.session
    application = applications.get(session, application_id)
    mine = application.recommendation_id if stage == StandingStage.CITY else application.round_id
    if mine != pool or application.status != _BEFORE[stage]:
        raise NotReviewed(name=applications.name_of(session, application))
    rows = of_pool(session, stage, pool)
    told, gone = ranking(session, rows), seals.gone(*rows)
    for each in rows:
        session.delete(each)
    session.flush()
    change(session, application, status=_AGAIN[stage])
    context.record(
        "review_reopened",
        application_id=application.id,
        stage=stage,
        ranking=told,
        sealed=seals.of(application, gone=gone),
    )


def record(context: Context, application: Application, stage: StandingStage) -> None:
    """What a review that was taken up again says otherwise than the one before it; the first says nothing."""
    newest, *earlier = _reviews(context.session, application, stage)
    if not earlier:
        return
    edition = editions.get(context.session, rounds.get(context.session, application.round_id).edition_id)
    found = list(between(edition, stage, earlier[0].content, newest.content))
    if not found:
        context.record("review_upheld", application_id=application.id, stage=stage)
        return
    told = "；".join(f"{each.title} {each.before} 改为 {each.after}" for each in found)
    context.record("review_corrected", application_id=application.id, stage=stage, changes=told)


def of_application(session: Session, application: Application, stage: StandingStage) -> list[Correction]:
    """Every time that its review was taken up again at one stage, the oldest first."""
    asked = (
        subjects.key(subjects.RECOMMENDATION, application.recommendation_id or "")
        if stage == StandingStage.CITY
        else subjects.key(subjects.ROUND, application.round_id)
    )
    requests = [
        each for each in forms.submissions(session, asked, FORM) if each.content["county"] == application.id
    ]
    if not requests:
        return []
    edition = editions.get(session, rounds.get(session, application.round_id).edition_id)
    reviews = _reviews(session, application, stage)[::-1]
    results = [*pairwise(reviews)]
    return [
        Correction(
            stage,
            request,
            request.content["reason"],
            editions.form(edition, FORM).article,
            results[number][1] if number < len(results) else None,
            list(between(edition, stage, *(each.content for each in results[number])))
            if number < len(results)
            else [],
        )
        for number, request in enumerate(requests[::-1])
    ]


def stage_reviewed(form_keys: Sequence[str]) -> StandingStage | None:
    """At which stage a user task with these forms confirms a county's figures; None where it does not."""
    return next((stage for stage, form in REVIEWS.items() if form in form_keys), None)


def doubts(session: Session, application_id: str, stage: StandingStage) -> list[str]:
    """Why its review is taken up again now, for whoever is to review it."""
    found = of_application(session, applications.get(session, application_id), stage)
    return [f"这是重新核定，理由：{each.reason}" for each in found if each.review is None]


def between(
    edition: Edition, stage: StandingStage, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    """Every figure, item and count that two reviews of a county confirm differently, in the form's order."""
    fields = editions.form(edition, REVIEWS[stage]).fields
    for key in ("completion", "mechanism"):
        table = fields[key]
        assert isinstance(table, GivenTable)
        for row in table.written:
            old, new = (each.get(key, {}).get(row.key, {}) for each in (before, after))
            if old.get("confirmed") != new.get("confirmed"):
                was, now = _told(old.get("confirmed")), _told(new.get("confirmed"))
                yield Change(row.name, was, now, new.get("reason") or "")
    if before.get("recognitions") != after.get("recognitions"):
        was, now = _told(before.get("recognitions")), _told(after.get("recognitions"))
        yield Change(fields["recognitions"].title, was, now, "")


def ranking(session: Session, rows: Sequence[Standing]) -> str:
    """定海区 94.00（第1名）、…, in rank order; empty where nobody is ranked."""
    codes = applications.divisions_of(session, [each.application_id for each in rows])
    names = divisions.names(session, codes.values())
    return "、".join(
        f"{names[codes[each.application_id]]} {each.total}（第{each.rank}名）"
        for each in sorted(rows, key=lambda row: (row.rank, codes[row.application_id]))
    )


def _reviews(session: Session, application: Application, stage: StandingStage) -> list[FormSubmission]:
    """The newest first."""
    return forms.submissions(session, subjects.key(subjects.APPLICATION, application.id), REVIEWS[stage])


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "未填" if value in (None, "") else str(value)
