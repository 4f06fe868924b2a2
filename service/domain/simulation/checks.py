"""Checks: every invariant of a simulation, by key and title."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications
from service.domain.simulation import county_checks, list_checks, pilot_checks, round_checks, run_checks
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
    of_a_round, of_the_whole = _OF_A_ROUND, _OF_THE_WHOLE
    if "cycle" in rounds[0].parameters:  # Pilots are approved one by one, without a list.
        of_a_round = _OF_PILOTS
    elif applications.calls_upon(rounds[0].parameters):
        of_a_round, of_the_whole = _OF_COUNTIES, _OF_ANY
    checks = [
        Check(key, title, [sentence for facts in rounds for sentence in find(facts)])
        for key, title, find in of_a_round
    ]
    return checks + [Check(key, title, list(find(session, run))) for key, title, find in of_the_whole]


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
_OF_PILOTS: tuple[tuple[str, str, Callable[[Facts], Iterator[str]]], ...] = (
    ("intake", "申报在年度之内，计划单列市直接报送并抄送省级", pilot_checks.intake),
    ("evaluations", "打分份数足够，得分由打分表重新算出，回避的成员没有打分", pilot_checks.evaluations),
    ("approvals", "批复的都经过专家评估和司局审查、满足选择标准，并报领导小组", pilot_checks.approvals),
    ("targets", "目标是批复的实施方案自定的，只因同意的调整而改变", pilot_checks.targets),
    ("achievements", "完成率由目标和实际按方向重新算出", pilot_checks.achievements),
    ("milestones", "每年召开年度会议，中期评估和期末考核不早于规定的时间", pilot_checks.milestones),
    ("rectifications", "未达要求的限期整改，整改仍达不到要求的中止和通报取消", pilot_checks.rectifications),
    ("endings", "每个申报都已办结，并说明理由，台账与结果一致", pilot_checks.endings),
)
_OF_COUNTIES: tuple[tuple[str, str, Callable[[Facts], Iterator[str]]], ...] = (
    ("everybody", "列明的县（市、区）都自评，设区市都推荐", county_checks.everybody),
    ("filed", "目标任务在启动评价之前全部备案，评分用的是备案的目标", county_checks.filed),
    ("recommended", "每个设区市推荐一个，得分最高，上年度没有受激励", county_checks.recommended),
    ("points", "每一项得分、标准分、总分和名次由核定数重新算出", county_checks.points),
    ("proposed", "建议名单的差额事先记录，按名次列入，符合原则上的下限", county_checks.proposed),
    ("awards", "每年的激励名额全部用完，符合原则上的下限，按规定的渠道兑现一次", county_checks.awarded),
    ("endings", "每个县（市、区）都已办结，并说明理由", county_checks.endings),
)
_OF_ANY: tuple[tuple[str, str, Callable[[Session, Run], Iterator[str]]], ...] = (
    ("leftovers", "没有未结束的流程、任务、计时和消息", run_checks.leftovers),
    ("history", "办理记录的哈希链完整，各项数据与记录一致", run_checks.chain),
)
_OF_THE_WHOLE: tuple[tuple[str, str, Callable[[Session, Run], Iterator[str]]], ...] = (
    ("sanctions", "弄虚作假的按规定取消资格，其后的申报被拒绝", run_checks.sanctions),
    *_OF_ANY,
)
