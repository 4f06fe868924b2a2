"""What the facade refuses. What the engine refuses (closed, claimed, suspended) passes through it."""

from collections.abc import Mapping, Sequence

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from service.domain.forms import Problem as FormProblem


class UserTaskHidden(NotFound):
    """没有找到这项任务，或者您无权查看。"""


class NotYours(Forbidden):
    """这项任务由{owner}办理，您只能查看。"""


class ClaimReleased(Conflict):
    """您对“{name}”的签收{release}。{then}"""


class FormUnknown(NotFound):
    """这项任务没有可填写的表单“{form}”。"""


class FormInvalid(Invalid):
    """表单有 {count} 处需要改正，任务没有提交。"""

    def __init__(self, forms: Mapping[str, Sequence[FormProblem]]) -> None:
        self.forms = {key: list(problems) for key, problems in forms.items()}
        """Form key → errors and warnings, each at its JSON pointer."""
        super().__init__(
            [
                Problem(f"/{key}{problem.pointer}", problem.message)
                for key, problems in self.forms.items()
                for problem in problems
                if problem.severity == "error"
            ]
        )


class OpinionNeeded(Invalid):
    """请填写意见：作出“{decision}”的决定，须说明理由。"""

    place = "/opinion"


class FilesMissing(Invalid):
    """表单所列的附件“{names}”已不在本件附件中，请重新上传后再提交。"""

    place = "/forms"


class DraftChanged(Conflict):
    """草稿已由{who}于{when}修改，您的内容没有保存。请先刷新页面查看对方的内容，再重新填写。"""
