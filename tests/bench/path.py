"""The path that every variant walks: an objection of the shipped edition, five user tasks."""

from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent.parent
EDITION = "miit_industry/2018"
PROCESS = ROOT / "processes/shared/objection.bpmn"


class Step(NamedTuple):
    """One completion."""

    element: str
    decision: str
    opinion: str
    form: str | None = None


PATH = (
    Step("consider", "accept", "署名反映，附有证据，予以受理。"),
    Step("verify", "report", "", "verification"),
    Step("decide_objection", "mendable", "系单位换算的笔误，可以整改。"),
    Step("mend", "submit", "已按统计公报更正，见所附材料。"),
    Step("confirm_mend", "agree", "整改合格。"),
)
VARIABLES: dict[str, Any] = {"objection_id": "", "notice_id": "", "application_id": "", "round_id": ""}
