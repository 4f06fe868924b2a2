"""Judgements: what the recommending unit found of the conditions that no table can compute, one by one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import editions, forms, overrides, rounds, tracks
from service.domain.applications import Application
from service.domain.errors import Invalid, Problem
from service.domain.overrides import Override
from service.engine import seals
from service.engine.services import Completion, Context
from service.store.database import new_id

PART = "conditions"
"""The part of the forms in which it judges them."""
ITEMS = "items"
"""Its table: a condition a row."""
REASON, APPROVER, NUMBER, APPROVED_ON = forms.WAIVER_COLUMNS


class Judgement(NamedTuple):
    """One condition that cannot be computed, as the recommending unit judged it."""

    form: str
    """The key of the form that it stands in."""
    condition: str
    article: str
    name: str
    """第6条第（1）项"""
    text: str
    """Of the document, word for word."""
    hard: bool
    """Whether nobody may override it: the document does not say “原则上” of it."""
    met: bool
    basis: str
    judged_at: datetime
    override: Override | None

    @property
    def stands(self) -> bool:
        """Whether the application goes on with it: met, or overridden."""
        return self.met or self.override is not None


class JudgedUnmet(Invalid):
    """基本条件中{names}标为“不符合”，不能同意申报。请退回修改或者不同意申报；已核实符合的，请改为“符合”。"""


class HardCondition(Invalid):
    """{names}必须具备，没有“原则上”，任何单位和个人都不能放宽。"""


class ApprovedLater(Invalid):
    """放宽条件的批准日期不能晚于今天。"""


class _Judged(NamedTuple):
    """The last form with the judgements."""

    submission: forms.FormSubmission
    table: forms.GivenTable

    @property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.submission.content[ITEMS]
        return found


def of(session: Session, application: Application) -> list[Judgement]:
    """What the recommending unit handed in last, in the order of the articles; empty before it has."""
    judged = _judged(session, application)
    if judged is None:
        return []
    overridden = overrides.of_submission(session, judged.submission.id)
    return [
        Judgement(
            form=judged.submission.form_key,
            condition=row.key,
            article=row.article or "",
            name=row.name,
            text=row.title,
            hard=not row.waivable,
            met=judged.rows[row.key]["met"] == "met",
            basis=judged.rows[row.key]["basis"],
            judged_at=judged.submission.submitted_at,
            override=overridden.get(row.key),
        )
        for row in judged.table.written
    ]


def override(context: Context, application: Application, completion: Completion) -> list[Override]:
    """Record what the recommending unit waives of what holds “原则上”, as it agrees to the application.

    HardCondition for what does not hold “原则上”; ApprovedLater.
    """
    session = context.session
    judged = _judged(session, application)
    if judged is None or judged.table.waiver is None:
        return []
    waived = [row for row in judged.table.written if judged.rows[row.key].get(judged.table.waiver) is True]
    key, today = judged.submission.form_key, context.now.astimezone(SHANGHAI).date()
    if hard := [row for row in waived if not row.waivable]:
        names = "、".join(row.name for row in hard)
        places = [f"/{ITEMS}/{row.key}/{judged.table.waiver}" for row in hard]
        message = HardCondition(names=names).message
        raise HardCondition([Problem(place, message, key) for place in places], names=names)
    found = []
    for row in waived:
        cells = judged.rows[row.key]
        approved_on = date.fromisoformat(cells[APPROVED_ON])
        if approved_on > today:
            message = f"{row.name}：批准日期不能晚于今天。"
            raise ApprovedLater([Problem(f"/{ITEMS}/{row.key}/{APPROVED_ON}", message, key)])
        found.append(
            Override(
                id=new_id(),
                application_id=application.id,
                submission_id=judged.submission.id,
                condition=row.key,
                article=row.article or "",
                name=row.name,
                reason=cells[REASON],
                approver=cells[APPROVER],
                document_number=cells[NUMBER],
                approved_on=approved_on,
                overridden_by=completion.person_id,
                office=completion.user_task.office or "",
                division=completion.user_task.division or "",
                overridden_at=context.now,
            )
        )
    session.add_all(found)
    session.flush()
    for each in found:
        context.record("condition_overridden", override=each.id, sealed=seals.of(each))
    return found


def overridden(session: Session, application: Application) -> set[str]:
    """The conditions that stand overridden, by the last judgement of them."""
    judged = _judged(session, application)
    return set() if judged is None else set(overrides.of_submission(session, judged.submission.id))


def require(session: Session, application: Application) -> None:
    """JudgedUnmet names what the recommending unit itself marked as not met, and did not override."""
    if missed := [each for each in of(session, application) if not each.stands]:
        message = "标为“不符合”，不能同意申报。请退回修改或者不同意申报；已核实符合的，请改为“符合”。"
        problems = [
            Problem(f"/{ITEMS}/{each.condition}/met", f"{each.name}{message}", each.form) for each in missed
        ]
        raise JudgedUnmet(problems, names="、".join(each.name for each in missed))


def unmet_sentence(judged: Sequence[Judgement]) -> str:
    """What is not met and why, as the applicant reads it: nothing where all is."""
    missed = [f"{each.name}（{each.basis.rstrip('。')}）" for each in judged if not each.stands]
    return f"核实不符合的基本条件：{'；'.join(missed)}。" if missed else ""


def _judged(session: Session, application: Application) -> _Judged | None:
    edition = editions.get(session, rounds.get(session, application.round_id).edition_id)
    key = tracks.form_key(edition.parameters, application.track, PART)
    submitted = forms.latest(session, f"application:{application.id}", key) if key else None
    if key is None or submitted is None:
        return None
    table = editions.form(edition, key).fields[ITEMS]
    assert isinstance(table, forms.GivenTable)
    return _Judged(submitted, table)
