"""How far a round is, and how it ended."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from service.domain.rules import rule


class Stage(StrEnum):
    """How far a round is; the order of the members is the order of the procedure."""

    OPENING = "opening"
    COLLECTING = "collecting"
    ROLLING = "rolling"
    INTAKE = "intake"
    COMMITTEE = "committee"
    SCORING = "scoring"
    DELIBERATION = "deliberation"
    NOTICE = "notice"
    APPROVAL = "approval"
    ANNOUNCED = "announced"
    CLOSED = "closed"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.OPENING: "待部署",
    Stage.COLLECTING: "申报推荐",
    Stage.ROLLING: "滚动受理",
    Stage.INTAKE: "受理审查",
    Stage.COMMITTEE: "组建评审委员会",
    Stage.SCORING: "评审打分",
    Stage.DELIBERATION: "研究确定",
    Stage.NOTICE: "公示",
    Stage.APPROVAL: "报批",
    Stage.ANNOUNCED: "已公布",
    Stage.CLOSED: "已结束（无入选）",
    Stage.ENDED: "已停止受理",
}

_ROLLING = (Stage.OPENING, Stage.ROLLING, Stage.ENDED)


@rule("轮次依次经过列明的环节", "stages")
def stages(parameters: Mapping[str, Any]) -> list[tuple[Stage, str]]:
    """The stages that a round of an edition passes when all goes well, in order, and what they are called."""
    if named := parameters.get("stages"):
        return [(stage, named[stage]) for stage in Stage if stage in named]
    return [(stage, stage.label) for stage in _usual(parameters)]


def _usual(parameters: Mapping[str, Any]) -> list[Stage]:
    if (parameters.get("intake") or {}).get("rolling"):
        return [*_ROLLING]
    return [stage for stage in Stage if stage not in (Stage.ROLLING, Stage.CLOSED, Stage.ENDED)]


RECEIVING = (Stage.COLLECTING, Stage.ROLLING)
"""Applications are taken, until a day that stands in the round."""


class Outcome(StrEnum):
    """How a round ended."""

    ANNOUNCED = "announced"
    NO_CANDIDATES = "no_candidates"
    NONE_LEFT = "none_left"
    NOT_APPROVED = "not_approved"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.ANNOUNCED: "已公布入选名单",
    Outcome.NO_CANDIDATES: "没有受理任何申报，本年度不遴选",
    Outcome.NONE_LEFT: "没有可以入选的申报，本年度不公布名单",
    Outcome.NOT_APPROVED: "批准机关未批复同意，本年度不公布名单",
    Outcome.ENDED: "本年度停止受理，已受理的申报继续办理",
}
