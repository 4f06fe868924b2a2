"""Effects of user tasks on the cycle of a pilot."""

from service.domain import cycles
from service.domain.cycles import Cycle, Stage, Verdict
from service.domain.procedures import keys
from service.engine.services import Completion, Context, Result


def assess(context: Context, completion: Completion) -> Result:
    """The ministry's verdict; the achievements are computed from the figures, not taken from the form."""
    stage = next(stage for stage in Stage if stage in completion.content)
    content = completion.content[stage]
    assessment = cycles.assess(context, _cycle(context), stage, content, context.parameters)
    return {"assessed": {"met": assessment.verdict == Verdict.MET}}


def pursue(context: Context, completion: Completion) -> Result:
    """What becomes of a report that did not come: it is urged again, or counts as unmet."""
    if completion.decision == "unmet":
        cycles.count_as_unmet(context, _cycle(context))
    return None


def order(context: Context, completion: Completion) -> Result:
    """The order to rectify, whose deadline bites."""
    ordered = cycles.order(context, _cycle(context), completion.content["rectification_order"])
    return {"ordered": {"ends": ordered.ends_at.isoformat(), "adjust": ordered.adjusts}}


def adjust(context: Context, completion: Completion) -> Result:
    """Whether the plan is changed as the city asks."""
    cycle = _cycle(context)
    stage = cycles.last_stage(context.session, cycle.application_id)
    cycles.adjust(context, cycle, stage, completion.content["adjustment"])
    return None


def check(context: Context, completion: Completion) -> Result:
    """Whether what was put right meets what was demanded."""
    verdict = Verdict(completion.content["rectification_report"]["conclusion"])
    cycles.settle(context, _cycle(context), verdict)
    return {"rectification": {"met": verdict == Verdict.MET}}


def cancel(context: Context, completion: Completion) -> Result:
    cycles.cancel(context, _cycle(context), completion.content["termination"])
    return None


def _cycle(context: Context) -> Cycle:
    return cycles.get(context.session, keys.application(context).id)


EFFECTS = {
    "cycles.adjust": adjust,
    "cycles.assess": assess,
    "cycles.cancel": cancel,
    "cycles.check": check,
    "cycles.order": order,
    "cycles.pursue": pursue,
}
