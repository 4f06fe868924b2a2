"""Allowances: how many of its applications a recommending unit may recommend in one round.

`parameters.recommendation` of an edition:
    cap         null: any number; a number; or a share of the divisions below the unit, rounded down,
                `{share: "1/5", of: county, minimum: 1}`
    principle   true: “原则上”, so that a recorded approval allows more
    tracks      {track: {...}}: what differs in one list
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from service.domain import divisions, tracks
from service.domain.divisions import Division
from service.domain.errors import Invalid, Problem
from service.domain.rules import rule

RECOMMENDATION = "recommendation"
EXCEEDS, PRINCIPLE = "exceeds", "principle"
"""What the comparison asks only where more may be recommended, and the field that says whether they may."""
_REASON, _APPROVER = "excess_reason", "excess_approver"
_NUMBER, _DATE = "excess_number", "excess_date"


class Allowance(NamedTuple):
    """What one unit may recommend."""

    most: int | None
    """None where any number may be recommended."""
    principle: bool
    """Whether a recorded approval allows more."""
    below: int | None = None
    """Of how many divisions it is a share; None where it is none."""
    share: Fraction | None = None


class Excess(NamedTuple):
    """Why and by whose leave more are recommended than hold in principle."""

    reason: str
    approver: str
    document_number: str
    approved_on: date


class TooManyRecommended(Invalid):
    """本轮次每个推荐单位至多推荐 {cap} 个，现在选了 {chosen} 个。请减少推荐。"""

    place = "/applications"


class ExcessUnapproved(Invalid):
    """推荐数量原则上不超过 {cap} 个，现选了 {chosen} 个。请减少推荐；确需超过的，请写明理由和批准。"""


class NothingExceeded(Invalid):
    """推荐了 {chosen} 个，没有超过 {cap} 个。请把“推荐数量是否超过”改为“否”。"""


@rule("推荐数量不超过上限；按所辖行政区数计算的，舍去零头，不少于规定个数", "recommendation.cap")
def of_unit(session: Session, parameters: Mapping[str, Any], track: str, division_code: str) -> Allowance:
    """How many a unit may recommend in a track, by the divisions that stand today."""
    told = tracks.of_track(parameters, track)[RECOMMENDATION]
    cap, principle = told["cap"], bool(told.get("principle", False))
    if not isinstance(cap, Mapping):
        return Allowance(cap, principle)
    below = [each for each in divisions.children(session, division_code) if each.level == cap["of"]]
    share = Fraction(cap["share"])
    return Allowance(_part(len(below), share, int(cap["minimum"])), principle, len(below), share)


def _part(whole: int, share: Fraction, minimum: int) -> int:
    return max(minimum, int(whole * share))


@rule("“原则上”的推荐数量，经批准并记录后可以超过", "recommendation.principle")
def require(allowance: Allowance, chosen: int, excess: Excess | None) -> None:
    """TooManyRecommended, ExcessUnapproved where more are chosen; NothingExceeded where none are."""
    if allowance.most is None:
        return
    if chosen <= allowance.most:
        if excess is not None:
            raise NothingExceeded(_at(EXCEEDS), cap=allowance.most, chosen=chosen)
        return
    if not allowance.principle:
        raise TooManyRecommended(cap=allowance.most, chosen=chosen)
    if excess is None:
        raise ExcessUnapproved(_at(EXCEEDS), cap=allowance.most, chosen=chosen)


def excess(content: Mapping[str, Any]) -> Excess | None:
    """What the comparison says of it; None where nothing is exceeded, or the form does not ask."""
    if not content.get(EXCEEDS):
        return None
    return Excess(content[_REASON], content[_APPROVER], content[_NUMBER], date.fromisoformat(content[_DATE]))


def sentence(allowance: Allowance, unit: Division) -> str:
    """本市所辖12个…: what the unit reads before it compares; empty where nothing limits it."""
    if allowance.most is None:
        return ""
    most = f"{'原则上' if allowance.principle else ''}至多推荐 {allowance.most} 个。"
    if allowance.share is None:
        return most
    assert allowance.below is not None
    few = f"不足 {allowance.most} 个" if allowance.below * allowance.share < allowance.most else ""
    return f"{unit.name}所辖共 {allowance.below} 个，按 {allowance.share} 计算{few}，{most}"


def _at(key: str) -> list[Problem]:
    return [Problem(f"/{key}", "请核对推荐数量。", "selection")]
