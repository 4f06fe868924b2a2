"""Parallels: one division in several tracks of a year; it is allowed, and those concerned are told."""

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session, aliased

from service.domain import divisions, editions, subjects, visibility
from service.domain.access import Actor
from service.domain.applications import Application, Status
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.subjects import Subject

STANDING = (Status.UNDER_WAY, Status.READY, Status.RECOMMENDED, Status.ACCEPTED, Status.AWARDED)
"""Applications that ended otherwise stand in nobody's way."""
_SENTENCE = "{divisions}同时申报了“{round}”（{status}）。同一单位可以同时申报几个名单，请统筹考虑。"

_mine, _at = aliased(Application), aliased(Round)
"""Of the case itself; made once, as those of `visibility`."""


@rule("同一单位可以同时申报几个名单，提醒有关各方", "parallel_tracks")
def warnings(session: Session, actor: Actor, subject: Subject) -> list[str]:
    """Which divisions of a case (of the one application, those compared, those of the round) apply in another
    track of the same year: a sentence for each such track and how far they have come there.

    Only of those applications that the actor may see; nothing where the edition asks for no warning.
    """
    edition = editions.get(session, subject.edition_id)
    if not edition.parameters.get("parallel_tracks", {}).get("warn"):
        return []
    query = (
        select(Application.division_code, Round.title, Application.status)
        .join(Round, Round.id == Application.round_id)
        .join(_mine, _mine.division_code == Application.division_code)
        .join(_at, _at.id == _mine.round_id)
        .where(
            _of_case(subject),
            _mine.status.in_(STANDING),
            Application.status.in_(STANDING),
            Round.id != _at.id,
            Round.programme == _at.programme,
            Round.year == _at.year,
            visibility.applications(actor),
        )
        .order_by(Application.division_code, Round.track)
    )
    found = session.execute(query).all()
    names = divisions.full_names(session, {code for code, _, _ in found}) if found else {}
    together: dict[tuple[str, str], list[str]] = {}
    for code, title, status in found:
        together.setdefault((title, Status(status).label), []).append(names[code])
    return [
        _SENTENCE.format(divisions="、".join(divisions), round=title, status=status)
        for (title, status), divisions in together.items()
    ]


def _of_case(subject: Subject) -> ColumnElement[bool]:
    if subject.kind == subjects.APPLICATION:
        return _mine.id == subject.id
    if subject.kind == subjects.RECOMMENDATION:
        return _mine.recommendation_id == subject.id
    if subject.kind == subjects.ROUND:
        return _mine.round_id == subject.id
    return false()
