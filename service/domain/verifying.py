"""Verifying: whether everything that counts still says what the history holds."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import attachments, bonuses, cycles, editions, evaluations, scoring, standings
from service.domain.applications import Application
from service.domain.attachments import Attachment
from service.domain.awards import Award
from service.domain.claims import ClaimRelease
from service.domain.committees import CommitteeMember, Recusal
from service.domain.cycles import Adjustment, Cycle, CycleAssessment, CycleResult, CycleTarget, Rectification
from service.domain.editions import Edition
from service.domain.eligibility import EligibilityFinding
from service.domain.evaluations import Evaluation
from service.domain.forms.submissions import FormSubmission
from service.domain.notices import Notice, NoticeEntry
from service.domain.objections import Objection
from service.domain.opinions import Opinion
from service.domain.overrides import Override
from service.domain.recommendations import Choice, Recommendation
from service.domain.redemptions import Redemption
from service.domain.rounds import Round
from service.domain.sanctions import Sanction
from service.domain.scores import ScoreSheet
from service.domain.shortlists import Candidate
from service.domain.standings import Proposal, Standing
from service.domain.targets import Decomposition, Target, TargetYear
from service.domain.waivers import Waiver
from service.engine import audits, history, seals
from service.engine.definitions import Definition
from service.engine.seals import Sealed

SEALED: tuple[type[Sealed], ...] = (
    Definition,
    Edition,
    Round,
    Application,
    FormSubmission,
    Opinion,
    Attachment,
    EligibilityFinding,
    Override,
    Recommendation,
    Choice,
    CommitteeMember,
    Recusal,
    ScoreSheet,
    Evaluation,
    Cycle,
    CycleTarget,
    CycleAssessment,
    CycleResult,
    Rectification,
    Adjustment,
    Candidate,
    Waiver,
    Notice,
    NoticeEntry,
    Objection,
    Award,
    Redemption,
    Sanction,
    ClaimRelease,
    TargetYear,
    Decomposition,
    Target,
    Standing,
    Proposal,
)


def broken(session: Session, uploads: Path | None = None) -> Iterator[str]:
    """A sentence for each fault: in the chains, the rows, the figures, and the files in `uploads`.

    The session should see one moment throughout (`Database.snapshot`): what is committed meanwhile would look
    like a fault.
    """
    for each in history.verify(session):
        yield f"办理记录 {each.chain} 第{each.seq}条：{each.reason}"
    yield from audits.broken(session)
    yield from seals.broken(session, SEALED)
    yield from _figures(session)
    yield from standings.broken(session)
    yield from evaluations.broken(session)
    yield from cycles.broken(session)
    if uploads is not None:
        yield from _files(session, uploads)


def _figures(session: Session) -> Iterator[str]:
    """The rankings, computed again from the sheets: whoever changed both seal and row changed one too few."""
    sheets = select(ScoreSheet).order_by(ScoreSheet.round_id, ScoreSheet.scoring_pass)
    given: dict[tuple[str, int, str], list[Fraction]] = {}
    for sheet in session.scalars(sheets.execution_options(yield_per=500)):
        key = (sheet.round_id, sheet.scoring_pass, sheet.application_id)
        given.setdefault(key, []).append(Fraction(sheet.score))
    query = select(Candidate).order_by(Candidate.round_id, Candidate.scoring_pass, Candidate.application_id)
    for _, ranking in groupby(session.scalars(query), key=lambda each: (each.round_id, each.scoring_pass)):
        rows = list(ranking)
        round_ = session.get_one(Round, rows[0].round_id)
        edition, added = editions.get(session, round_.edition_id), bonuses.of_round(session, round_)
        rules = scoring.Rules.of(edition.parameters)
        ranks = scoring.ranks({each.application_id: Fraction(each.score) for each in rows})
        for row in rows:
            mine = given.get((row.round_id, row.scoring_pass, row.application_id), [])
            name = f"排名（candidate {row.round_id}/{row.scoring_pass}/{row.application_id}）"
            exact = rules.mean(mine) if len(mine) >= rules.minimum_sheets else None
            if exact is not None:
                exact += added.get(row.application_id, Fraction(0))
            if exact is None or len(mine) != row.sheets or exact != Fraction(row.exact):
                yield f"{name}的平均分与评分表算出的不符。"
            elif rules.text(rules.published(exact)) != row.score:
                yield f"{name}公布的得分与平均分不符。"
            if ranks[row.application_id] != row.rank:
                yield f"{name}的名次与得分不符，应为第{ranks[row.application_id]}名。"


def _files(session: Session, uploads: Path) -> Iterator[str]:
    """The contents of the attachments, each read once."""
    query = select(Attachment.sha256, Attachment.id).order_by(Attachment.sha256)
    for sha256, rows in groupby(session.execute(query), key=lambda row: row.sha256):
        names = "、".join(row.id for row in rows)
        path = attachments.path(uploads, sha256)
        if not path.is_file():
            yield f"附件（attachment {names}）的文件 {sha256} 缺失。"
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                yield f"附件（attachment {names}）的文件 {sha256} 内容被改动。"
