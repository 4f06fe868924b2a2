"""Preceding lists: those of the same year that are decided first, because nobody is to be listed twice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications, awards, divisions, editions, objections
from service.domain.awards import AwardStatus
from service.domain.errors import Conflict
from service.domain.forms.fields import article_title
from service.domain.rounds import Round, Stage
from service.domain.rules import rule
from service.domain.selection import Repeat
from service.domain.shortlists.models import LISTED, candidates

DECIDED = (Stage.NOTICE, Stage.APPROVAL, Stage.ANNOUNCED, Stage.CLOSED)
"""From its publication on a list counts for those that follow it; until then it may still be another."""
FINAL = (Stage.ANNOUNCED, Stage.CLOSED)

NOT_SET_UP = "{article}：须先确定本年度“{title}”名单，该名单的轮次还没有建立。请先建立并办理该轮次"
NOT_DECIDED = "{article}：须先确定“{title}”名单，该轮次目前处于“{stage}”阶段，名单公示后方可排定本名单"
NOT_FINAL = "{article}：“{title}”的名单还没有公布（目前处于“{stage}”阶段），须待其公布或者结束后再公布本名单"
HOLDER = "{division}已列入“{title}”名单"


Supposed = Mapping[str, Sequence[str]]
"""Round → codes of the divisions that would be on its list, instead of those that are."""


class ListAwaited(Conflict):
    """本名单还要等待：{why}。"""


class Preceding(NamedTuple):
    """One rule against repeats, and the round of the list that is decided first, where there is one."""

    rule: Mapping[str, Any]
    title: str
    round: Round | None


def of_round(session: Session, round_: Round) -> Iterator[Preceding]:
    """The lists of the same programme and year that this one waits for."""
    edition = editions.get(session, round_.edition_id)
    titles = {each["key"]: each["title"] for each in edition.document["tracks"]}
    for each in edition.selection.get("no_repeat", ()):
        if round_.track in each["tracks"]:
            where = (
                Round.programme == round_.programme,
                Round.year == round_.year,
                Round.track == each["against"],
            )
            yield Preceding(each, titles[each["against"]], session.scalar(select(Round).where(*where)))


def following(session: Session, round_: Round) -> list[Round]:
    """The rounds of the same programme and year whose lists this one's keeps divisions off."""
    rules = editions.get(session, round_.edition_id).selection.get("no_repeat", ())
    tracks = {track for each in rules if each["against"] == round_.track for track in each["tracks"]}
    where = (Round.programme == round_.programme, Round.year == round_.year, Round.track.in_(tracks))
    return list(session.scalars(select(Round).where(*where).order_by(Round.track)))


@rule("先确定一个名单，再据以确定另一个名单", "selection.no_repeat")
def awaited(session: Session, round_: Round, *, final: bool = False) -> str | None:
    """Why this list cannot be placed yet, or, where it is `final`, not be announced; None where it can."""
    for each in of_round(session, round_):
        article = article_title(each.rule["article"])
        if each.round is None:
            return NOT_SET_UP.format(article=article, title=each.title)
        said = {"article": article, "title": each.round.title, "stage": Stage(each.round.stage).label}
        if each.round.stage not in DECIDED:
            return NOT_DECIDED.format(**said)
        if final and each.round.stage not in FINAL:
            return NOT_FINAL.format(**said)
    return None


def warnings(session: Session, round_: Round) -> list[str]:
    """What a ranked round is still to wait for: before its list is placed, and before it is announced."""
    if round_.ranked_at is None or round_.stage in FINAL:
        return []
    why = awaited(session, round_, final=round_.stage == Stage.APPROVAL)
    return [ListAwaited(why=why).message] if why else []


def require_decided(session: Session, round_: Round, *, final: bool = False) -> None:
    """ListAwaited while a list that precedes this one is open."""
    if why := awaited(session, round_, final=final):
        raise ListAwaited(why=why)


@rule("所属地区已在先行名单上的，不再重复列入", "selection.no_repeat")
def repeats(session: Session, round_: Round, supposed: Supposed | None = None) -> list[Repeat]:
    """Whom the preceding lists, as they stand or are supposed to, keep off this one."""
    found = []
    for each in of_round(session, round_):
        if each.round is None:
            continue
        group, listed = each.rule["group"], (supposed or {}).get(each.round.id)
        if listed is None:
            listed = _listed(session, each.round)
        groups = divisions.groups(session, listed)
        names = divisions.full_names(session, listed)
        holders = {
            groups[code][group]: HOLDER.format(division=names[code], title=each.round.title)
            for code in listed
            if group in groups[code]
        }
        article = article_title(each.rule["article"])
        found.append(Repeat(group, holders, article, bool(each.rule.get("principle"))))
    return found


def _listed(session: Session, round_: Round) -> list[str]:
    """Codes of the divisions on a list as it stands: its awards once announced, nobody if it failed.

    Who is disqualified leaves the list when its notice ends, and keeps nobody off another until then.
    """
    if round_.stage == Stage.CLOSED:
        return []
    if round_.stage == Stage.ANNOUNCED:
        granted = awards.of_round(session, round_.id)
        return sorted(each.division_code for each in granted if each.status != AwardStatus.REVOKED)
    on_it = [each.application_id for each in candidates(session, round_, *LISTED)]
    leaving = objections.disqualified(session, on_it)
    staying = [each for each in on_it if each not in leaving]
    return sorted(applications.divisions_of(session, staying).values())
