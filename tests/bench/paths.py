"""The paths that every variant walks: real processes of the shipped edition, user task by user task."""

from pathlib import Path as File
from typing import Any, NamedTuple

ROOT = File(__file__).parent.parent.parent
EDITION = "miit_industry/2018"


class Step(NamedTuple):
    """One completion."""

    element: str
    decision: str
    opinion: str = ""
    forms: tuple[str, ...] = ()


class Path(NamedTuple):
    """One way through one process."""

    title: str
    process: str
    file: File
    steps: tuple[Step, ...]
    variables: dict[str, Any]
    """What the instance starts with, in the yardstick that knows no domain."""
    results: dict[str, dict[str, Any]]
    """What the services return there."""


ANNEXES = ("report", "recommendation")
WAY_UP = Path(
    title="申报：两份附件填报两次，市、省审核，退回两次，放弃",
    process="application",
    file=ROOT / "processes/shared/application.bpmn",
    steps=(
        Step("fill_in", "submit", forms=ANNEXES),
        Step("city_review", "return", "主导产业销售收入与统计年鉴不一致，请核实后重报。"),
        Step("fill_in", "submit", forms=ANNEXES),
        Step("city_review", "agree", "材料齐全，数据与统计年鉴一致，同意。"),
        Step("province_review", "return", "示范期目标缺少测算依据，请补充。"),
        Step("fill_in", "withdraw"),
    ),
    variables={
        "has_city": True,
        "verified_by_statistics": False,
        "collection_ends": "2099-01-01T00:00:00+08:00",
    },
    results={"sanction": {"barred": False}, "eligibility": {"passed": True}},
)
OBJECTION = Path(
    title="异议：受理、核查、认定、整改、确认",
    process="objection",
    file=ROOT / "processes/shared/objection.bpmn",
    steps=(
        Step("consider", "accept", "署名反映，附有证据，予以受理。"),
        Step("verify", "report", forms=("verification",)),
        Step("decide_objection", "mendable", "系单位换算的笔误，可以整改。"),
        Step("mend", "submit", "已按统计公报更正，见所附材料。"),
        Step("confirm_mend", "agree", "整改合格。"),
    ),
    variables={"objection_id": "", "notice_id": "", "application_id": "", "round_id": ""},
    results={},
)
PATHS = (WAY_UP, OBJECTION)
