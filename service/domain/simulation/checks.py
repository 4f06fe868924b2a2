"""Checks: every invariant of a simulation, by key and title."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain.simulation import list_checks, round_checks, run_checks
from service.domain.simulation.facts import Facts, gather
from service.domain.simulation.runs import Run


class Check(NamedTuple):
    """One invariant, and every sentence on how it is broken."""

    key: str
    title: str
    broken: list[str]


def check(session: Session, run: Run) -> list[Check]:
    """Every invariant over every round of the run."""
    rounds = [gather(session, run, round_id) for round_id in run.rounds]
    checks = [
        Check(key, title, [sentence for facts in rounds for sentence in find(facts)])
        for key, title, find in _OF_A_ROUND
    ]
    return checks + [Check(key, title, list(find(session, run))) for key, title, find in _OF_THE_WHOLE]


_OF_A_ROUND: tuple[tuple[str, str, Callable[[Facts], Iterator[str]]], ...] = (
    ("quota", "名额在规定范围内，在开始评分之前记录一次", round_checks.quota),
    ("committee", "评审委员会为单数，不少于规定人数，评分份数足够", round_checks.committee),
    ("scores", "得分和名次由评分表重新算出，回避的委员没有评分", round_checks.scores),
    ("order", "按名次入选，同分的由表决分出先后", list_checks.order),
    ("groups", "名单符合各组的上限和下限", list_checks.groups),
    ("repeats", "已列入先行名单的地区，其所属的没有重复列入", list_checks.repeats),
    ("entitlement", "名单上的都符合条件、获得推荐、已受理", round_checks.entitlement),
    ("cap", "推荐数不超过规定", round_checks.cap),
    ("notices", "公示满规定的工作日，异议都已办结", round_checks.notices),
    ("awards", "激励恰好授予公示无异议的名单，没有一个被取消资格", round_checks.awards),
    ("endings", "每个申报都已办结，并说明理由", round_checks.endings),
)
_OF_THE_WHOLE: tuple[tuple[str, str, Callable[[Session, Run], Iterator[str]]], ...] = (
    ("sanctions", "弄虚作假的按规定取消资格，其后的申报被拒绝", run_checks.sanctions),
    ("leftovers", "没有未结束的流程、任务、计时和消息", run_checks.leftovers),
    ("history", "办理记录的哈希链完整，各项数据与记录一致", run_checks.chain),
)
