"""Prospects: what would have had to be different for a candidate to be on the list, in sentences."""

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import editions, selection
from service.domain.rounds import Round
from service.domain.scoring import Rules
from service.domain.selection import Rule
from service.domain.shortlists import preceding
from service.domain.shortlists.models import LISTED, Candidate, CandidateState, candidates
from service.domain.shortlists.placing import considered, places, refilled_to

AWAITED = "{why}，届时才能计算。"
STANDS = "按现在的名单和规则重新排定，以这一得分可以列入；名单已经公示，公示后列入的不因此变动。"
UNCHANGED = "以上按其他申报的得分、名额和规则都不变计算；公布得分保留两位小数，有加分的已经计入。"


class Prospect(NamedTuple):
    """The least published score with which it would be listed, and what is said of it."""

    sentences: list[str]
    needed: Fraction | None
    """None where no score helps, and where it cannot be told yet."""
    missing: Fraction | None
    rules: tuple[Rule, ...]
    """Because of which no score helps."""


def prospect(session: Session, round_: Round, candidate: Candidate) -> Prospect:
    """How many points are missing, by the rules and the places of the list as it stands."""
    if round_.noticed_at is None and (why := preceding.awaited(session, round_)):
        return Prospect([AWAITED.format(why=why)], None, None, ())
    rows = candidates(session, round_)
    listed = sum(CandidateState(each.state) in LISTED for each in rows)
    ranked, stated = considered(session, round_, rows, {})
    quota = places(round_, rows, listed, refilled_to(session, round_))
    decimals = Rules.of(editions.get(session, round_.edition_id).parameters).decimals
    step = Fraction(1, 10**decimals)
    told = selection.prospect(ranked, replace(stated, quota=quota), candidate.application_id, step=step)
    if told.missing == 0 and candidate.state not in LISTED:
        return Prospect([STANDS], told.needed, told.missing, ())
    sentences = [f"{told.text}。"]
    if told.missing:
        sentences.append(UNCHANGED)
    return Prospect(sentences, told.needed, told.missing, told.rules)
