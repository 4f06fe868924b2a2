"""What forms refuse; each message is what the person reads."""

from datetime import datetime

from service.domain.errors import Conflict, DomainError, Invalid, Problem
from service.engine.lint.findings import Finding


class FormError(DomainError):
    """表单无法处理。"""


class DefinitionRefused(FormError, Invalid):
    """表单定义有 {count} 处错误，没有保存。"""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__([Problem(finding.element, finding.message + finding.mend) for finding in findings])
        self.findings = findings


class RowsMissing(FormError):
    """表单需要的名单“{source}”没有给出，请联系管理员检查流程与表单的对应关系。"""


class ParameterMissing(FormError):
    """表单引用的参数“{path}”不存在或不是数字，请联系管理员检查办法的参数。"""


class ContentRefused(FormError, Invalid):
    """表单内容无法接收，没有保存：{reason}"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class DraftChanged(FormError, Conflict):
    """草稿已被他人修改或提交，您的内容没有保存；请先刷新页面，查看对方填写的内容。"""

    def __init__(self, who: str | None, when: datetime | None, version: int) -> None:
        super().__init__()
        self.who = who
        """The person's id; None when the draft is gone."""
        self.when = when
        self.version = version
