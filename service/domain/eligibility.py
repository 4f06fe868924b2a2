"""Eligibility: what the decision table found about an application, condition by condition."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain import editions, forms, judgements, rounds, tracks
from service.domain.applications import Application
from service.domain.errors import Invalid, Problem
from service.engine import decisions, definitions, seals
from service.engine.decisions import Decision
from service.engine.expressions import plain
from service.engine.seals import Sealed
from service.engine.services import Context
from service.store.database import Base, UTCDateTime, append, new_id


class EligibilityFinding(Sealed, Base):
    """One condition in one check of one application. Rows are only ever added."""

    __tablename__ = "eligibility_finding"
    __table_args__ = (Index(None, "application_id", "check_number", "position", unique=True),)

    TITLE = "条件核对结果"
    SEALED = (
        "application_id",
        "check_number",
        "position",
        "condition",
        "article",
        "label",
        "met",
        "figure",
        "threshold",
        "shortfall",
        "message",
        "checked_at",
    )
    SEALED_IF_SET = ("hard",)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    check_number: Mapped[int]
    """1 for the first submission, one more for each later one."""
    position: Mapped[int]
    condition: Mapped[str] = mapped_column(String(80))
    article: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    met: Mapped[bool]
    figure: Mapped[str | None] = mapped_column(String(80))
    """The exact figure as text; None when it is missing, which is not 0."""
    threshold: Mapped[str | None] = mapped_column(String(80))
    shortfall: Mapped[str | None] = mapped_column(String(80))
    """threshold − figure, exact, where both are numbers and the condition is not met."""
    message: Mapped[str]
    hard: Mapped[bool | None]
    """False: it holds “原则上”, and can be overridden. None: of a time when all that was checked was hard."""
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)


DECISION = "eligibility"
"""The id of the decision table in every edition."""
FORMS = ("report", "recommendation")
"""The parts of the forms with figures."""
_FIGURE = re.compile(r"\bfigures\.(\w+)")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


class FiguresMissing(Invalid):
    """核对申报基本条件缺少数据，不能提交（缺少的数据不按零计算）：{names}。请补齐后再提交。"""


class NotEligible(Invalid):
    """有 {count} 项基本条件没有达到，不能办理：{first}"""


def table(context: Context) -> Decision:
    """The edition's decision table, as the running definition holds it."""
    return definitions.loaded(context.session, context.instance.definition_id).decisions[DECISION]


def collect(context: Context, application: Application) -> dict[str, str]:
    """The figures that the table reads; FiguresMissing names what was not filled in, for missing is not 0."""
    found = figures(context.session, application)
    missing = [
        each.label
        for each in table(context).inputs
        if any(name not in found for name in _FIGURE.findall(each.expression))
    ]
    if missing:
        raise FiguresMissing([Problem("", name) for name in missing], names="、".join(missing))
    return found


def figures(session: Session, application: Application) -> dict[str, str]:
    """The named figures of the application's last forms; one that was not filled in is absent."""
    round_ = rounds.get(session, application.round_id)
    edition = editions.get(session, round_.edition_id)
    found: dict[str, str] = {}
    keys = tracks.form_keys(edition.parameters, application.track, FORMS)
    submitted = forms.latest_of(session, f"application:{application.id}", keys)
    for key in keys:
        if key in submitted:
            definition = editions.form(edition, key)
            found |= forms.figures(definition, submitted[key].content, round_.year, edition.parameters)
    return found


def latest(session: Session, application_id: str) -> Sequence[EligibilityFinding]:
    """What the last check found, in the order of the table; empty before the first."""
    return session.scalars(
        select(EligibilityFinding)
        .where(
            EligibilityFinding.application_id == application_id,
            EligibilityFinding.check_number == _last_number(session, application_id),
        )
        .order_by(EligibilityFinding.position)
    ).all()


def require(context: Context, application: Application) -> None:
    """Check the conditions again, on the forms as they stand now; NotEligible lists what is not met.

    What holds “原则上” may have been overridden; what is hard stops everybody.
    """
    names = {
        "figures": collect(context, application),
        "parameters": context.parameters,
        "track": application.track,
    }
    findings = decisions.decide(table(context), names)
    rows = record(context, application.id, findings)
    missed = [row for row in rows if not row.met]
    if any(row.hard is False for row in missed):
        given = judgements.overridden(context.session, application)
        missed = [row for row in missed if row.hard is not False or row.condition not in given]
    if missed:
        problems = [Problem(f"/{row.condition}", row.message) for row in missed]
        raise NotEligible(problems, first=missed[0].message)


def record(
    context: Context, application_id: str, findings: Sequence[Mapping[str, Any]]
) -> list[EligibilityFinding]:
    """Keep what the table found, one row a condition, met or not."""
    session = context.session
    number = (_last_number(session, application_id) or 0) + 1
    rows = append(
        session,
        EligibilityFinding,
        [
            {
                "id": new_id(),
                "application_id": application_id,
                "check_number": number,
                "position": position,
                "condition": finding["condition"],
                "article": finding["article"],
                "label": finding["label"],
                "met": finding["met"],
                "figure": finding["figure"],
                "threshold": finding["threshold"],
                "shortfall": None if finding["met"] else _shortfall(finding["threshold"], finding["figure"]),
                "message": finding["message"],
                "hard": finding.get("hard", True),
                "checked_at": context.now,
                "salt": new_id(),
            }
            for position, finding in enumerate(findings, start=1)
        ],
    )
    missed = [row.condition for row in rows if not row.met]
    sealed = seals.of(*rows)
    context.record("eligibility_checked", application_id=application_id, missed=missed, sealed=sealed)
    return rows


def _shortfall(threshold: str, figure: str) -> str | None:
    if not (_NUMBER.fullmatch(threshold) and _NUMBER.fullmatch(figure)):
        return None
    return str(plain(Fraction(threshold) - Fraction(figure)))


def _last_number(session: Session, application_id: str) -> int | None:
    return session.scalar(
        select(func.max(EligibilityFinding.check_number)).where(
            EligibilityFinding.application_id == application_id
        )
    )
