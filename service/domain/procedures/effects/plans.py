"""Effects of user tasks on a plan, on its way to the approval."""

from collections.abc import Mapping
from typing import Any

from service.domain.errors import Invalid, Problem
from service.engine.services import Completion, Context, Result


class ReviewRefused(Invalid):
    """初审有 {count} 处不合格，不能报送。请退回修改，或者不予报送。"""


class TakingInRefused(Invalid):
    """收件审查有 {count} 项标为“否”，不能组织审查。请退回补正，或者不予受理。"""


class JudgementContradicted(Invalid):
    """审核意见与决定不一致。"""


def first_review(context: Context, completion: Completion) -> Result:
    """通知二: only what is complete and true, and meets the standards, goes up with the opinion."""
    if completion.decision != "agree":
        return None
    content: Mapping[str, Any] = completion.content["province_review"]
    problems = [
        Problem(f"/parts/{key}/complete", "这一部分不完整，初审不能合格。", "province_review")
        for key, row in content["parts"].items()
        if row["complete"] != "complete"
    ]
    problems += [
        Problem(f"/{key}", "这一项标为“否”，初审不能合格；已核实的，改为“是”。", "province_review")
        for key in ("quantified", "data_true", "documents_true")
        if not content[key]
    ]
    problems += [
        Problem(f"/standards/{key}/met", "不符合这一项选择标准，初审不能合格。", "province_review")
        for key, row in content["standards"].items()
        if row["met"] != "met"
    ]
    if problems:
        raise ReviewRefused(problems)
    return None


def take_in(context: Context, completion: Completion) -> Result:
    """通知三: the review begins with what is whole."""
    content = completion.content.get("intake", {})
    if completion.decision == "accept" and (missed := [key for key in _WHOLE if not content[key]]):
        message = "这一项标为“否”，不能组织审查；已核实的，改为“是”。"
        raise TakingInRefused([Problem(f"/{key}", message, "intake") for key in missed])
    return None


_WHOLE = ("plan", "review", "copies")


def judge(context: Context, completion: Completion) -> Result:
    """四(3)2: what meets the standards is proposed for approval, and nothing else."""
    satisfied = completion.content.get("assessment", {}).get("satisfied")
    if satisfied is None or satisfied == (completion.decision == "propose"):
        return None
    said = "“满足选择标准”选择了“是”" if satisfied else "“满足选择标准”选择了“否”"
    message = f"{said}，与所作的决定不一致；请改正其中一处。"
    raise JudgementContradicted([Problem("/satisfied", message, "assessment")])


EFFECTS = {
    "plans.first_review": first_review,
    "plans.judge": judge,
    "plans.take_in": take_in,
}
