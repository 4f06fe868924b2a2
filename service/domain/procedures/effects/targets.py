"""Effects of user tasks on a year's targets."""

from datetime import date

from service.domain import targets
from service.domain.procedures import keys
from service.engine.services import Completion, Context, Result


def fix_targets(context: Context, completion: Completion) -> Result:
    """The annex: every indicator with its target and the responsible department."""
    content = completion.content["indicators"]
    targets.fix(
        context,
        keys.target_year(context).id,
        content["indicators"],
        number=content["number"],
        issued_on=date.fromisoformat(content["date"]),
    )
    return None


def decompose_targets(context: Context, completion: Completion) -> Result:
    content = completion.content["city_targets"]
    targets.decompose(context, keys.target_year(context).id, content["targets"])
    return None


def submit_decomposition(context: Context, completion: Completion) -> Result:
    content, filing = completion.content["county_targets"], completion.content["filing"]
    targets.submit(
        context,
        keys.decomposition(context).id,
        content["targets"],
        number=content["number"],
        filing_number=filing["number"],
    )
    return None


def file_decomposition(context: Context, completion: Completion) -> Result:
    """备案, or sent back to the city for another try."""
    if completion.decision == "file":
        targets.file(context, keys.decomposition(context).id)
    return None


EFFECTS = {
    "targets.decompose": decompose_targets,
    "targets.file": file_decomposition,
    "targets.fix": fix_targets,
    "targets.submit": submit_decomposition,
}
