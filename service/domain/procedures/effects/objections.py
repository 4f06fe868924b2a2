"""Effects of user tasks on an objection."""

from service.domain import (
    forms,
    objections,
)
from service.domain.errors import Conflict
from service.domain.procedures import keys
from service.engine.services import Completion, Context, Result


class FindingContradicted(Conflict):
    """核查结论是{verified}，认定应与之一致。对结论有疑问的，请选择“退回重新核查”。"""


def consider_objection(context: Context, completion: Completion) -> Result:
    reason = keys.opinion(context, completion)
    objections.consider(context, keys.objection(context).id, completion.decision or "", reason)
    return None


def decide_objection(context: Context, completion: Completion) -> Result:
    """Whether there was fraud is what the verification found; who doubts it has it verified again."""
    reason = keys.opinion(context, completion)
    if completion.decision == "return":
        return None
    report = forms.latest(context.session, context.instance.business_key, "verification")
    assert report is not None
    if (report.content["conclusion"] == "fraud") != (completion.decision == "fraud"):
        raise FindingContradicted(verified=_FRAUD_OR_NOT[report.content["conclusion"] == "fraud"])
    objections.decide(context, keys.objection(context).id, completion.decision or "", reason)
    return None


_FRAUD_OR_NOT = {True: "存在弄虚作假", False: "不存在弄虚作假"}


EFFECTS = {
    "objections.consider": consider_objection,
    "objections.decide": decide_objection,
}
