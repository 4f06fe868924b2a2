"""What forms refuse. Each message is what the person reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from service.domain.forms.problems import Problem

if TYPE_CHECKING:
    from service.engine.definitions import Finding


class FormError(Exception):
    """表单无法处理。"""


class DefinitionRefused(FormError):
    """表单定义有误，请按提示逐条修改后再提交。"""

    def __init__(self, findings: "Sequence[Finding]") -> None:
        super().__init__("表单定义有误：" + "；".join(finding.message for finding in findings))
        self.findings = list(findings)


class RowsMissing(FormError):
    """表单需要的名单没有给出，请联系管理员检查流程与表单的对应关系。"""

    def __init__(self, form: str, source: str) -> None:
        super().__init__(f"表单“{form}”需要名单“{source}”，但没有给出；请联系管理员检查流程与表单的对应关系。")
        self.source = source


class ContentRefused(FormError):
    """表单内容不是可以接收的形式（过大、嵌套过深或不是一个对象），没有保存。"""


class FormProblems(FormError):
    """表单还有需要修改的地方，请按提示逐处修改后再提交。"""

    def __init__(self, form: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"表单“{form}”有 {len(problems)} 处需要修改，请按提示修改后再提交。")
        self.problems = list(problems)


class DraftChanged(FormError):
    """草稿已被他人修改，请先查看对方的内容再保存。"""

    def __init__(self, who: str | None, when: datetime | None, version: int) -> None:
        super().__init__("草稿已被他人修改，您的内容没有保存；请先刷新页面查看对方的内容，再重新填写。")
        self.who = who
        self.when = when
        self.version = version
